// SPDX-License-Identifier: Apache-2.0

#include "passpersist/value.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"

namespace passpersist {
namespace {

using passpersist_testing::StatusIs;
using testing::HasSubstr;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr int64_t kMinInt64 = std::numeric_limits<int64_t>::min();
constexpr uint64_t kMaxUint64 = std::numeric_limits<uint64_t>::max();
constexpr uint32_t kMaxUint32 = std::numeric_limits<uint32_t>::max();

// --- Numbers ---

TEST(Integer32Test, AcceptsNumbersThatFit) {
  EXPECT_EQ(Integer32::FromNumber(0)->value, 0);
  EXPECT_EQ(Integer32::FromNumber(2147483647)->value, 2147483647);
  EXPECT_EQ(Integer32::FromNumber(-2147483648LL)->value, -2147483648LL);
  EXPECT_EQ(Integer32::FromNumber(uint64_t{7})->value, 7);
  EXPECT_EQ(Integer32::FromNumber('a')->value, 97);
  EXPECT_EQ(Integer32::FromNumber(true)->value, 1);
}

TEST(Integer32Test, RefusesNumbersThatDoNotFitAndNamesThem) {
  EXPECT_THAT(
      Integer32::FromNumber(2147483648LL),
      StatusIs(absl::StatusCode::kOutOfRange,
               "2147483648 is not an Integer32: -2147483648..2147483647"));
  EXPECT_THAT(Integer32::FromNumber(-2147483649LL),
              StatusIs(absl::StatusCode::kOutOfRange,
                       HasSubstr("-2147483649 is not an Integer32")));
  EXPECT_THAT(Integer32::FromNumber(kMaxUint64),
              StatusIs(absl::StatusCode::kOutOfRange,
                       HasSubstr("18446744073709551615")));
  EXPECT_THAT(Integer32::FromNumber(kMinInt64),
              StatusIs(absl::StatusCode::kOutOfRange,
                       HasSubstr("-9223372036854775808")));
}

TEST(Integer32Test, TruncatesFloatingPointTowardsZero) {
  EXPECT_EQ(Integer32::FromNumber(1.9)->value, 1);
  EXPECT_EQ(Integer32::FromNumber(-1.9)->value, -1);
  EXPECT_EQ(Integer32::FromNumber(2147483647.9)->value, 2147483647);
  EXPECT_EQ(Integer32::FromNumber(-2147483648.9)->value, -2147483648LL);
  EXPECT_THAT(Integer32::FromNumber(2147483648.0),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("2147483648")));
  EXPECT_THAT(Integer32::FromNumber(1e30f),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("10000000")));
  for (const double number : {1e300, -1e300}) {
    EXPECT_EQ(Integer32::FromNumber(number).status().code(),
              absl::StatusCode::kOutOfRange)
        << number;
  }
}

TEST(Integer32Test, RefusesInfinitiesAndNanAndNamesThem) {
  const auto refuses = [](const std::string& name) {
    return StatusIs(absl::StatusCode::kInvalidArgument,
                    name + " is not an integer");
  };
  EXPECT_THAT(Integer32::FromNumber(kInfinity), refuses("inf"));
  EXPECT_THAT(Integer32::FromNumber(-kInfinity), refuses("-inf"));
  EXPECT_THAT(Integer32::FromNumber(static_cast<float>(kInfinity)),
              refuses("inf"));
  EXPECT_THAT(Integer32::FromNumber(std::nanl("")), refuses("nan"));
}

TEST(Counter32Test, WrapsModulo2To32) {
  EXPECT_EQ(Counter32::FromNumber(kMaxUint32).value, kMaxUint32);
  EXPECT_EQ(Counter32::FromNumber(uint64_t{1} << 32).value, 0u);
  EXPECT_EQ(Counter32::FromNumber((uint64_t{5} << 32) + 7).value, 7u);
  EXPECT_EQ(Counter32::FromNumber(kMaxUint64).value, kMaxUint32);
  EXPECT_EQ(Counter32::FromNumber(-1).value, kMaxUint32);
  EXPECT_EQ(Counter32::FromNumber(kMinInt64).value, 0u);
  EXPECT_EQ(Counter32::FromNumber(4294967298.7).value, 2u);
  EXPECT_EQ(Counter32::FromNumber(-1.5).value, kMaxUint32);
}

TEST(Counter64Test, WrapsModulo2To64) {
  EXPECT_EQ(Counter64::FromNumber(kMaxUint64).value, kMaxUint64);
  EXPECT_EQ(Counter64::FromNumber(-1).value, kMaxUint64);
  EXPECT_EQ(Counter64::FromNumber(kMinInt64).value, uint64_t{1} << 63);
  EXPECT_EQ(Counter64::FromNumber(0x1p64).value, 0u);
  EXPECT_EQ(Counter64::FromNumber(0x1p64 + 0x1p20).value, uint64_t{1} << 20);
}

TEST(Gauge32Test, LatchesAtItsBounds) {
  EXPECT_EQ(Gauge32::FromNumber(kMaxUint32).value, kMaxUint32);
  EXPECT_EQ(Gauge32::FromNumber(uint64_t{1} << 32).value, kMaxUint32);
  EXPECT_EQ(Gauge32::FromNumber(kMaxUint64).value, kMaxUint32);
  EXPECT_EQ(Gauge32::FromNumber(0).value, 0u);
  EXPECT_EQ(Gauge32::FromNumber(-1).value, 0u);
  EXPECT_EQ(Gauge32::FromNumber(kMinInt64).value, 0u);
  EXPECT_EQ(Gauge32::FromNumber(99.99).value, 99u);
  EXPECT_EQ(Gauge32::FromNumber(-0.5).value, 0u);
  EXPECT_EQ(Gauge32::FromNumber(kInfinity).value, kMaxUint32);
  EXPECT_EQ(Gauge32::FromNumber(-kInfinity).value, 0u);
  EXPECT_EQ(Gauge32::FromNumber(std::numeric_limits<float>::max()).value,
            kMaxUint32);
  EXPECT_EQ(Unsigned32::FromNumber(5).value, 5u);
}

TEST(ValueTest, NanBecomes0InTypesThatRefuseNothing) {
  EXPECT_EQ(Counter32::FromNumber(kNan).value, 0u);
  EXPECT_EQ(Counter64::FromNumber(-kNan).value, 0u);
  EXPECT_EQ(Gauge32::FromNumber(std::nanf("")).value, 0u);
  EXPECT_EQ(TimeTicks::FromNumber(std::nanl("")).value, 0u);
}

TEST(ValueTest, InfinityBecomes0InTypesThatWrap) {
  EXPECT_EQ(Counter32::FromNumber(kInfinity).value, 0u);
  EXPECT_EQ(Counter64::FromNumber(-kInfinity).value, 0u);
  EXPECT_EQ(TimeTicks::FromNumber(kInfinity).value, 0u);
}

TEST(TimeTicksTest, WrapsANumberOfHundredths) {
  EXPECT_EQ(TimeTicks::FromNumber(123).value, 123u);
  EXPECT_EQ(TimeTicks::FromNumber((int64_t{1} << 32) + 5).value, 5u);
}

TEST(TimeTicksTest, TruncatesADurationToHundredths) {
  EXPECT_EQ(TimeTicks::FromDuration(absl::Seconds(3)).value, 300u);
  EXPECT_EQ(TimeTicks::FromDuration(absl::Milliseconds(19)).value, 1u);
  EXPECT_EQ(TimeTicks::FromDuration(absl::Nanoseconds(9'999'999)).value, 0u);
  EXPECT_EQ(TimeTicks::FromDuration(absl::ZeroDuration()).value, 0u);
}

TEST(TimeTicksTest, WrapsADurationOfMoreThan497Days) {
  EXPECT_EQ(
      TimeTicks::FromDuration(absl::Milliseconds(10) * 4294967295LL).value,
      kMaxUint32);
  EXPECT_EQ(
      TimeTicks::FromDuration(absl::Milliseconds(10) * 4294967296LL).value, 0u);
  EXPECT_EQ(TimeTicks::FromDuration(absl::Hours(24) * 500).value,
            uint64_t{500} * 24 * 3600 * 100 - (uint64_t{1} << 32));
}

TEST(TimeTicksTest, ANegativeDurationBecomes0AndAnInfiniteDurationTheMaximum) {
  EXPECT_EQ(TimeTicks::FromDuration(-absl::Seconds(1)).value, 0u);
  EXPECT_EQ(TimeTicks::FromDuration(-absl::InfiniteDuration()).value, 0u);
  EXPECT_EQ(TimeTicks::FromDuration(absl::InfiniteDuration()).value,
            kMaxUint32);
}

TEST(TimeTicksTest, ConvertsToADuration) {
  EXPECT_EQ(TimeTicks{150}.ToDuration(), absl::Milliseconds(1500));
  EXPECT_EQ(TimeTicks{kMaxUint32}.ToDuration(),
            absl::Milliseconds(42949672950));
}

// --- The variant ---

TEST(ValueTest, DiffersByTypeAndByValue) {
  EXPECT_TRUE(Value(Counter32{1}) == Value(Counter32{1}));
  EXPECT_TRUE(Value(Counter32{1}) != Value(Counter32{2}));
  EXPECT_TRUE(Value(Counter32{1}) != Value(Gauge32{1}));
  EXPECT_TRUE(Value(OctetString{"a"}) != Value(Opaque{"a"}));
}

struct Example {
  Value value;
  std::string type;
  std::string text;
};

const std::vector<Example>& Examples() {
  static const auto* const examples = new std::vector<Example>{
      {Integer32{-5}, "Integer32", "Integer32 -5"},
      {Counter32{kMaxUint32}, "Counter32", "Counter32 4294967295"},
      {Counter64{kMaxUint64}, "Counter64", "Counter64 18446744073709551615"},
      {Gauge32{42}, "Gauge32", "Gauge32 42"},
      {TimeTicks{100}, "TimeTicks", "TimeTicks 100"},
      {IpAddress{{10, 0, 0, 255}}, "IpAddress", "IpAddress 10.0.0.255"},
      {ObjectIdentifier{{1, 3}}, "ObjectIdentifier", "ObjectIdentifier .1.3"},
      {OctetString{"eth0"}, "OctetString", "OctetString \"eth0\""},
      {OctetString{}, "OctetString", "OctetString \"\""},
      {OctetString{"\"\n\xff"}, "OctetString", "OctetString \"\\\"\\n\\xff\""},
      {Opaque::FromFloat(1.5f), "Opaque", "Opaque 1.5"},
      {Opaque::FromDouble(-2.5), "Opaque", "Opaque -2.5"},
      {Opaque::FromInteger64(-5), "Opaque", "Opaque -5"},
      {Opaque::FromUnsigned64(5), "Opaque", "Opaque 5"},
      {Opaque{"\xde\xad"}, "Opaque", "Opaque dead"},
      {Opaque{}, "Opaque", "Opaque"},
  };
  return *examples;
}

TEST(ValueTest, HasANameForEachTypeAndATextForPeople) {
  for (const Example& example : Examples()) {
    EXPECT_EQ(TypeName(example.value), example.type);
    EXPECT_EQ(ToString(example.value), example.text);
  }
}

}  // namespace
}  // namespace passpersist
