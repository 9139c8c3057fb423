// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table/textual_convention.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/table/mac_address.h"
#include "passpersist/testing/status_matchers.h"

namespace passpersist {
namespace {

using passpersist_testing::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;

// Encodes by the column type P and decodes the result.
template <typename P, typename T>
T EncodeAndDecode(const T& value, const EncodeContext& context = {}) {
  T decoded{};
  const auto encoded = EncodeValue<P>(value, context);
  EXPECT_TRUE(encoded.ok()) << encoded.status();
  EXPECT_EQ(SnmpType<P>::Decode(std::get<typename SnmpType<P>::Wire>(*encoded),
                                &decoded),
            ErrorStatus::kNoError);
  return decoded;
}

template <typename P, typename T>
ErrorStatus Decode(typename SnmpType<P>::Wire wire, T* value) {
  return SnmpType<P>::Decode(wire, value);
}

enum class Color : int32_t { kRed = 0, kBlue = 9 };

TEST(TextualConventionTest, DecodesWhatItEncodes) {
  EXPECT_EQ(EncodeAndDecode<ScaledInteger<2>>(-3.14), -3.14);
  EXPECT_EQ(EncodeAndDecode<OpaqueFloat>(1.5f), 1.5f);
  EXPECT_EQ(EncodeAndDecode<OpaqueDouble>(1e300), 1e300);
  EXPECT_EQ(EncodeAndDecode<TimeInterval>(absl::Seconds(5)), absl::Seconds(5));
  EXPECT_EQ(EncodeAndDecode<TimeTicks>(absl::Hours(5)), absl::Hours(5));
  const absl::Time time = absl::FromUnixMillis(1'732'924'800'300);
  EXPECT_EQ(EncodeAndDecode<DateAndTime>(time), time);
  EXPECT_EQ(EncodeAndDecode<DisplayString>(std::string("eth0")), "eth0");
  EXPECT_EQ(EncodeAndDecode<SnmpAdminString>(std::string("Z\xc3\xbcrich")),
            "Z\xc3\xbcrich");
  EXPECT_THAT(
      EncodeAndDecode<Bits>(std::vector<Color>{Color::kBlue, Color::kRed}),
      ElementsAre(Color::kRed, Color::kBlue));
  EXPECT_THAT(EncodeAndDecode<PortList>(std::set<uint16_t>{1, 12}, {{}, 2}),
              ElementsAre(1, 12));
  EXPECT_EQ(EncodeAndDecode<bool>(false), false);
  EXPECT_EQ(EncodeAndDecode<int8_t>(int8_t{-5}), -5);
  EXPECT_EQ(EncodeAndDecode<Color>(Color::kBlue), Color::kBlue);
  EXPECT_EQ(EncodeAndDecode<Counter64>(uint64_t{1} << 40), uint64_t{1} << 40);
  EXPECT_EQ(EncodeAndDecode<Oid>(Oid{1, 3}), (Oid{1, 3}));
  EXPECT_EQ(EncodeAndDecode<MacAddress>(MacAddress{{1, 2, 3, 4, 5, 6}}),
            (MacAddress{{1, 2, 3, 4, 5, 6}}));
}

TEST(TextualConventionTest, RefusesWhatItNeverEncodes) {
  bool flag;
  EXPECT_EQ(Decode<bool>(Integer32{3}, &flag), ErrorStatus::kWrongValue);
  int8_t small;
  EXPECT_EQ(Decode<int8_t>(Integer32{128}, &small), ErrorStatus::kWrongValue);
  MacAddress mac;
  EXPECT_EQ(Decode<MacAddress>(OctetString{"12345"}, &mac),
            ErrorStatus::kWrongLength);
  float number;
  EXPECT_EQ(Decode<OpaqueFloat>(Opaque::FromDouble(1), &number),
            ErrorStatus::kWrongValue);
  absl::Duration duration;
  EXPECT_EQ(Decode<TimeInterval>(Integer32{-1}, &duration),
            ErrorStatus::kWrongValue);
}

TEST(TextualConventionTest, ATimeStampIsTheTimeSinceSysUpTimeWasZero) {
  const EncodeContext context{absl::UnixEpoch() + absl::Hours(1), 0};
  const auto encode = [&](absl::Duration since_epoch) {
    return *EncodeValue<TimeStamp>(absl::UnixEpoch() + since_epoch, context);
  };
  EXPECT_EQ(encode(absl::Hours(1)), Value(TimeTicks{0}));
  EXPECT_EQ(encode(absl::Hours(2)), Value(TimeTicks{360000}));
  EXPECT_EQ(encode(absl::Minutes(59)), Value(TimeTicks{0})) << "before it";
}

TEST(TextualConventionTest, ATextOfTheWrongKindHasNoValue) {
  const auto is_no_text =
      StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("at most 255 octets"));
  EXPECT_TRUE(EncodeValue<DisplayString>(std::string(255, 'a')).ok());
  EXPECT_THAT(EncodeValue<DisplayString>(std::string(256, 'a')), is_no_text);
  EXPECT_THAT(EncodeValue<DisplayString>(std::string("\xff")), is_no_text);
  EXPECT_THAT(EncodeValue<SnmpAdminString>(std::string(256, 'a')), is_no_text);
  std::string text;
  EXPECT_EQ(Decode<DisplayString>(OctetString{std::string(256, 'a')}, &text),
            ErrorStatus::kWrongLength);
  EXPECT_EQ(Decode<DisplayString>(OctetString{"\x80"}, &text),
            ErrorStatus::kWrongEncoding);
}

TEST(TextualConventionTest, KnowsUtf8) {
  for (const char* const text :
       {"", "a", "\xc2\x80", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xef\xbf\xbf",
        "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "x\xc3\xbcy"}) {
    EXPECT_TRUE(EncodeValue<SnmpAdminString>(std::string(text)).ok()) << text;
  }
  for (const char* const text :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xc3", "\xc3(", "\xe0\x9f\xbf",
        "\xed\xa0\x80", "\xe2\x82", "\xe2\x82(", "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"}) {
    EXPECT_FALSE(EncodeValue<SnmpAdminString>(std::string(text)).ok()) << text;
  }
}

TEST(TextualConventionTest, ADateAndTimeMayHaveAZone) {
  const auto decode = [](const std::string& octets) {
    absl::Time time;
    EXPECT_EQ(Decode<DateAndTime>(OctetString{octets}, &time),
              ErrorStatus::kNoError);
    return absl::FormatTime("%E4Y-%m-%d %H:%M:%E1S", time, absl::UTCTimeZone());
  };
  // The example of RFC 2579: Tuesday May 26, 1992 at 1:30:15 PM EDT.
  EXPECT_EQ(decode({7, '\xc8', 5, 26, 13, 30, 15, 0, '-', 4, 0}),
            "1992-05-26 17:30:15.0");
  EXPECT_EQ(decode({7, '\xc8', 5, 26, 13, 30, 15, 9}), "1992-05-26 13:30:15.9");
  EXPECT_EQ(decode({7, '\xc8', 12, 31, 23, 59, 60, 0, '+', 0, 0}),
            "1993-01-01 00:00:00.0")
      << "a leap second";
}

TEST(TextualConventionTest, RefusesWhatIsNotADateAndTime) {
  const auto decode = [](const std::string& octets) {
    absl::Time time;
    return Decode<DateAndTime>(OctetString{octets}, &time);
  };
  EXPECT_EQ(decode("1234567"), ErrorStatus::kWrongLength);
  for (const std::string& octets :
       {std::string({7, '\xc8', 13, 26, 13, 30, 15, 0}),
        std::string({7, '\xc8', 4, 31, 13, 30, 15, 0}),
        std::string({7, '\xc8', 13, 1, 13, 30, 60, 0}),
        std::string({7, '\xc8', 5, 26, 24, 30, 15, 0}),
        std::string({7, '\xc8', 5, 26, 13, 60, 15, 0}),
        std::string({7, '\xc8', 5, 26, 13, 30, 61, 0}),
        std::string({7, '\xc8', 5, 26, 13, 30, 15, 10}),
        std::string({7, '\xc8', 5, 26, 13, 30, 15, 0, '*', 0, 0}),
        std::string({7, '\xc8', 5, 26, 13, 30, 15, 0, '+', 14, 0}),
        std::string({7, '\xc8', 5, 26, 13, 30, 15, 0, '+', 0, 60})}) {
    EXPECT_EQ(decode(octets), ErrorStatus::kWrongValue);
  }
}

}  // namespace
}  // namespace passpersist
