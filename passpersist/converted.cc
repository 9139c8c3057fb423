// SPDX-License-Identifier: Apache-2.0

#include "passpersist/converted.h"

#include <sstream>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace passpersist::value_internal {
namespace {

std::string ToText(const AnyNumber& number) {
  struct {
    // Enough digits for a number that just misses the range of 32 bits.
    std::string operator()(double n) { return absl::StrFormat("%.15g", n); }
    std::string operator()(int64_t n) { return absl::StrCat(n); }
    std::string operator()(uint64_t n) { return absl::StrCat(n); }
  } text;
  return std::visit(text, number);
}

}  // namespace

absl::Status ConversionError(const AnyNumber& number, Fit fit,
                             const NumberType& type, absl::int128 value) {
  if (fit == Fit::kNotFinite) {
    return absl::InvalidArgumentError(
        absl::StrCat(ToText(number), " is not an integer"));
  }
  std::ostringstream text;  // StrCat() does not print absl::int128
  text << ToText(number) << " is not "
       << (absl::StrContains("IU", type.name[0]) ? "an " : "a ") << type.name
       << ": " << type.least << ".." << type.greatest;
  if (fit == Fit::kSaturated) text << "; the nearest is " << value;
  return absl::OutOfRangeError(text.str());
}

uint64_t RoundAndWrap(long double number) {
  const long double rest = std::fmod(std::round(number), 0x1p64L);
  // The difference from 2^64 is taken as an integer, since a long double may
  // have less than 64 binary digits.
  if (rest < 0) return uint64_t{0} - static_cast<uint64_t>(-rest);
  return static_cast<uint64_t>(rest);
}

}  // namespace passpersist::value_internal
