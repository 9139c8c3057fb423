// SPDX-License-Identifier: Apache-2.0

#include "transport/pass_persist/pass_persist_value.h"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/value.h"

namespace passpersist {
namespace {

using testing::HasSubstr;

std::string TypeAndText(const Value& value) {
  std::string text;
  AppendPassPersistText(value, &text);
  return absl::StrCat(PassPersistType(value), " ", absl::CEscape(text));
}

TEST(PassPersistValueTest, GivesEachTypeByAWordThatSnmpdKnows) {
  struct {
    Value value;
    const char* expected;
  } const cases[] = {
      {Integer32{0}, "INTEGER 0"},
      {Integer32{-5}, "INTEGER -5"},
      {Integer32{std::numeric_limits<int32_t>::min()}, "INTEGER -2147483648"},
      {Integer32{std::numeric_limits<int32_t>::max()}, "INTEGER 2147483647"},
      {Counter32{4294967295}, "Counter32 4294967295"},
      {Counter64{0}, "Counter64 0"},
      {Counter64{std::numeric_limits<uint64_t>::max()},
       "Counter64 18446744073709551615"},
      {Gauge32{4294967295}, "GAUGE 4294967295"},
      {TimeTicks{360000}, "TIMETICKS 360000"},
      {IpAddress{{10, 1, 2, 255}}, "IPADDRESS 10.1.2.255"},
      {IpAddress{}, "IPADDRESS 0.0.0.0"},
      {ObjectIdentifier{{0, 0}}, "OBJECTID .0.0"},
      {ObjectIdentifier{{1, 3, 6, 1, 4294967295}},
       "OBJECTID .1.3.6.1.4294967295"},
      {OctetString{"eth0"}, "STRING eth0"},
      {OctetString{std::string("\x01\xff\0", 3)}, "OCTET 01 ff 00"},
      {Opaque::FromFloat(123.0f), "OPAQUE 9f 78 04 42 f6 00 00"},
      {Opaque{}, "OPAQUE "},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(TypeAndText(c.value), c.expected);
    EXPECT_TRUE(CheckPassPersistValue(c.value).ok());
  }
}

TEST(PassPersistValueTest, WritesBothLinesOfANumberOrAddress) {
  for (const Value& value : std::vector<Value>{
           Integer32{std::numeric_limits<int32_t>::min()},
           Counter32{4294967295},
           Counter64{std::numeric_limits<uint64_t>::max()}, Gauge32{0},
           TimeTicks{99}, IpAddress{{255, 255, 255, 255}}, IpAddress{}}) {
    std::string expected = absl::StrCat("\n", PassPersistType(value), "\n");
    AppendPassPersistText(value, &expected);
    expected.push_back('\n');
    char lines[kMaxPassPersistNumber];
    const char* const end = WritePassPersistNumber(value, lines);
    EXPECT_EQ(std::string(lines, end - lines), expected);
  }
  for (const Value& value : std::vector<Value>{
           ObjectIdentifier{{1, 3}}, OctetString{"1"}, Opaque::FromFloat(1)}) {
    EXPECT_EQ(WritePassPersistNumber(value, nullptr), nullptr);
  }
}

TEST(PassPersistValueTest, WritesBytesAsAStringWhereSnmpdReadsThemRight) {
  struct {
    std::string bytes;
    const char* expected;
  } const cases[] = {
      {"a", "STRING a"},
      {" ", "STRING  "},
      {" both ends ", "STRING  both ends "},
      {"\"quoted\"", "STRING \\\"quoted\\\""},
      {"back\\slash", "STRING back\\\\slash"},
      {"tab\there", "STRING tab\\there"},
      {"\x01\x7f", "STRING \\001\\177"},
      {"gr\xc3\xbc\xc3\x9f", "STRING gr\\303\\274\\303\\237"},
      {"a\rb", "STRING a\\rb"},
      {"\ra", "STRING \\ra"},
      {"NONE", "STRING NONE"},
      // snmpd drops one CR at the end of a line.
      {"a\r", "OCTET 61 0d"},
      {"\r", "OCTET 0d"},
      {"a\r\n", "OCTET 61 0d 0a"},
      {"two\nlines", "OCTET 74 77 6f 0a 6c 69 6e 65 73"},
      {"\n", "OCTET 0a"},
      {std::string("\0a", 2), "OCTET 00 61"},
      {std::string("a\0b", 3), "OCTET 61 00 62"},
      {std::string("a\0", 2), "OCTET 61 00"},
      // As a string it makes snmpd read the byte before its buffer.
      {"", "OCTET "},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(TypeAndText(OctetString{c.bytes}), c.expected);
  }
}

TEST(PassPersistValueTest, FillsALineButNeverMore) {
  const auto fits = [](const Value& value) {
    return CheckPassPersistValue(value).ok();
  };
  const auto length = [](const Value& value) {
    std::string text;
    AppendPassPersistText(value, &text);
    return text.size();
  };
  const OctetString longest_text = {std::string(4094, 'x')};
  EXPECT_TRUE(fits(longest_text));
  EXPECT_EQ(length(longest_text), 4094);
  EXPECT_FALSE(fits(OctetString{std::string(4095, 'x')}));
  EXPECT_FALSE(fits(OctetString{std::string(65536, 'x')}));
  // A string that must be sent in hex because of its last byte only.
  EXPECT_TRUE(fits(OctetString{std::string(1364, 'x') + "\n"}));
  EXPECT_FALSE(fits(OctetString{std::string(1365, 'x') + "\n"}));
  EXPECT_FALSE(fits(OctetString{std::string(4093, 'x') + "\r"}));

  const OctetString longest_hex = {std::string(1365, '\0')};
  EXPECT_TRUE(fits(longest_hex));
  EXPECT_EQ(length(longest_hex), 4094);
  EXPECT_FALSE(fits(OctetString{std::string(1366, '\0')}));
  EXPECT_TRUE(fits(Opaque{std::string(1365, 'x')}));
  EXPECT_FALSE(fits(Opaque{std::string(1366, 'x')}));
}

TEST(PassPersistValueTest, ReportsWhyAValueDoesNotFit) {
  const absl::Status status =
      CheckPassPersistValue(OctetString{std::string(5000, 'x')});
  EXPECT_TRUE(absl::IsOutOfRange(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("5000 bytes"));
}

TEST(PassPersistValueTest, SendsOidsWhoseFirstTwoArcsBerCanJoin) {
  const Oid sendable[] = {{0, 0},  {0, 39},         {1, 0},
                          {1, 39}, {1, 3, 6},       {2, 0},
                          {2, 40}, {2, 4294967215}, {2, 999, 4294967295}};
  for (const Oid& oid : sendable) {
    EXPECT_TRUE(CheckPassPersistOid(oid).ok()) << oid;
    EXPECT_TRUE(CheckPassPersistValue(ObjectIdentifier{oid}).ok()) << oid;
  }
  const Oid not_sendable[] = {{},
                              {0},
                              {1},
                              {2},
                              {0, 40},
                              {1, 40},
                              {3, 0},
                              {3, 50, 1},
                              {4294967295, 1},
                              {2, 4294967216}};
  for (const Oid& oid : not_sendable) {
    EXPECT_TRUE(absl::IsOutOfRange(CheckPassPersistOid(oid))) << oid;
    EXPECT_FALSE(CheckPassPersistValue(ObjectIdentifier{oid}).ok()) << oid;
  }
}

TEST(PassPersistValueTest, SendsOidsOfAtMost128Arcs) {
  Oid oid(std::vector<uint32_t>(128, 1));
  EXPECT_TRUE(CheckPassPersistOid(oid).ok());
  oid.Append(1);
  EXPECT_FALSE(CheckPassPersistOid(oid).ok());
  EXPECT_THAT(std::string(CheckPassPersistOid(oid).message()),
              HasSubstr(oid.ToString()));
}

TEST(PassPersistValueTest, ReportsEachErrorByItsWord) {
  // In the order of the numbers of RFC 3416.
  const char* const words[] = {"DONE",
                               "too-big",
                               "no-such-name",
                               "bad-value",
                               "read-only",
                               "gen-error",
                               "no-access",
                               "wrong-type",
                               "wrong-length",
                               "wrong-encoding",
                               "wrong-value",
                               "no-creation",
                               "inconsistent-value",
                               "resource-unavailable",
                               "commit-failed",
                               "undo-failed",
                               "authorization-error",
                               "not-writable",
                               "inconsistent-name"};
  uint8_t number = 0;
  for (const char* const word : words) {
    EXPECT_EQ(PassPersistSetReply(ErrorStatus{number}), word);
    ++number;
  }
}

// snmpd takes an unknown word for success.
TEST(PassPersistValueTest, ReportsAnUnknownErrorAsAnError) {
  EXPECT_EQ(PassPersistSetReply(ErrorStatus{19}), "gen-error");
  EXPECT_EQ(PassPersistSetReply(ErrorStatus{255}), "gen-error");
}

}  // namespace
}  // namespace passpersist
