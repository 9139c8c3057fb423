// SPDX-License-Identifier: Apache-2.0
//
// SNMP SETs that are accepted.

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/e2e/snmpd/playpen.h"
#include "tools/e2e/snmpd/raw_set.h"

namespace passpersist_testing {
namespace {

using testing::ElementsAre;

class SetTest : public PlaypenTest {
 protected:
  void SetUp() override {
    StartSnmpd({AgentLine(kPlaypen, "sets/types_agent", {PathOf("journal")})});
  }

  // Sets an object, and expects that the next get returns `binding`.
  void ExpectSet(const std::string& name, const std::string& type,
                 const std::string& value, const std::string& binding) {
    const SnmpResult set = client().Set(name, type, value);
    EXPECT_THAT(set.bindings, ElementsAre(binding)) << set;
    EXPECT_EQ(set.exit_status, 0);
    EXPECT_THAT(client().Get({name}).bindings, ElementsAre(binding));
  }

  // Like ExpectSet(), for a string; compares its bytes.
  void ExpectSetString(const std::string& name, const std::string& bytes) {
    const SnmpResult set = client().Set(name, "s", bytes);
    EXPECT_EQ(set.exit_status, 0) << set;
    EXPECT_EQ(client().GetBytes(name), bytes);
  }
};

TEST_F(SetTest, Integer) {
  for (const char* const value :
       {"7", "0", "-1", "2147483647", "-2147483648"}) {
    ExpectSet("1.0", "i", value, absl::StrCat("1.0 = INTEGER: ", value));
  }
}

// snmpd prints values over 2^31 with a minus sign.
TEST_F(SetTest, Unsigned) {
  for (const char* const value : {"7", "0", "2147483648", "4294967295"}) {
    ExpectSet("2.0", "u", value, absl::StrCat("2.0 = Gauge32: ", value));
  }
}

TEST_F(SetTest, Timeticks) {
  ExpectSet("3.0", "t", "12345", "3.0 = Timeticks: (12345) 0:02:03.45");
  ExpectSet("3.0", "t", "4294967295",
            "3.0 = Timeticks: (4294967295) 497 days, 2:27:52.95");
}

TEST_F(SetTest, Counter32) {
  for (const uint32_t number : {1u, 0u, 3000000000u, 4294967295u}) {
    const absl::StatusOr<int> error =
        RawSet(snmpd().port(), snmpd().community(),
               absl::StrCat(kPlaypen, ".10.0"), RawType::kCounter32, number);
    ASSERT_TRUE(error.ok()) << error.status();
    EXPECT_EQ(*error, 0);
    EXPECT_THAT(client().Get({"10.0"}).bindings,
                ElementsAre(absl::StrCat("10.0 = Counter32: ", number)));
  }
}

TEST_F(SetTest, IpAddress) {
  ExpectSet("4.0", "a", "192.168.0.255", "4.0 = IpAddress: 192.168.0.255");
  ExpectSet("4.0", "a", "0.0.0.0", "4.0 = IpAddress: 0.0.0.0");
}

TEST_F(SetTest, ObjectId) {
  ExpectSet("5.0", "o", ".1.3.6.1.2.1", "5.0 = OID: .1.3.6.1.2.1");
  ExpectSet("5.0", "o", ".1.3.4294967295", "5.0 = OID: .1.3.4294967295");
  ExpectSet("5.0", "o", ".0.0", "5.0 = OID: .0.0");
}

TEST_F(SetTest, Strings) {
  for (const char* const text :
       {"other text", "x", "  blanks  ", "\"", "\"\"", "say \"hi\"",
        "\"quoted\"", "back\\slash", "\\", "\\\"", "integer 5", "NONE", "PING",
        "# ; $HOME `id` %s"}) {
    ExpectSetString("6.0", text);
  }
}

TEST_F(SetTest, StringsThatDoNotPrint) {
  for (const char* const text :
       {"two\nlines", "a line\n", "\n", "\r", "a\r\n", "\t",
        "gr\xc3\xbc\xc3\x9f", "\x80\xff", "\x7f", "get\n.1.3\n"}) {
    ExpectSetString("6.0", text);
  }
}

TEST_F(SetTest, EmptyString) {
  ExpectSet("6.0", "s", "", "6.0 = \"\"");
  ExpectSet("7.0", "x", "", "7.0 = \"\"");
}

TEST_F(SetTest, HexStrings) {
  ExpectSet("7.0", "x", "00ff0a0d00", "7.0 = Hex-STRING: 00 FF 0A 0D 00");
  ExpectSet("7.0", "x", "00", "7.0 = Hex-STRING: 00");
  // If all bytes are printable, snmpd sends them as text.
  ExpectSet("7.0", "x", "616263", "7.0 = STRING: \"abc\"");
  ExpectSet("7.0", "x", "22", "7.0 = STRING: \"\\\"\"");
  ExpectSet("7.0", "d", "255.0.1", "7.0 = Hex-STRING: FF 00 01");
}

TEST_F(SetTest, Bits) {
  ExpectSet("8.0", "b", "0 7 15", "8.0 = Hex-STRING: 81 01");
  ExpectSet("8.0", "b", "1 3 4 6", "8.0 = STRING: \"Z\"");
}

// The longest strings that fit the line that Net-SNMP 5.9.3 sends for a set.
TEST_F(SetTest, LongStrings) {
  for (const size_t size : {255, 1024, 4000, 4086}) {
    ExpectSetString("6.0", std::string(size, 'a'));
  }
  for (const size_t size : {255, 1024, 1362}) {
    ExpectSetString("6.0", std::string(size, '\xff'));
  }
}

TEST_F(SetTest, SeveralObjectsInOneRequest) {
  const SnmpResult set = client().Set({{"1.0", "i", "11"},
                                       {"6.0", "s", "eleven"},
                                       {"3.0", "t", "12"},
                                       {"17.5", "u", "13"}});
  EXPECT_EQ(set.exit_status, 0) << set;
  EXPECT_THAT(
      client().Get({"1.0", "6.0", "3.0", "17.5"}).bindings,
      ElementsAre("1.0 = INTEGER: 11", "6.0 = STRING: \"eleven\"",
                  "3.0 = Timeticks: (12) 0:00:00.12", "17.5 = Gauge32: 13"));
}

// snmpd doesn't tell its programs which objects belong to one request.
TEST_F(SetTest, AValueStaysSetWhenTheNextObjectOfTheRequestFails) {
  const SnmpResult set =
      client().Set({{"1.0", "i", "11"}, {"18.10", "i", "1"}});
  EXPECT_EQ(set.error, "wrongValue") << set;
  EXPECT_EQ(set.failed_object, "18.10");
  EXPECT_THAT(client().Get({"1.0"}).bindings, ElementsAre("1.0 = INTEGER: 11"));
}

TEST_F(SetTest, CreatesRowsBelowASetter) {
  EXPECT_THAT(client().Get({"17.2"}).bindings,
              ElementsAre("17.2 = No Such Instance currently exists at this "
                          "OID"));
  EXPECT_THAT(client().Walk("17").bindings, ElementsAre());
  ExpectSet("17.10", "i", "10", "17.10 = INTEGER: 10");
  ExpectSet("17.2", "s", "two", "17.2 = STRING: \"two\"");
  ExpectSet("17.2.3", "a", "1.2.3.4", "17.2.3 = IpAddress: 1.2.3.4");
  EXPECT_THAT(
      client().Walk("17").bindings,
      ElementsAre("17.2 = STRING: \"two\"", "17.2.3 = IpAddress: 1.2.3.4",
                  "17.10 = INTEGER: 10"));
}

TEST_F(SetTest, V1CanSet) {
  EXPECT_EQ(client().V1().Set("1.0", "i", "17").exit_status, 0);
  EXPECT_EQ(client().V1().Set("17.1", "s", "created").exit_status, 0);
  EXPECT_THAT(client().V1().Get({"1.0", "17.1"}).bindings,
              ElementsAre("1.0 = INTEGER: 17", "17.1 = STRING: \"created\""));
}

// Updates run during the test, and have read older values from the journal.
TEST_F(SetTest, OneProcessAlwaysReturnsTheLastSetValue) {
  client().Get({"1.0"});
  const pid_t pid = Agent().pid();
  for (int i = 0; i < 50; ++i) {
    ExpectSet("1.0", "i", absl::StrCat(i), absl::StrCat("1.0 = INTEGER: ", i));
  }
  EXPECT_EQ(Agent().pid(), pid);
}

TEST_F(SetTest, KillLosesNothingThatWasAcknowledged) {
  for (int i = 0; i < 10; ++i) {
    const std::string value = absl::StrCat(i);
    ASSERT_EQ(
        client().Set({{"1.0", "i", value}, {"17.1", "u", value}}).exit_status,
        0);
    KillAgent();
    EXPECT_THAT(
        client().Get({"1.0", "17.1"}).bindings,
        ElementsAre("1.0 = INTEGER: " + value, "17.1 = Gauge32: " + value));
  }
}

}  // namespace
}  // namespace passpersist_testing
