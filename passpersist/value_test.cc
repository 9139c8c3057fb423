// SPDX-License-Identifier: Apache-2.0

#include "passpersist/value.h"

#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace passpersist {
namespace {

constexpr uint64_t kMaxUint64 = std::numeric_limits<uint64_t>::max();
constexpr uint32_t kMaxUint32 = std::numeric_limits<uint32_t>::max();

// --- Durations ---

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

// --- Numbers ---

template <typename T>
class NumberTest : public testing::Test {};
using Numbers =
    testing::Types<Integer32, Counter32, Counter64, Gauge32, TimeTicks>;
TYPED_TEST_SUITE(NumberTest, Numbers);

TYPED_TEST(NumberTest, IsMadeByBracesAndIsATrivialCopy) {
  constexpr TypeParam kFive{5};
  static_assert(kFive.value == 5);
  static_assert(TypeParam{}.value == 0);
  const TypeParam six = {6};
  EXPECT_EQ(six.value, 6);
  EXPECT_EQ(TypeParam{six}, six);
  EXPECT_EQ((std::vector<TypeParam>{{1}, {2}}),
            (std::vector<TypeParam>{TypeParam{1}, TypeParam{2}}));
  static_assert(std::is_trivially_copyable_v<TypeParam>);
  static_assert(std::is_standard_layout_v<TypeParam>);
  static_assert(sizeof(TypeParam) == sizeof(TypeParam::value));
  static_assert(!std::is_constructible_v<TypeParam, int>);
  static_assert(!std::is_constructible_v<TypeParam, bool>);
  static_assert(!std::is_convertible_v<int, TypeParam>);
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
