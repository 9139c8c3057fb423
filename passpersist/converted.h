// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_CONVERTED_H_
#define PASSPERSIST_CONVERTED_H_

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <type_traits>
#include <variant>

#include "absl/base/optimization.h"
#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace passpersist {

namespace value_internal {

// How a number fits a type.
enum class Fit : uint8_t { kFits, kSaturated, kOutOfRange, kNotFinite };

// A number of any C++ type, for messages.
using AnyNumber = std::variant<int64_t, uint64_t, double>;

struct NumberType {
  absl::string_view name;
  absl::int128 least;
  absl::int128 greatest;
};

// See Converted::status(). `value` is the nearest if `fit` is kSaturated.
absl::Status ConversionError(const AnyNumber& number, Fit fit,
                             const NumberType& type, absl::int128 value);

}  // namespace value_internal

// The result of FromNumber() and its variants: a value of T, or the reason why
// the number has no value. An std::optional that knows the reason, whose text
// status() makes on demand, so that a conversion costs little more than its
// comparisons.
//
// Contents::Put() and TableBuilder::Row::Set() take it, and report what does
// not fit.
//
// A value type.
template <typename T>
class [[nodiscard]] Converted {
 public:
  // A number that fits.
  explicit Converted(T value) : value_(value) {}

  // For the conversions: a number that does not fit.
  Converted(T value, value_internal::Fit fit, value_internal::AnyNumber number)
      : value_(value), fit_(fit), number_(number) {}

  // True if there is a value: the number fits, or was saturated.
  bool has_value() const { return fit_ <= value_internal::Fit::kSaturated; }
  explicit operator bool() const { return has_value(); }

  // Requires has_value().
  const T& operator*() const { return value_; }
  const T* operator->() const { return &value_; }

  // True if the number has a value of its own: it was not saturated.
  bool fits() const { return fit_ == value_internal::Fit::kFits; }

  // Returns OK if fits(), else
  //
  //   OutOfRange       "-5 is not a Counter64: 0..18446744073709551615"
  //                    "-5 is not a Gauge32: 0..4294967295; the nearest is 0"
  //   InvalidArgument  "nan is not an integer"
  absl::Status status() const {
    using Limits = std::numeric_limits<decltype(T::value)>;
    if (fits()) return absl::OkStatus();
    return value_internal::ConversionError(
        number_, fit_, {T::kName, Limits::min(), Limits::max()}, value_.value);
  }

  operator std::optional<T>() const {  // NOLINT: implicit
    return has_value() ? std::optional<T>(value_) : std::nullopt;
  }

  // For functions that return a value or an error.
  template <typename U,
            std::enable_if_t<std::is_convertible_v<T, U>, bool> = true>
  operator absl::StatusOr<U>() const {  // NOLINT: implicit
    if (!has_value()) return status();
    return value_;
  }

 private:
  T value_;
  value_internal::Fit fit_ = value_internal::Fit::kFits;
  value_internal::AnyNumber number_;
};

namespace value_internal {

// Enables a template for numbers and enumerations. A bool is neither: it is
// sent as a TruthValue, by Integer32::FromBool().
template <typename T>
constexpr bool kIsNumber =
    !std::is_same_v<T, bool> && (std::is_arithmetic_v<T> || std::is_enum_v<T>);
template <typename T>
using IfNumber = std::enable_if_t<kIsNumber<T>, bool>;

// Converts a number to int64_t, uint64_t, double or long double, without
// changing it.
template <typename T>
constexpr auto Widen(T number) {
  static_assert(std::is_floating_point_v<T> || sizeof(T) <= sizeof(int64_t),
                "an integer of at most 64 bits is expected");
  if constexpr (std::is_enum_v<T>) {
    return Widen(static_cast<std::underlying_type_t<T>>(number));
  } else if constexpr (std::is_same_v<T, long double>) {
    return number;
  } else if constexpr (std::is_floating_point_v<T>) {
    return static_cast<double>(number);
  } else if constexpr (std::is_signed_v<T>) {
    return static_cast<int64_t>(number);
  } else {
    return static_cast<uint64_t>(number);
  }
}

// True if `wide`, rounded, is an Int. `wide` is a result of Widen().
template <typename Int, typename Wide>
constexpr bool IsInRange(Wide wide) {
  using Limits = std::numeric_limits<Int>;
  if constexpr (std::is_floating_point_v<Wide>) {
    // A comparison with NaN is false. At the limits of 64-bit types a double
    // has no halves: there the additions change nothing.
    constexpr Wide kLeast = static_cast<Wide>(Limits::min());
    constexpr Wide kEnd = static_cast<Wide>(Limits::max()) + Wide{0.5};
    return (wide >= kLeast || wide > kLeast - Wide{0.5}) && wide < kEnd;
  } else if constexpr (std::is_unsigned_v<Wide>) {
    return wide <= static_cast<uint64_t>(Limits::max());
  } else if constexpr (std::is_same_v<Int, uint64_t>) {
    return wide >= 0;
  } else {
    return wide >= static_cast<int64_t>(Limits::min()) &&
           wide <= static_cast<int64_t>(Limits::max());
  }
}

// Rounds to the nearest Int, halves away from zero. Requires IsInRange().
template <typename Int, typename Wide>
constexpr Int Round(Wide wide) {
  auto whole = static_cast<Int>(wide);
  if constexpr (std::is_floating_point_v<Wide>) {
    // Exact: where an Int has more digits than a Wide, `wide` has no fraction.
    const Wide fraction = wide - static_cast<Wide>(whole);
    if (fraction >= Wide{0.5}) ++whole;
    if (fraction <= Wide{-0.5}) --whole;
  }
  return whole;
}

// Returns `number`, rounded, modulo 2^64.
uint64_t RoundAndWrap(long double number);

template <typename Wide>
bool IsFinite(Wide wide) {
  if constexpr (std::is_floating_point_v<Wide>) return std::isfinite(wide);
  return true;
}

template <typename T, typename Wide>
Converted<T> DoesNotFit(Wide wide, Fit fit, T value = T()) {
  if constexpr (std::is_same_v<Wide, long double>) {
    return Converted<T>(value, fit, static_cast<double>(wide));
  } else {
    return Converted<T>(value, fit, wide);
  }
}

// Converts a number to T, a struct with the members `value` and kName. A number
// that is not in the range of T has no value.
template <typename T, typename Number>
Converted<T> Convert(Number number) {
  using Int = decltype(T::value);
  const auto wide = Widen(number);
  if (ABSL_PREDICT_TRUE(IsInRange<Int>(wide))) {
    return Converted<T>(T{Round<Int>(wide)});
  }
  return DoesNotFit<T>(wide,
                       IsFinite(wide) ? Fit::kOutOfRange : Fit::kNotFinite);
}

// The same, but a finite number that is not in the range of T becomes the
// nearest value.
template <typename T, typename Number>
Converted<T> ConvertSaturated(Number number) {
  using Int = decltype(T::value);
  using Limits = std::numeric_limits<Int>;
  const auto wide = Widen(number);
  if (ABSL_PREDICT_TRUE(IsInRange<Int>(wide))) {
    return Converted<T>(T{Round<Int>(wide)});
  }
  if (!IsFinite(wide)) return DoesNotFit<T>(wide, Fit::kNotFinite);
  return DoesNotFit<T>(wide, Fit::kSaturated,
                       T{wide < 0 ? Limits::min() : Limits::max()});
}

// The same, but a finite number is taken modulo 2^32 or 2^64, the number of
// values of T, whose `value` is unsigned.
template <typename T, typename Number>
Converted<T> ConvertWrapped(Number number) {
  using Int = decltype(T::value);
  const auto wide = Widen(number);
  if constexpr (std::is_integral_v<decltype(wide)>) {
    return Converted<T>(T{static_cast<Int>(wide)});
  } else if (ABSL_PREDICT_TRUE(IsInRange<int64_t>(wide))) {
    return Converted<T>(T{static_cast<Int>(Round<int64_t>(wide))});
  } else if (IsFinite(wide)) {
    return Converted<T>(T{static_cast<Int>(RoundAndWrap(wide))});
  } else {
    return DoesNotFit<T>(wide, Fit::kNotFinite);
  }
}

}  // namespace value_internal

}  // namespace passpersist

#endif  // PASSPERSIST_CONVERTED_H_
