// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/text/value_text.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "passpersist/value.h"
#include "transport/debug/debug.pb.h"
#include "transport/debug/testing/debug_test_messages.h"

namespace passpersist::tool {
namespace {

using passpersist_testing::FromText;

std::string Text(const ValueOrException& value) {
  return TextOf(value).ToString();
}

TEST(ValueTextTest, NumbersArePrintedAsByNetSnmp) {
  EXPECT_EQ(Text(Integer32{-5}), "INTEGER: -5");
  EXPECT_EQ(Text(Counter32{4294967295}), "Counter32: 4294967295");
  EXPECT_EQ(Text(Counter64{18446744073709551615u}),
            "Counter64: 18446744073709551615");
  EXPECT_EQ(Text(Gauge32{5}), "Gauge32: 5");
}

TEST(ValueTextTest, TimeTicksAreShownAsTimes) {
  EXPECT_EQ(Text(TimeTicks{3214}), "Timeticks: (3214) 0:00:32.14");
  EXPECT_EQ(Text(TimeTicks{8640000 + 360000 * 2 + 6000 * 3 + 405}),
            "Timeticks: (9378405) 1 day, 2:03:04.05");
  EXPECT_EQ(Text(TimeTicks{4294967295}),
            "Timeticks: (4294967295) 497 days, 2:27:52.95");
}

TEST(ValueTextTest, NamesAndAddresses) {
  EXPECT_EQ(Text(IpAddress{{10, 1, 2, 255}}), "IpAddress: 10.1.2.255");
  EXPECT_EQ(Text(ObjectIdentifier{Oid{1, 3, 6}}), "OID: .1.3.6");
}

TEST(ValueTextTest, TextIsAStringAndOtherBytesAreHex) {
  EXPECT_EQ(Text(OctetString{"eth0"}), "STRING: \"eth0\"");
  EXPECT_EQ(Text(OctetString{""}), "\"\"");
  EXPECT_EQ(Text(OctetString{"Büro"}), "STRING: \"Büro\"");
  EXPECT_EQ(Text(OctetString{"two\nlines"}), "STRING: \"two\\nlines\"");
  EXPECT_EQ(Text(OctetString{"a \"b\""}), "STRING: \"a \\\"b\\\"\"");
  EXPECT_EQ(Text(OctetString{std::string("\x00\xff\x0a", 3)}),
            "Hex-STRING: 00 FF 0A");
  EXPECT_EQ(Text(OctetString{"\x1b[2J"}), "Hex-STRING: 1B 5B 32 4A");
}

TEST(ValueTextTest, OpaqueNumbersAreRead) {
  EXPECT_EQ(Text(Opaque::FromFloat(1.5f)), "Opaque: Float: 1.5");
  EXPECT_EQ(Text(Opaque::FromDouble(0.1)), "Opaque: Float: 0.1");
  EXPECT_EQ(Text(Opaque::FromInteger64(-5)), "Opaque: Int64: -5");
  EXPECT_EQ(Text(Opaque::FromUnsigned64(5)), "Opaque: UInt64: 5");
  EXPECT_EQ(Text(Opaque{"\x01\x02"}), "OPAQUE: 01 02");
}

TEST(ValueTextTest, ExceptionsAreSentences) {
  EXPECT_EQ(Text(Exception::kNoSuchObject),
            "No Such Object available on this agent at this OID");
  EXPECT_EQ(Text(Exception::kNoSuchInstance),
            "No Such Instance currently exists at this OID");
  EXPECT_EQ(Text(Exception::kEndOfMibView),
            "No more variables left in this MIB View (It is past the end of "
            "the MIB tree)");
}

TEST(ValueTextTest, BindingsBeginWithTheirName) {
  EXPECT_EQ(BindingText(FromText<debug::VarBind>("oid: '.1.3.1' gauge32: 5")),
            ".1.3.1 = Gauge32: 5");
  EXPECT_EQ(BindingText(FromText<debug::VarBind>("oid: '.1.3.1'")),
            ".1.3.1 = (no value)");
}

TEST(ValueTextTest, InvalidAnswersAreShownWithTheError) {
  EXPECT_THAT(BindingText(FromText<debug::VarBind>(
                  "oid: '.1.3.1' ip_address: '10.\\033'")),
              testing::HasSubstr("invalid IpAddress \"10.\\x1b\""));
}

}  // namespace
}  // namespace passpersist::tool
