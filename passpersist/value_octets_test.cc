// SPDX-License-Identifier: Apache-2.0
//
// Tests of the types of passpersist/value.h that consist of bytes.

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/value.h"

namespace passpersist {
namespace {

using passpersist_testing::StatusIs;
using testing::AllOf;
using testing::HasSubstr;

constexpr int64_t kMinInt64 = std::numeric_limits<int64_t>::min();
constexpr int64_t kMaxInt64 = std::numeric_limits<int64_t>::max();
constexpr uint64_t kMaxUint64 = std::numeric_limits<uint64_t>::max();

TEST(IpAddressTest, ParsesFourNumbers) {
  EXPECT_EQ(IpAddress::Parse("10.1.2.255").value(),
            (IpAddress{{10, 1, 2, 255}}));
  EXPECT_EQ(IpAddress::Parse("0.0.0.0").value(), IpAddress{});
}

TEST(IpAddressTest, RefusesEveryOtherText) {
  EXPECT_THAT(
      IpAddress::Parse("256.1.2.3"),
      StatusIs(absl::StatusCode::kInvalidArgument,
               "invalid IpAddress \"256.1.2.3\": expected four numbers of "
               "0..255 joined by dots"));
  for (const absl::string_view text :
       {"", "10", "10.1.2", "10.1.2.3.4", "10.1.2.", ".10.1.2.3", "10..2.3",
        "10.1.2.-3", "10.1.2.+3", "10.1.2. 3", "10.1.2.3 ", "10.1.2.0x3",
        "10.1.2.x", "::1"}) {
    EXPECT_THAT(
        IpAddress::Parse(text),
        StatusIs(absl::StatusCode::kInvalidArgument,
                 AllOf(HasSubstr("invalid IpAddress"), HasSubstr(text))));
  }
}

TEST(IpAddressTest, AcceptsFourBytesInNetworkOrder) {
  EXPECT_EQ(IpAddress::FromBytes("\x0a\x01\x02\xff").value(),
            (IpAddress{{10, 1, 2, 255}}));
}

TEST(IpAddressTest, RefusesAnotherNumberOfBytes) {
  EXPECT_THAT(IpAddress::FromBytes("abc"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "an IpAddress has 4 bytes, not the 3 of \"abc\""));
  EXPECT_THAT(IpAddress::FromBytes(std::string(16, '\xfe')),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("not the 16 of \"\\xfe")));
  EXPECT_EQ(IpAddress::FromBytes("").status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(OctetStringTest, ReadsHexTextInItsForms) {
  const std::string mac("\x01\x00\x1f\x0b\x00\xfb", 6);
  for (const absl::string_view text :
       {"01 00 1f 0b 00 fb", "01:00:1f:0b:00:fb", "01-00-1F-0B-00-FB",
        "01001f0b00fb", "01:00 1f-0b00fb"}) {
    EXPECT_EQ(OctetString::FromHex(text).value().bytes, mac) << text;
  }
  EXPECT_EQ(OctetString::FromHex("").value().bytes, "");
  EXPECT_EQ(OctetString::FromHex("41").value().bytes, "A");
}

TEST(OctetStringTest, RefusesOtherTextThanHexAndNamesThePosition) {
  const struct {
    absl::string_view text;
    int position;
  } cases[] = {
      {"4", 1},     {"414", 3},    {"41 4", 4}, {"xy", 1},
      {"41 4g", 4}, {"0x41", 1},   {"-1", 1},   {"+1", 1},
      {" 41", 1},   {"41 ", 4},    {"41:", 4},  {"41  42", 4},
      {"41,42", 3}, {"41: 42", 4}, {"41\n", 3}, {"41 42-", 7},
  };
  for (const auto& [text, position] : cases) {
    EXPECT_THAT(
        OctetString::FromHex(text),
        StatusIs(absl::StatusCode::kInvalidArgument,
                 absl::StrCat("invalid hex text \"", absl::CHexEscape(text),
                              "\": expected a pair of hex digits at "
                              "character ",
                              position)));
  }
}

TEST(OctetStringTest, NumbersBitsFromTheMostSignificantOne) {
  EXPECT_EQ(OctetString::FromBits({}).bytes, "");
  EXPECT_EQ(OctetString::FromBits({0}).bytes, "\x80");
  EXPECT_EQ(OctetString::FromBits({7}).bytes, "\x01");
  EXPECT_EQ(OctetString::FromBits({8}).bytes, std::string("\x00\x80", 2));
  EXPECT_EQ(OctetString::FromBits({4, 1, 6, 3, 1}).bytes, "Z");
  EXPECT_EQ(OctetString::FromBits({17, 0}).bytes,
            std::string("\x80\x00\x40", 3));
}

// --- Opaque, with the same bytes as in Net-SNMP ---

std::string Hex(const Opaque& opaque) {
  return absl::BytesToHexString(opaque.bytes);
}

TEST(OpaqueTest, WrapsAFloat) {
  EXPECT_EQ(Hex(Opaque::FromFloat(123.0f)), "9f780442f60000");
  EXPECT_EQ(Hex(Opaque::FromFloat(-0.0f)), "9f780480000000");
  for (const float number :
       {0.0f, 123.0f, -1.5f, std::numeric_limits<float>::denorm_min(),
        std::numeric_limits<float>::max(),
        -std::numeric_limits<float>::infinity()}) {
    EXPECT_EQ(Opaque::FromFloat(number).AsFloat(), number);
  }
  EXPECT_TRUE(std::isnan(Opaque::FromFloat(std::nanf("")).AsFloat().value()));
}

TEST(OpaqueTest, WrapsADouble) {
  EXPECT_EQ(Hex(Opaque::FromDouble(123.0)), "9f7908405ec00000000000");
  for (const double number :
       {0.0, 123.0, -1e300, std::numeric_limits<double>::infinity()}) {
    EXPECT_EQ(Opaque::FromDouble(number).AsDouble(), number);
  }
}

TEST(OpaqueTest, WrapsAnInteger64InAsFewBytesAsItsSignAllows) {
  EXPECT_EQ(Hex(Opaque::FromInteger64(0)), "9f7a0100");
  EXPECT_EQ(Hex(Opaque::FromInteger64(127)), "9f7a017f");
  EXPECT_EQ(Hex(Opaque::FromInteger64(128)), "9f7a020080");
  EXPECT_EQ(Hex(Opaque::FromInteger64(-1)), "9f7a01ff");
  EXPECT_EQ(Hex(Opaque::FromInteger64(-5)), "9f7a01fb");
  EXPECT_EQ(Hex(Opaque::FromInteger64(-128)), "9f7a0180");
  EXPECT_EQ(Hex(Opaque::FromInteger64(-129)), "9f7a02ff7f");
  EXPECT_EQ(Hex(Opaque::FromInteger64(kMinInt64)), "9f7a088000000000000000");
  EXPECT_EQ(Hex(Opaque::FromInteger64(kMaxInt64)), "9f7a087fffffffffffffff");
  for (const int64_t number :
       {int64_t{0}, int64_t{127}, int64_t{128}, int64_t{-1}, int64_t{-128},
        int64_t{-129}, int64_t{5'000'000'000}, kMinInt64, kMaxInt64}) {
    EXPECT_EQ(Opaque::FromInteger64(number).AsInteger64(), number);
  }
}

TEST(OpaqueTest, WrapsAnUnsigned64WithALeading0IfItsFirstBitIsSet) {
  EXPECT_EQ(Hex(Opaque::FromUnsigned64(0)), "9f7b0100");
  EXPECT_EQ(Hex(Opaque::FromUnsigned64(255)), "9f7b0200ff");
  EXPECT_EQ(Hex(Opaque::FromUnsigned64(5'000'000'000)), "9f7b05012a05f200");
  EXPECT_EQ(Hex(Opaque::FromUnsigned64(kMaxUint64)),
            "9f7b0900ffffffffffffffff");
  for (const uint64_t number : {uint64_t{0}, uint64_t{127}, uint64_t{128},
                                uint64_t{1} << 63, kMaxUint64}) {
    EXPECT_EQ(Opaque::FromUnsigned64(number).AsUnsigned64(), number);
  }
}

TEST(OpaqueTest, HasOnlyTheTypeOfItsTag) {
  const Opaque number = Opaque::FromFloat(1.0f);
  EXPECT_TRUE(number.AsFloat().has_value());
  EXPECT_FALSE(number.AsDouble().has_value());
  EXPECT_FALSE(number.AsInteger64().has_value());
  EXPECT_FALSE(number.AsUnsigned64().has_value());
  EXPECT_FALSE(Opaque::FromUnsigned64(1).AsInteger64().has_value());
}

TEST(OpaqueTest, IsNotANumberIfTheWrapperIsNotWhole) {
  const auto opaque = [](absl::string_view hex) {
    return Opaque{OctetString::FromHex(hex).value().bytes};
  };
  EXPECT_TRUE(opaque("9f780442f60000").AsFloat().has_value());
  for (const absl::string_view hex :
       {"", "9f", "9f78", "9f7804", "9f780442f600", "9f780442f6000000",
        "9f780342f600", "9f780342f60000", "9f780542f6000000", "9e780442f60000",
        "9f7880"}) {
    EXPECT_FALSE(opaque(hex).AsFloat().has_value()) << hex;
  }
  EXPECT_FALSE(opaque("9f790442f60000").AsDouble().has_value());
  EXPECT_FALSE(opaque("9f7a00").AsInteger64().has_value());
  EXPECT_FALSE(opaque("9f7a09000000000000000001").AsInteger64().has_value());
  EXPECT_FALSE(opaque("9f7b00").AsUnsigned64().has_value());
  EXPECT_FALSE(opaque("9f7b09010000000000000000").AsUnsigned64().has_value());
}

}  // namespace
}  // namespace passpersist
