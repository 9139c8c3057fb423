// SPDX-License-Identifier: Apache-2.0
//
// Values at the limits of pass_persist, and walks over values beyond them.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/e2e/reads/limit_strings.h"
#include "tools/e2e/snmpd/playpen.h"

namespace passpersist_testing {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;

class LimitsTest : public PlaypenTest {
 protected:
  void SetUp() override {
    StartSnmpd({AgentLine(kPlaypen, "reads/limits_agent"),
                "[snmp] sendMessageMaxSize 65000"});
  }

  // The strings that can be sent, with their names.
  static SnmpClient::Strings Sendable() {
    SnmpClient::Strings sendable;
    int row = 0;
    for (const LimitString& string : LimitStrings()) {
      ++row;
      if (string.can_be_sent) {
        sendable.emplace_back(absl::StrCat("1.", row), string.bytes);
      }
    }
    return sendable;
  }
};

TEST_F(LimitsTest, GetReadsEveryStringThatCanBeSent) {
  int row = 0;
  pid_t pid = 0;
  for (const LimitString& string : LimitStrings()) {
    SCOPED_TRACE(string.description);
    const std::string name = absl::StrCat("1.", ++row);
    if (string.can_be_sent) {
      EXPECT_EQ(client().GetBytes(name), string.bytes);
    } else {
      EXPECT_THAT(client().Get({name}).bindings,
                  ElementsAre(HasSubstr("No Such Instance")));
    }
    if (pid == 0) pid = Agent().pid();
    EXPECT_EQ(Agent().pid(), pid);
  }
}

TEST_F(LimitsTest, WalkContinuesAfterStringsThatCanNotBeSent) {
  client().Get({"1.1"});
  const pid_t pid = Agent().pid();
  EXPECT_EQ(client().WalkBytes("1"), Sendable());
  EXPECT_EQ(client().V1().WalkBytes("1"), Sendable());
  EXPECT_EQ(Agent().pid(), pid);
}

TEST_F(LimitsTest, BulkWalkDoesToo) {
  client().Get({"1.1"});
  const pid_t pid = Agent().pid();
  EXPECT_EQ(client().BulkWalkBytes("1"), Sendable());
  EXPECT_EQ(Agent().pid(), pid);
}

TEST_F(LimitsTest, NumbersOfFullSize) {
  EXPECT_THAT(
      client().Walk("2").bindings,
      ElementsAre(
          "2.1 = INTEGER: -2147483648", "2.2 = INTEGER: -1", "2.3 = INTEGER: 0",
          "2.4 = INTEGER: 2147483647", "2.5 = Gauge32: 0",
          "2.6 = Gauge32: 2147483648", "2.7 = Gauge32: 4294967295",
          "2.8 = Counter32: 0", "2.9 = Counter32: 4294967295",
          "2.10 = Timeticks: (0) 0:00:00.00",
          "2.11 = Timeticks: (4294967295) "
          "497 days, 2:27:52.95",
          "2.12 = Counter64: 0", "2.13 = Counter64: 18446744073709551615",
          "2.14 = IpAddress: 0.0.0.0", "2.15 = IpAddress: 255.255.255.255"));
}

// Rows 2, 4 and 6 to 8 are OIDs that snmpd could not encode.
TEST_F(LimitsTest, ObjectIdsOfFullSize) {
  std::string longest = "3.9 = OID: .1.3";
  for (int i = 2; i < 128; ++i) absl::StrAppend(&longest, ".4294967295");
  const SnmpResult walk = client().Walk("3");
  EXPECT_THAT(walk.bindings, ElementsAre("3.1 = OID: .0.0", "3.3 = OID: .1.39",
                                         "3.5 = OID: .2.4294967215", longest))
      << walk;
  EXPECT_EQ(walk.exit_status, 0);
}

TEST_F(LimitsTest, NamesOf128ArcsAreWalkedAndLongerNamesSkipped) {
  std::vector<std::string> expected;
  for (const int arcs : {127, 128}) {
    std::string name = absl::StrCat("4.", arcs);
    for (int i = 11; i < arcs; ++i) absl::StrAppend(&name, ".4294967295");
    expected.push_back(absl::StrCat(name, " = INTEGER: 1"));
  }
  expected.push_back("4.4294967295 = INTEGER: 2");
  const SnmpResult walk = client().Walk("4");
  EXPECT_THAT(walk.bindings, ElementsAreArray(expected)) << walk;
  const SnmpResult bulk_walk = client().BulkWalk("4");
  EXPECT_THAT(bulk_walk.bindings, ElementsAreArray(expected)) << bulk_walk;
}

// Needs the line with sendMessageMaxSize; without it snmpd fails to send.
TEST_F(LimitsTest, BulkWalkOfMoreThanAPacketHolds) {
  const SnmpResult walk = client().BulkWalk("5", 50);
  EXPECT_EQ(walk.exit_status, 0) << walk.diagnostics;
  EXPECT_EQ(walk.bindings.size(), 50u);
}

}  // namespace
}  // namespace passpersist_testing
