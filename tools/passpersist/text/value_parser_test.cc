// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/text/value_parser.h"

#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/value.h"

namespace passpersist::tool {
namespace {

using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;
using testing::HasSubstr;

struct Case {
  std::string letter;
  std::string word;
  std::string text;
  Value value;
};

TEST(ValueParserTest, UnderstandsTheTypesOfSnmpsetAndTheirNames) {
  const Case kCases[] = {
      {"i", "INTEGER", "-5", Integer32{-5}},
      {"u", "gauge", "4294967295", Gauge32{4294967295}},
      {"c", "Counter", "5", Counter32{5}},
      {"C", "counter64", "18446744073709551615",
       Counter64{18446744073709551615u}},
      {"t", "timeticks", "3214", TimeTicks{3214}},
      {"a", "ipaddress", "10.1.2.3", IpAddress{{10, 1, 2, 3}}},
      {"o", "oid", ".1.3.6", ObjectIdentifier{Oid{1, 3, 6}}},
      {"s", "string", " a b ", OctetString{" a b "}},
      {"x", "hex", "01 ff", OctetString{"\x01\xff"}},
      {"d", "decimal", "1 10.255", OctetString{"\x01\x0a\xff"}},
      {"b", "bits", "0 9", OctetString{"\x80\x40"}},
      {"F", "float", "1.5", Opaque::FromFloat(1.5f)},
      {"D", "double", "-2.5", Opaque::FromDouble(-2.5)},
      {"I", "int64", "-5", Opaque::FromInteger64(-5)},
      {"U", "uint64", "5", Opaque::FromUnsigned64(5)},
  };
  for (const Case& c : kCases) {
    for (const std::string& type : {c.letter, c.word}) {
      const absl::StatusOr<Value> value = ParseValue(type, c.text);
      ASSERT_THAT(value, IsOk()) << type;
      EXPECT_EQ(*value, c.value) << type << " " << ToString(*value);
    }
  }
}

TEST(ValueParserTest, EmptyStringsOfAllKinds) {
  for (const std::string type : {"s", "x", "d", "b"}) {
    EXPECT_EQ(ParseValue(type, "").value(), Value(OctetString{""})) << type;
  }
}

TEST(ValueParserTest, ErrorsNameTheTextAndTheExpectedForm) {
  const auto error = [](const std::string& type, const std::string& text) {
    return std::string(ParseValue(type, text).status().message());
  };
  EXPECT_EQ(error("i", "five"),
            "\"five\" is not a number from -2147483648 to 2147483647");
  EXPECT_EQ(error("u", "-1"), "\"-1\" is not a number from 0 to 4294967295");
  EXPECT_EQ(error("c", "4294967296"),
            "\"4294967296\" is not a number from 0 to 4294967295");
  EXPECT_EQ(error("d", "1 256"),
            "\"1 256\" is not a list of numbers from 0 to 255");
  EXPECT_EQ(error("b", "x"), "\"x\" is not a list of bit numbers");
  EXPECT_EQ(error("F", "\x1b"), "\"\\x1b\" is not a number");
  EXPECT_THAT(error("a", "10.1.2"), HasSubstr("10.1.2"));
  EXPECT_THAT(error("o", "1..3"), HasSubstr("1..3"));
  EXPECT_THAT(error("x", "0g"), HasSubstr("0g"));
}

TEST(ValueParserTest, TheErrorForAnUnknownTypeListsTheKnownTypes) {
  for (const std::string type : {"", "S", "z", "int"}) {
    EXPECT_THAT(ParseValue(type, "5"),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         HasSubstr("unknown type \"" + type +
                                   "\": i(nteger), u(nsigned)")));
  }
}

}  // namespace
}  // namespace passpersist::tool
