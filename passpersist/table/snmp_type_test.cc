// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table/snmp_type.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/converted.h"
#include "passpersist/oid.h"
#include "passpersist/table/mac_address.h"
#include "passpersist/table/testing/snmp_type_conformance_test_lib.h"
#include "passpersist/table/textual_convention.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/value.h"

namespace passpersist {
namespace {

using passpersist_testing::StatusIs;
using testing::HasSubstr;

enum class State { kUp = 1, kDown = 2, kUnknown = -1 };

// Types of the application, of which the second has values without encoding.
struct Celsius {
  int degrees = 0;
};
struct Name {
  std::string text;
};

}  // namespace

template <>
struct SnmpType<Celsius> {
  using Wire = Integer32;
  static Integer32 Encode(Celsius t) { return {t.degrees}; }
};

template <>
struct SnmpType<Name> {
  using Wire = OctetString;
  static absl::StatusOr<OctetString> Encode(const Name& name) {
    if (name.text.empty()) return absl::NotFoundError("no name");
    return OctetString{name.text};
  }
};

namespace {

template <typename P = void, typename T>
void ExpectValue(const T& value, const Value& expected) {
  const absl::StatusOr<Value> actual = EncodeValue<P>(value);
  ASSERT_TRUE(actual.ok()) << actual.status();
  EXPECT_EQ(*actual, expected) << ToString(*actual);
}

// --- By the type of the C++ value ---

TEST(SnmpTypeTest, ABoolIsATruthValue) {
  ExpectValue(true, Integer32{1});
  ExpectValue(false, Integer32{2});
}

TEST(SnmpTypeTest, IntegersAndEnumerationsThatFitAreIntegers) {
  ExpectValue(int8_t{-128}, Integer32{-128});
  ExpectValue(uint8_t{255}, Integer32{255});
  ExpectValue(int16_t{-5}, Integer32{-5});
  ExpectValue(uint16_t{65535}, Integer32{65535});
  ExpectValue(std::numeric_limits<int32_t>::min(), Integer32{INT32_MIN});
  ExpectValue(State::kDown, Integer32{2});
  ExpectValue(State::kUnknown, Integer32{-1});
}

TEST(SnmpTypeTest, AnEnumerationOf64BitsMayHaveNoValue) {
  enum class Large : uint64_t { kSmall = 1, kLarge = 1ull << 31 };
  ExpectValue(Large::kSmall, Integer32{1});
  EXPECT_THAT(EncodeValue(Large::kLarge),
              StatusIs(absl::StatusCode::kOutOfRange,
                       HasSubstr("2147483648 is not an Integer32")));
}

TEST(SnmpTypeTest, AnUnsigned32BitIntegerIsAnUnsigned32) {
  ExpectValue(4294967295u, Unsigned32{4294967295u});
}

TEST(SnmpTypeTest, StringsAreOctetStrings) {
  ExpectValue(std::string("a\0b", 3), OctetString{std::string("a\0b", 3)});
  ExpectValue(absl::string_view("ab"), OctetString{"ab"});
  ExpectValue("ab", OctetString{"ab"});
}

TEST(SnmpTypeTest, AStringIsNotCopied) {
  const std::string text = "text";
  EXPECT_EQ(SnmpType<std::string>::Encode(text).data(), text.data());
}

TEST(SnmpTypeTest, OidsAndAddressesHaveTheirTypes) {
  ExpectValue(Oid{1, 3}, ObjectIdentifier{{1, 3}});
  ExpectValue(MacAddress{{1, 2, 3, 4, 5, 255}},
              OctetString{"\x01\x02\x03\x04\x05\xff"});
}

template <typename T>
class WireTypeTest : public testing::Test {};
using WireTypes =
    testing::Types<Integer32, Counter32, Counter64, Gauge32, TimeTicks,
                   IpAddress, ObjectIdentifier, OctetString, Opaque>;
TYPED_TEST_SUITE(WireTypeTest, WireTypes);

TYPED_TEST(WireTypeTest, ATypeOfValuesIsItsOwnColumnType) {
  static_assert(std::is_same_v<typename SnmpType<TypeParam>::Wire, TypeParam>);
  ExpectValue(TypeParam(), TypeParam());
  ExpectValue<TypeParam>(TypeParam(), TypeParam());
}

TEST(SnmpTypeTest, AnApplicationAddsTypesThatMayFail) {
  ExpectValue(Celsius{-7}, Integer32{-7});
  ExpectValue(Name{"x"}, OctetString{"x"});
  EXPECT_THAT(EncodeValue(Name{}),
              StatusIs(absl::StatusCode::kNotFound, "no name"));
}

// --- By a column type ---

TEST(SnmpTypeTest, ACounterTakesATotalModuloItsSize) {
  ExpectValue<Counter32>((uint64_t{1} << 32) + 5, Counter32{5});
  ExpectValue<Counter64>(UINT64_MAX, Counter64{UINT64_MAX});
  ExpectValue<Counter64>(-1, Counter64{UINT64_MAX});
}

TEST(SnmpTypeTest, AGaugeTakesTheNearestValue) {
  ExpectValue<Gauge32>(uint64_t{1} << 40, Gauge32{4294967295u});
  ExpectValue<Gauge32>(-5, Gauge32{0});
  ExpectValue<Gauge32>(2.5, Gauge32{3});
  EXPECT_THAT(EncodeValue<Gauge32>(std::nan("")),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("nan")));
}

TEST(SnmpTypeTest, AnIntegerOutOfRangeHasNoValue) {
  ExpectValue<Integer32>(int64_t{-5}, Integer32{-5});
  EXPECT_THAT(EncodeValue<Integer32>(int64_t{1} << 31),
              StatusIs(absl::StatusCode::kOutOfRange,
                       HasSubstr("2147483648 is not an Integer32")));
}

TEST(SnmpTypeTest, AScaledNumberIsRoundedToTheNearest) {
  ExpectValue<ScaledInteger<2>>(3.14159, Integer32{314});
  ExpectValue<ScaledInteger<2>>(4.35, Integer32{435});
  ExpectValue<ScaledInteger<1>>(-0.25, Integer32{-3});
  ExpectValue<ScaledInteger<3>>(12, Integer32{12000});
  ExpectValue<ScaledInteger<9>>(-2.147483648, Integer32{INT32_MIN});
  EXPECT_THAT(EncodeValue<ScaledInteger<9>>(2.2),
              StatusIs(absl::StatusCode::kOutOfRange,
                       HasSubstr("2200000000 is not an Integer32")));
}

TEST(SnmpTypeTest, AFloatingPointNumberMayBeOpaque) {
  ExpectValue<OpaqueFloat>(1.5f, Opaque::FromFloat(1.5f));
  ExpectValue<OpaqueDouble>(1.5, Opaque::FromDouble(1.5));
}

TEST(SnmpTypeTest, ADurationIsTimeTicksOrATimeInterval) {
  ExpectValue<TimeTicks>(absl::Milliseconds(1239), TimeTicks{123});
  ExpectValue<TimeInterval>(absl::Milliseconds(1239), Integer32{123});
  ExpectValue<TimeInterval>(absl::Milliseconds(10) * INT32_MAX,
                            Integer32{INT32_MAX});
  for (const absl::Duration duration :
       {absl::Nanoseconds(-1), absl::InfiniteDuration(),
        -absl::InfiniteDuration(),
        absl::Milliseconds(10) * (int64_t{INT32_MAX} + 1)}) {
    EXPECT_THAT(EncodeValue<TimeInterval>(duration),
                StatusIs(absl::StatusCode::kOutOfRange,
                         HasSubstr(" is not a TimeInterval")))
        << duration;
  }
}

TEST(SnmpTypeTest, ATimeIsADateAndTimeInUtc) {
  // The example of RFC 2579: 1992-5-26,13:30:15.0,-4:0.
  const absl::Time time = absl::FromCivil(
      absl::CivilSecond(1992, 5, 26, 17, 30, 15), absl::UTCTimeZone());
  ExpectValue<DateAndTime>(
      time, *OctetString::FromHex("07 c8 05 1a 11 1e 0f 00 2b 00 00"));
  ExpectValue<DateAndTime>(
      time + absl::Milliseconds(999),
      *OctetString::FromHex("07 c8 05 1a 11 1e 0f 09 2b 00 00"));
}

TEST(SnmpTypeTest, ADateAndTimeHasAYearOf16Bits) {
  const auto year = [](int64_t number) {
    return EncodeValue<DateAndTime>(
        absl::FromCivil(absl::CivilYear(number), absl::UTCTimeZone()));
  };
  EXPECT_EQ(year(0).value(),
            Value(*OctetString::FromHex("00 00 01 01 00 00 00 00 2b 00 00")));
  EXPECT_EQ(year(65535).value(),
            Value(*OctetString::FromHex("ff ff 01 01 00 00 00 00 2b 00 00")));
  for (const absl::StatusOr<Value>& value :
       {year(-1), year(65536), EncodeValue<DateAndTime>(absl::InfiniteFuture()),
        EncodeValue<DateAndTime>(absl::InfinitePast())}) {
    EXPECT_THAT(value, StatusIs(absl::StatusCode::kOutOfRange,
                                HasSubstr("is not a DateAndTime")));
  }
}

}  // namespace
}  // namespace passpersist

namespace passpersist_testing {
namespace {

struct EnumColumn {
  using Type = passpersist::State;
  static std::vector<Type> Samples() {
    return {Type::kUp, Type::kDown, Type::kUnknown};
  }
};

struct NameColumn {
  using Type = passpersist::Name;
  static std::vector<Type> Samples() { return {{"a"}, {"ab"}}; }
};

struct MacAddressColumn {
  using Type = passpersist::MacAddress;
  static std::vector<Type> Samples() { return {{}, {{1, 2, 3, 4, 5, 6}}}; }
};

struct TotalColumn {
  using Type = passpersist::Counter32;
  static std::vector<uint64_t> Samples() { return {0, uint64_t{1} << 32}; }
};

struct VoltsColumn {
  using Type = passpersist::ScaledInteger<2>;
  static std::vector<double> Samples() { return {-0.01, 3.14159}; }
};

struct TimeColumn {
  using Type = passpersist::DateAndTime;
  static std::vector<absl::Time> Samples() { return {absl::UnixEpoch()}; }
};

using Columns = testing::Types<EnumColumn, NameColumn, MacAddressColumn,
                               TotalColumn, VoltsColumn, TimeColumn>;
INSTANTIATE_TYPED_TEST_SUITE_P(Columns, SnmpTypeConformanceTest, Columns);

}  // namespace
}  // namespace passpersist_testing
