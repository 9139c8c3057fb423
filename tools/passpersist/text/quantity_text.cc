// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/text/quantity_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"

namespace passpersist::tool {
namespace {

// Three digits, or more if the integer part has more. Rounding adds a digit to
// numbers from these thresholds on.
std::string ThreeDigits(double number) {
  const int digits = number < 9.995 ? 2 : number < 99.95 ? 1 : 0;
  return absl::StrFormat("%.*f", digits, number);
}

// "2m05s"
std::string TwoUnits(absl::Duration duration, absl::Duration large,
                     absl::string_view large_name, absl::Duration small,
                     absl::string_view small_name) {
  absl::Duration rest;
  const int64_t count = absl::IDivDuration(duration, large, &rest);
  return absl::StrFormat("%d%s%02d%s", count, large_name, rest / small,
                         small_name);
}

}  // namespace

std::string DurationText(absl::Duration duration) {
  const auto in = [duration](absl::Duration unit) {
    return absl::FDivDuration(duration, unit);
  };
  if (duration < absl::ZeroDuration()) {
    return absl::StrCat("-", DurationText(-duration));
  }
  if (duration == absl::ZeroDuration()) return "0s";
  if (duration == absl::InfiniteDuration()) return "inf";
  if (in(absl::Microseconds(1)) < 1) {
    return absl::StrFormat("%.0fns", in(absl::Nanoseconds(1)));
  }
  if (in(absl::Milliseconds(1)) < 0.9995) {
    return absl::StrCat(ThreeDigits(in(absl::Microseconds(1))), "us");
  }
  if (in(absl::Seconds(1)) < 0.9995) {
    return absl::StrCat(ThreeDigits(in(absl::Milliseconds(1))), "ms");
  }
  if (in(absl::Minutes(1)) < 0.9995) {
    return absl::StrCat(ThreeDigits(in(absl::Seconds(1))), "s");
  }
  if (in(absl::Hours(1)) < 1) {
    return TwoUnits(duration, absl::Minutes(1), "m", absl::Seconds(1), "s");
  }
  if (in(absl::Hours(24)) < 1) {
    return TwoUnits(duration, absl::Hours(1), "h", absl::Minutes(1), "m");
  }
  return TwoUnits(duration, absl::Hours(24), "d", absl::Hours(1), "h");
}

std::string BytesText(uint64_t bytes) {
  static constexpr absl::string_view kUnits[] = {"kB", "MB", "GB", "TB"};
  if (bytes < 1000) return absl::StrCat(bytes, " B");
  double number = static_cast<double>(bytes);
  absl::string_view unit;
  for (const absl::string_view next : kUnits) {
    number /= 1000;
    unit = next;
    if (number < 999.5) break;
  }
  return absl::StrCat(ThreeDigits(number), " ", unit);
}

std::string InstancesText(uint64_t count) {
  return absl::StrCat(count, count == 1 ? " instance" : " instances");
}

std::string RateText(double rate) {
  return rate == 0 ? "0" : ThreeDigits(rate);
}

}  // namespace passpersist::tool
