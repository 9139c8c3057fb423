// SPDX-License-Identifier: Apache-2.0

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "passpersist/pdu.h"
#include "passpersist/value.h"
#include "transport/pass_persist/pass_persist_value.h"

namespace passpersist {
namespace {

// The value as text, or the reply that refuses it.
std::string Parsed(absl::string_view line) {
  Value value;
  const ErrorStatus error = ParsePassPersistSet(line, &value);
  if (error != ErrorStatus::kNoError) {
    return std::string(PassPersistSetReply(error));
  }
  return ToString(value);
}

TEST(PassPersistSetValueTest, ReadsIntegers) {
  EXPECT_EQ(Parsed("integer -5"), "Integer32 -5");
  EXPECT_EQ(Parsed("integer 0"), "Integer32 0");
  EXPECT_EQ(Parsed("integer 2147483647"), "Integer32 2147483647");
  EXPECT_EQ(Parsed("integer -2147483648"), "Integer32 -2147483648");
}

TEST(PassPersistSetValueTest, RefusesTextThatIsNotAnInteger) {
  for (const char* const text :
       {"", "x", "5x", "5 6", "1.5", "0x10", "+5", "--5", "-", "2147483648",
        "-2147483649", "99999999999999999999", "\"\""}) {
    EXPECT_EQ(Parsed(absl::StrCat("integer ", text)), "wrong-value") << text;
    EXPECT_EQ(Parsed(absl::StrCat("gauge ", text[0] == '2' ? "x" : text)),
              "wrong-value")
        << text;
  }
}

// snmpd prints them by "%d" (net-snmp 5.9.3
// agent/mibgroup/ucd-snmp/pass_common.c, netsnmp_internal_pass_set_format()).
TEST(PassPersistSetValueTest, ReadsSignedTextForUnsignedTypes) {
  EXPECT_EQ(Parsed("counter 5"), "Counter32 5");
  EXPECT_EQ(Parsed("counter -1"), "Counter32 4294967295");
  EXPECT_EQ(Parsed("counter 4294967295"), "Counter32 4294967295");
  EXPECT_EQ(Parsed("gauge -1"), "Gauge32 4294967295");
  EXPECT_EQ(Parsed("gauge 0"), "Gauge32 0");
  EXPECT_EQ(Parsed("gauge 2147483648"), "Gauge32 2147483648");
  EXPECT_EQ(Parsed("gauge -2147483648"), "Gauge32 2147483648");
  EXPECT_EQ(Parsed("timeticks 100"), "TimeTicks 100");
  EXPECT_EQ(Parsed("timeticks -2"), "TimeTicks 4294967294");
}

TEST(PassPersistSetValueTest, RefusesANumberThatFitsNoUnsignedType) {
  for (const char* const word : {"counter", "gauge", "timeticks"}) {
    EXPECT_EQ(Parsed(absl::StrCat(word, " 4294967296")), "wrong-value");
    EXPECT_EQ(Parsed(absl::StrCat(word, " -2147483649")), "wrong-value");
    EXPECT_EQ(Parsed(absl::StrCat(word, " 18446744073709551615")),
              "wrong-value");
  }
}

TEST(PassPersistSetValueTest, ReadsIpAddresses) {
  EXPECT_EQ(Parsed("ipaddress 10.1.2.3"), "IpAddress 10.1.2.3");
  EXPECT_EQ(Parsed("ipaddress 255.255.255.255"), "IpAddress 255.255.255.255");
  for (const char* const text :
       {"", "10.1.2", "10.1.2.3.4", "256.1.2.3", "a.b.c.d", "::1"}) {
    EXPECT_EQ(Parsed(absl::StrCat("ipaddress ", text)), "wrong-value") << text;
  }
}

TEST(PassPersistSetValueTest, ReadsObjectIds) {
  EXPECT_EQ(Parsed("objectid \".1.3.6.1.4.1\""),
            "ObjectIdentifier .1.3.6.1.4.1");
  EXPECT_EQ(Parsed("objectid .0.0"), "ObjectIdentifier .0.0");
  EXPECT_EQ(Parsed("objectid 1.3"), "ObjectIdentifier .1.3");
  EXPECT_EQ(Parsed("objectid \"\""), "wrong-value");
  EXPECT_EQ(Parsed("objectid \"sysDescr\""), "wrong-value");
  EXPECT_EQ(Parsed("objectid \".1.3"), "wrong-length");
}

// snmpd escapes nothing, so all quotes except the outermost ones belong to the
// text.
TEST(PassPersistSetValueTest, TakesOneQuoteFromEachEndOfAString) {
  EXPECT_EQ(Parsed(R"(string "text")"), R"(OctetString "text")");
  EXPECT_EQ(Parsed(R"(string "")"), R"(OctetString "")");
  EXPECT_EQ(Parsed(R"(string " x ")"), R"(OctetString " x ")");
  EXPECT_EQ(Parsed(R"(string """)"), R"(OctetString "\"")");
  EXPECT_EQ(Parsed(R"(string "with "quotes" inside")"),
            R"(OctetString "with \"quotes\" inside")");
  EXPECT_EQ(Parsed(R"(string "he said "hi"")"),
            R"(OctetString "he said \"hi\"")");
  EXPECT_EQ(Parsed(R"(string "\")"), R"(OctetString "\\")");
  EXPECT_EQ(Parsed(R"(string "a\n")"), R"(OctetString "a\\n")");
}

TEST(PassPersistSetValueTest, ReadsTextWithoutQuotesAsPeopleTypeIt) {
  EXPECT_EQ(Parsed("STRING some-random-useless-string"),
            R"(OctetString "some-random-useless-string")");
  EXPECT_EQ(Parsed("string two words"), R"(OctetString "two words")");
  EXPECT_EQ(Parsed("string"), R"(OctetString "")");
  EXPECT_EQ(Parsed(R"(string a"b")"), R"(OctetString "a\"b\"")");
}

TEST(PassPersistSetValueTest, RefusesAValueThatWasCut) {
  EXPECT_EQ(Parsed(R"(string "abc)"), "wrong-length");
  EXPECT_EQ(Parsed(R"(string ")"), "wrong-length");
  EXPECT_EQ(Parsed(R"(octet "61 62 6)"), "wrong-length");
  EXPECT_EQ(Parsed(absl::StrCat("string \"", std::string(4086, 'x'))),
            "wrong-length");
}

TEST(PassPersistSetValueTest, TakesStringAndOctetForOneType) {
  EXPECT_EQ(Parsed(R"(octet "6c 69 0a")"), R"(OctetString "li\n")");
  EXPECT_EQ(Parsed(R"(octet "00 ff ")"), R"(OctetString "\x00\xff")");
  EXPECT_EQ(Parsed(R"(octet "")"), R"(OctetString "")");
  EXPECT_EQ(Parsed("OCTET 01 00 1F"), R"(OctetString "\x01\x00\x1f")");
  EXPECT_EQ(Parsed(R"(string "Z")"), Parsed(R"(octet "5a")"));
  EXPECT_EQ(Parsed(R"(octet "6")"), "wrong-value");
  EXPECT_EQ(Parsed(R"(octet "zz")"), "wrong-value");
}

TEST(PassPersistSetValueTest, ReadsTheLongestValuesThatSnmpdSends) {
  const std::string text(4085, 'x');
  EXPECT_EQ(Parsed(absl::StrCat("string \"", text, "\"")),
            absl::StrCat("OctetString \"", text, "\""));
  std::string hex;
  std::string escaped;
  for (int i = 0; i < 1362; ++i) {
    hex.append("ff ");
    escaped.append("\\xff");
  }
  EXPECT_EQ(Parsed(absl::StrCat("octet \"", hex, "\"")),
            absl::StrCat("OctetString \"", escaped, "\""));
}

// Once set they would be gone.
TEST(PassPersistSetValueTest, RefusesAValueThatNoReplyCanCarry) {
  const std::string text(4095, 'x');
  EXPECT_EQ(Parsed(absl::StrCat("string ", text.substr(1))),
            absl::StrCat("OctetString \"", text.substr(1), "\""));
  EXPECT_EQ(Parsed(absl::StrCat("string ", text)), "wrong-length");
  EXPECT_EQ(Parsed(absl::StrCat("octet ", std::string(2 * 1366, '0'))),
            "wrong-length");
  EXPECT_EQ(Parsed("objectid .3.50.1"), "wrong-value");
  EXPECT_EQ(Parsed("objectid .1"), "wrong-value");
}

TEST(PassPersistSetValueTest, KnowsTypesInAnyCaseAndByTheirOtherNames) {
  EXPECT_EQ(Parsed("INTEGER 987"), "Integer32 987");
  EXPECT_EQ(Parsed("Integer32 987"), "Integer32 987");
  EXPECT_EQ(Parsed("Counter32 1"), "Counter32 1");
  EXPECT_EQ(Parsed("GAUGE 1"), "Gauge32 1");
  EXPECT_EQ(Parsed("gauge32 1"), "Gauge32 1");
  EXPECT_EQ(Parsed("unsigned 1"), "Gauge32 1");
  EXPECT_EQ(Parsed("Unsigned32 1"), "Gauge32 1");
  EXPECT_EQ(Parsed("TimeTicks 1"), "TimeTicks 1");
  EXPECT_EQ(Parsed("IPADDRESS 1.2.3.4"), "IpAddress 1.2.3.4");
  EXPECT_EQ(Parsed("OBJECTID .1.3"), "ObjectIdentifier .1.3");
}

TEST(PassPersistSetValueTest, IgnoresSurroundingBlanks) {
  EXPECT_EQ(Parsed("  integer   5 \r"), "Integer32 5");
  EXPECT_EQ(Parsed("integer\t5"), "Integer32 5");
  EXPECT_EQ(Parsed("string \"text\"\r"), R"(OctetString "text")");
  EXPECT_EQ(Parsed("string\t\" x \"  "), R"(OctetString " x ")");
}

// For these types snmpd sends the contents of its buffer: bytes of its stack,
// or the value of the previous set.
TEST(PassPersistSetValueTest, RefusesTypesThatSnmpdDoesNotSend) {
  for (const char* const line :
       {"counter64 5", "Counter64 5", "opaque 9f 78 04 00 00 00 00",
        "float 1.5", "double 1.5", "integer64 5", "unsigned64 5", "bits 81",
        "null", "nsapaddress 1", "", " ", "?", "integers 5", "int 5", "5",
        "\"integer\" 5", "integer\"5\""}) {
    EXPECT_EQ(Parsed(line), "wrong-type") << line;
  }
  EXPECT_EQ(Parsed(absl::string_view("\0\x7f\xfe\0\0 1", 7)), "wrong-type");
}

}  // namespace
}  // namespace passpersist
