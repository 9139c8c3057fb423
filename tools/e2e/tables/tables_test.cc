// SPDX-License-Identifier: Apache-2.0
//
// Tables that are declared as structs, by Net-SNMP's tools and the names of the
// MIB module.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/e2e/snmpd/playpen.h"

namespace passpersist_testing {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class TablesTest : public PlaypenTest {
 protected:
  void SetUp() override {
    const std::string mibs = Runfile("testdata/mibs");
    options().mib_modules = {"PASSPERSIST-EXAMPLES-MIB"};
    options().mib_directories = {mibs, mibs + "/stand_ins"};
    StartSnmpd(
        {AgentLine(absl::StrCat(kPlaypen, ".20"), "tables/tables_agent", {})});
  }
};

TEST_F(TablesTest, ServesSensors) {
  const std::vector<std::vector<std::string>> table =
      client().Table("exSensorTable");
  ASSERT_EQ(table.size(), 3);
  EXPECT_THAT(
      table[1],
      ElementsAre("1", "celsius", "units", "2", "2136", "ok", "degrees Celsius",
                  HasSubstr("0:0:00:00.00"), HasSubstr("1000"),
                  HasSubstr("2026-11-30,12:15:30.0,+0:0")));
  EXPECT_THAT(
      table[2],
      ElementsAre("20", "voltsDC", "milli", "2", "1205", "unavailable", "mV",
                  Not(HasSubstr("0:0:00:00.00")), HasSubstr("1000"), "?"));
}

TEST_F(TablesTest, ServesATableThatAugmentsAnother) {
  const auto ports = client().Table("exPortTable");
  const auto stats = client().Table("exPortStatsTable");
  ASSERT_EQ(ports.size(), 3);
  EXPECT_THAT(ports[1], ElementsAre("2", "edge"));
  EXPECT_THAT(ports[2], ElementsAre("300", "core"));
  ASSERT_EQ(stats.size(), 3);
  EXPECT_THAT(stats[1], ElementsAre("2", StartsWith("7"), "?"));
  EXPECT_THAT(stats[2], ElementsAre("300", StartsWith("1099511627776"), "?"));
}

// The order of the encodings: first the type, then the length, then the octets.
TEST_F(TablesTest, ServesAddressesInTheOrderOfTheirOids) {
  const auto table = client().Table("exAddressTable");
  ASSERT_EQ(table.size(), 6);
  std::vector<std::string> comments;
  for (size_t row = 1; row < table.size(); ++row) {
    ASSERT_EQ(table[row].size(), 4);
    comments.push_back(table[row][3]);
  }
  EXPECT_THAT(comments, ElementsAre("9.255.0.1", "10.0.0.1", "10.0.0.2",
                                    "2001:db8::1", "fe80::1%3"));
}

TEST_F(TablesTest, ServesListsOfPortsAndBits) {
  const auto table = client().Table("exVlanTable");
  ASSERT_EQ(table.size(), 3);
  ASSERT_EQ(table[1].size(), 5);
  EXPECT_EQ(table[1][1], "default");
  EXPECT_THAT(table[1][2], StartsWith("c0:"));
  EXPECT_THAT(table[1][3], StartsWith("80:"));
  EXPECT_THAT(table[2][4], HasSubstr("88 80"));
}

// snmpget itself refuses an octet above 255 if it knows the module.
TEST_F(TablesTest, AnIndexThatIsCutOffOrTooLongIsNotThere) {
  const std::string address = "20.1.3.1.1.5.1.4.10.0.0.1";
  EXPECT_THAT(client().Get({address}).bindings, testing::SizeIs(1));
  EXPECT_THAT(client().Get({address}).bindings[0], HasSubstr("10.0.0.1"));
  for (const char* const index :
       {"1.4.10.0.0", "1.4.10.0.0.1.0", "2.4.10.0.0.1", "1.5.10.0.0.1"}) {
    const SnmpResult result =
        client().Get({absl::StrCat("20.1.3.1.1.5.", index)});
    EXPECT_THAT(result.bindings, ElementsAre(HasSubstr("No Such")))
        << index << result;
  }
}

}  // namespace
}  // namespace passpersist_testing
