// SPDX-License-Identifier: Apache-2.0

#include "passpersist/converted.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/value.h"

namespace passpersist {
namespace {

using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;
using testing::Eq;
using testing::HasSubstr;
using testing::Optional;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr int64_t kMinInt64 = std::numeric_limits<int64_t>::min();
constexpr int64_t kMaxInt64 = std::numeric_limits<int64_t>::max();
constexpr uint64_t kMaxUint64 = std::numeric_limits<uint64_t>::max();
constexpr int32_t kMinInt32 = std::numeric_limits<int32_t>::min();
constexpr int32_t kMaxInt32 = std::numeric_limits<int32_t>::max();
constexpr uint32_t kMaxUint32 = std::numeric_limits<uint32_t>::max();

// The number in the value, or nullopt.
template <typename T>
auto NumberIn(const Converted<T>& converted) {
  return converted ? std::optional(converted->value) : std::nullopt;
}

// A number with a value of its own is converted without an error.
template <typename T>
auto Exact(const Converted<T>& converted) {
  EXPECT_TRUE(converted.fits());
  EXPECT_THAT(converted.status(), IsOk());
  return NumberIn(converted);
}

// A number that has no value, or not its own.
template <typename T>
auto Inexact(const Converted<T>& converted) {
  EXPECT_FALSE(converted.fits());
  EXPECT_FALSE(converted.status().ok());
  return NumberIn(converted);
}

template <typename T>
class FromNumberTest : public testing::Test {};

using NumberTypes =
    testing::Types<Integer32, Counter32, Counter64, Gauge32, TimeTicks>;
TYPED_TEST_SUITE(FromNumberTest, NumberTypes);

// --- FromNumber(): one rule for all types ---

TYPED_TEST(FromNumberTest, AcceptsEveryIntegerOfItsRange) {
  using Limits = std::numeric_limits<decltype(TypeParam::value)>;
  for (const auto number : {Limits::min(), Limits::max()}) {
    EXPECT_EQ(Exact(TypeParam::FromNumber(number)), number);
  }
  EXPECT_THAT(Exact(TypeParam::FromNumber(uint64_t{7})), Optional(Eq(7)));
  EXPECT_THAT(Exact(TypeParam::FromNumber(int8_t{7})), Optional(Eq(7)));
  EXPECT_THAT(Exact(TypeParam::FromNumber('a')), Optional(Eq(97)));
  EXPECT_THAT(Exact(TypeParam::FromNumber(7.0f)), Optional(Eq(7)));
  EXPECT_THAT(Exact(TypeParam::FromNumber(7.0L)), Optional(Eq(7)));
}

TYPED_TEST(FromNumberTest, RefusesWhatIsJustOutOfItsRange) {
  using Limits = std::numeric_limits<decltype(TypeParam::value)>;
  const auto below = static_cast<long double>(Limits::min()) - 1;
  const auto above = static_cast<long double>(Limits::max()) + 1;
  EXPECT_EQ(Inexact(TypeParam::FromNumber(below)), std::nullopt);
  EXPECT_EQ(Inexact(TypeParam::FromNumber(above)), std::nullopt);
  EXPECT_EQ(Inexact(TypeParam::FromNumber(static_cast<double>(above))),
            std::nullopt);
  EXPECT_EQ(Inexact(TypeParam::FromNumber(kMinInt64)), std::nullopt);
  for (const double huge : {1e30, -1e30, 1e300, -1e300}) {
    EXPECT_EQ(Inexact(TypeParam::FromNumber(huge)), std::nullopt) << huge;
  }
}

TYPED_TEST(FromNumberTest, RoundsToTheNearestHalvesAwayFromZero) {
  EXPECT_THAT(Exact(TypeParam::FromNumber(0.29 * 100)), Optional(Eq(29)));
  EXPECT_THAT(Exact(TypeParam::FromNumber(4.35 * 100)), Optional(Eq(435)));
  EXPECT_THAT(Exact(TypeParam::FromNumber(2.5)), Optional(Eq(3)));
  EXPECT_THAT(Exact(TypeParam::FromNumber(2.5f)), Optional(Eq(3)));
  EXPECT_THAT(Exact(TypeParam::FromNumber(2.5L)), Optional(Eq(3)));
  EXPECT_THAT(Exact(TypeParam::FromNumber(2.4999)), Optional(Eq(2)));
  EXPECT_THAT(Exact(TypeParam::FromNumber(std::nextafter(0.5, 0))),
              Optional(Eq(0)));
  EXPECT_THAT(Exact(TypeParam::FromNumber(-0.49)), Optional(Eq(0)));
  EXPECT_THAT(Exact(TypeParam::FromNumber(-0.0)), Optional(Eq(0)));
}

// The limits of 64 bits have no neighbours with a half.
TYPED_TEST(FromNumberTest, RoundsBeforeItComparesWithTheRange) {
  using Limits = std::numeric_limits<decltype(TypeParam::value)>;
  constexpr auto kLeast = static_cast<double>(Limits::min());
  EXPECT_EQ(Exact(TypeParam::FromNumber(kLeast - 0.25)), Limits::min());
  EXPECT_EQ(Inexact(TypeParam::FromNumber(kLeast - 0.5)), std::nullopt);
  if constexpr (sizeof(TypeParam) == sizeof(uint32_t)) {
    constexpr auto kGreatest = static_cast<double>(Limits::max());
    EXPECT_EQ(Exact(TypeParam::FromNumber(kGreatest + 0.25)), Limits::max());
    EXPECT_EQ(Inexact(TypeParam::FromNumber(kGreatest + 0.5)), std::nullopt);
  }
}

TYPED_TEST(FromNumberTest, RefusesInfinitiesAndNanAndNamesThem) {
  const auto refuses = [](const auto& number, const std::string& name) {
    const auto converted = TypeParam::FromNumber(number);
    EXPECT_EQ(Inexact(converted), std::nullopt);
    EXPECT_THAT(converted.status(), StatusIs(absl::StatusCode::kInvalidArgument,
                                             name + " is not an integer"));
  };
  refuses(kInfinity, "inf");
  refuses(-kInfinity, "-inf");
  refuses(static_cast<float>(kInfinity), "inf");
  refuses(kNan, "nan");
  refuses(std::nanf(""), "nan");
  refuses(std::nanl(""), "nan");
}

TYPED_TEST(FromNumberTest, AcceptsEnumerations) {
  enum Plain { kPlain = 5 };
  enum class Scoped : int64_t { kFits = 6, kTooLow = kMinInt64 };
  EXPECT_THAT(Exact(TypeParam::FromNumber(kPlain)), Optional(Eq(5)));
  EXPECT_THAT(Exact(TypeParam::FromNumber(Scoped::kFits)), Optional(Eq(6)));
  EXPECT_EQ(Inexact(TypeParam::FromNumber(Scoped::kTooLow)), std::nullopt);
}

template <typename Type, typename Number, typename = void>
constexpr bool kConvertsFrom = false;
template <typename Type, typename Number>
constexpr bool kConvertsFrom<
    Type, Number,
    std::void_t<decltype(Type::FromNumber(std::declval<Number>()))>> = true;

TYPED_TEST(FromNumberTest, DoesNotCompileForABool) {
  static_assert(kConvertsFrom<TypeParam, int>);
  static_assert(kConvertsFrom<TypeParam, double>);
  static_assert(!kConvertsFrom<TypeParam, bool>);
  static_assert(!kConvertsFrom<TypeParam, void*>);
}

TEST(ConvertedTest, NamesTheNumberTheTypeAndTheRange) {
  const auto error_of = [](const auto& converted) {
    return std::string(converted.status().message());
  };
  EXPECT_EQ(error_of(Integer32::FromNumber(2147483648LL)),
            "2147483648 is not an Integer32: -2147483648..2147483647");
  EXPECT_EQ(error_of(Integer32::FromNumber(-2147483649.0)),
            "-2147483649 is not an Integer32: -2147483648..2147483647");
  EXPECT_EQ(error_of(Integer32::FromNumber(kMaxUint64)),
            "18446744073709551615 is not an Integer32: "
            "-2147483648..2147483647");
  EXPECT_EQ(error_of(Counter32::FromNumber(kMinInt64)),
            "-9223372036854775808 is not a Counter32: 0..4294967295");
  EXPECT_EQ(error_of(Counter64::FromNumber(-0.75)),
            "-0.75 is not a Counter64: 0..18446744073709551615");
  EXPECT_EQ(error_of(TimeTicks::FromNumber(1e30f)),
            "1.00000001504747e+30 is not a TimeTicks: 0..4294967295");
}

// --- FromNumberSaturated() ---

TEST(FromNumberSaturatedTest, BecomesTheNearestValueWhichIsAnError) {
  const auto gauge = [](auto n) { return Gauge32::FromNumberSaturated(n); };
  EXPECT_EQ(Exact(gauge(kMaxUint32)), kMaxUint32);
  EXPECT_EQ(Inexact(gauge(uint64_t{1} << 32)), kMaxUint32);
  EXPECT_EQ(Inexact(gauge(kMaxUint64)), kMaxUint32);
  EXPECT_EQ(Inexact(gauge(1e300)), kMaxUint32);
  EXPECT_EQ(Exact(gauge(0)), 0u);
  EXPECT_EQ(Inexact(gauge(-1)), 0u);
  EXPECT_EQ(Inexact(gauge(kMinInt64)), 0u);
  EXPECT_EQ(Inexact(gauge(-1e300L)), 0u);
  EXPECT_EQ(Exact(gauge(99.5)), 100u);
  EXPECT_EQ(Exact(gauge(-0.25)), 0u);
  EXPECT_THAT(gauge(-5).status(),
              StatusIs(absl::StatusCode::kOutOfRange,
                       "-5 is not a Gauge32: 0..4294967295; the nearest is 0"));
  EXPECT_EQ(Inexact(Integer32::FromNumberSaturated(5e9)), kMaxInt32);
  EXPECT_EQ(Inexact(Integer32::FromNumberSaturated(kMinInt64)), kMinInt32);
  EXPECT_EQ(Unsigned32::FromNumberSaturated(5)->value, 5u);
}

TEST(FromNumberSaturatedTest, RefusesInfinitiesAndNan) {
  for (const double number : {kInfinity, -kInfinity, kNan}) {
    EXPECT_EQ(Inexact(Gauge32::FromNumberSaturated(number)), std::nullopt);
    EXPECT_EQ(Inexact(Integer32::FromNumberSaturated(number)), std::nullopt);
  }
}

// --- FromNumberWrapped() ---

TEST(FromNumberWrappedTest, WrapsModulo2To32) {
  const auto counter = [](auto n) { return Counter32::FromNumberWrapped(n); };
  EXPECT_EQ(Exact(counter(kMaxUint32)), kMaxUint32);
  EXPECT_EQ(Exact(counter(uint64_t{1} << 32)), 0u);
  EXPECT_EQ(Exact(counter((uint64_t{5} << 32) + 7)), 7u);
  EXPECT_EQ(Exact(counter(kMaxUint64)), kMaxUint32);
  EXPECT_EQ(Exact(counter(-1)), kMaxUint32);
  EXPECT_EQ(Exact(counter(kMinInt64)), 0u);
  EXPECT_EQ(Exact(counter(4294967298.5)), 3u);
  EXPECT_EQ(Exact(counter(-1.5)), kMaxUint32 - 1);
  EXPECT_EQ(Exact(counter(0x1p70 + 0x1p30)), uint32_t{1} << 30);
  EXPECT_EQ(Exact(TimeTicks::FromNumberWrapped((int64_t{1} << 32) + 5)), 5u);
}

TEST(FromNumberWrappedTest, WrapsModulo2To64) {
  const auto counter = [](auto n) { return Counter64::FromNumberWrapped(n); };
  EXPECT_EQ(Exact(counter(kMaxUint64)), kMaxUint64);
  EXPECT_EQ(Exact(counter(-1)), kMaxUint64);
  EXPECT_EQ(Exact(counter(-1.0)), kMaxUint64);
  EXPECT_EQ(Exact(counter(kMinInt64)), uint64_t{1} << 63);
  EXPECT_EQ(Exact(counter(0x1p63)), uint64_t{1} << 63);
  EXPECT_EQ(Exact(counter(0x1p64)), 0u);
  EXPECT_EQ(Exact(counter(0x1p64 + 0x1p20)), uint64_t{1} << 20);
  EXPECT_EQ(Exact(counter(-0x1p64 - 0x1p20)), kMaxUint64 - (1 << 20) + 1);
  EXPECT_EQ(Exact(counter(1e300)), 0u) << "a multiple of 2^64";
  EXPECT_EQ(Exact(counter(static_cast<long double>(kMaxInt64))),
            uint64_t{kMaxInt64});
}

TEST(FromNumberWrappedTest, RefusesInfinitiesAndNan) {
  for (const double number : {kInfinity, -kInfinity, kNan}) {
    EXPECT_EQ(Inexact(Counter32::FromNumberWrapped(number)), std::nullopt);
    EXPECT_EQ(Inexact(Counter64::FromNumberWrapped(number)), std::nullopt);
    EXPECT_EQ(Inexact(TimeTicks::FromNumberWrapped(number)), std::nullopt);
  }
}

// --- FromBool() ---

template <typename T, typename = void>
constexpr bool kIsTruthValue = false;
template <typename T>
constexpr bool kIsTruthValue<
    T, std::void_t<decltype(Integer32::FromBool(std::declval<T>()))>> = true;

TEST(FromBoolTest, IsATruthValue) {
  EXPECT_EQ(Integer32::FromBool(true).value, 1);
  EXPECT_EQ(Integer32::FromBool(false).value, 2);
  static_assert(kIsTruthValue<bool>);
  static_assert(!kIsTruthValue<int>);
  static_assert(!kIsTruthValue<const char*>);
}

// --- Conversions of the result ---

TEST(ConvertedTest, BecomesAnOptionalOrAStatusOr) {
  const std::optional<Gauge32> good = Gauge32::FromNumber(5);
  EXPECT_EQ(good, Gauge32{5});
  const std::optional<Gauge32> bad = Gauge32::FromNumber(-5);
  EXPECT_EQ(bad, std::nullopt);
  const std::optional<Gauge32> saturated = Gauge32::FromNumberSaturated(-5);
  EXPECT_EQ(saturated, Gauge32{0});
  const auto value_of = [](auto n) -> absl::StatusOr<Value> {
    return Integer32::FromNumber(n);
  };
  EXPECT_EQ(value_of(5).value(), Value(Integer32{5}));
  EXPECT_THAT(value_of(5e9),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("5000000000")));
  const absl::StatusOr<Gauge32> zero = Gauge32::FromNumberSaturated(-5);
  EXPECT_EQ(zero.value(), Gauge32{0});
}

}  // namespace
}  // namespace passpersist
