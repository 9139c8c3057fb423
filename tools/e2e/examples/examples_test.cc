// SPDX-License-Identifier: Apache-2.0
//
// The programs of examples/, with the lines of examples/snmpd.conf.

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/e2e/snmpd/playpen.h"
#include "tools/runfile.h"

namespace passpersist_testing {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class ExamplesTest : public PlaypenTest {
 protected:
  void SetUp() override {
    std::ofstream(PathOf("settings.ini")) << "[voip]\nport = 5060\n";
    std::ofstream(PathOf("queues")) << "2 0 70 9000 0\n1 5 60 7000 3 1000\n";
    StartSnmpd("examples/snmpd.conf",
               {{"/usr/local/lib/snmp", Runfile("examples")},
                {"/var/lib/snmp/settable", PathOf("settable")},
                {"/run/scheduler/queues", PathOf("queues")},
                {"/var/lib/settings/phones.ini", PathOf("settings.ini")}});
  }
};

TEST_F(ExamplesTest, HelloAgentGreetsAndCountsTheTime) {
  const auto expected = ElementsAre("1.1.0 = STRING: \"hello, world\"",
                                    StartsWith("1.2.0 = Timeticks: ("));
  EXPECT_THAT(client().Walk("1").bindings, expected);
  EXPECT_THAT(client().BulkWalk("1").bindings, expected);
  EXPECT_THAT(client().V1().Walk("1").bindings, expected);
  EXPECT_THAT(client().Get({"1.1.0"}).bindings,
              ElementsAre("1.1.0 = STRING: \"hello, world\""));
  EXPECT_EQ(client().Set("1.1.0", "s", "goodbye").error, "notWritable");
}

TEST_F(ExamplesTest, InterfaceTableHasTheLoopback) {
  const SnmpResult walk = client().Walk("2");
  EXPECT_EQ(walk.exit_status, 0);
  EXPECT_THAT(walk.bindings, Contains(HasSubstr("STRING: \"lo\""))) << walk;
  EXPECT_EQ(client().BulkWalk("2").bindings.size(), walk.bindings.size());
}

TEST_F(ExamplesTest, QueueTableHasTheRowsOfItsFile) {
  EXPECT_THAT(
      client().Walk("4").bindings,
      ElementsAre("4.1.1.1.5 = Counter64: 60", "4.1.1.2.0 = Counter64: 70",
                  "4.1.2.1.5 = Counter64: 7000", "4.1.2.2.0 = Counter64: 9000",
                  "4.1.3.1.5 = Counter64: 3", "4.1.3.2.0 = Counter64: 0",
                  "4.1.4.1.5 = Gauge32: 1000"));
}

TEST_F(ExamplesTest, SettableKeepsItsNumberOverAKill) {
  EXPECT_THAT(client().Get({"3.1.0"}).bindings,
              ElementsAre("3.1.0 = INTEGER: 0"));
  EXPECT_EQ(client().Set("3.1.0", "i", "42").exit_status, 0);
  EXPECT_EQ(client().Set("3.1.0", "s", "forty-two").error, "wrongType");
  KillAgent();
  EXPECT_THAT(client().Get({"3.1.0"}).bindings,
              ElementsAre("3.1.0 = INTEGER: 42"));
}

TEST_F(ExamplesTest, SettableHasNoNumberWhileItsFileHasNone) {
  const auto no_number = ElementsAre(HasSubstr("No Such Instance"));
  std::ofstream(PathOf("settable")) << "forty-two\n";
  EXPECT_THAT(client().Get({"3.1.0"}).bindings, no_number);
  KillAgent();
  std::filesystem::remove(PathOf("settable"));
  std::filesystem::create_directory(PathOf("settable"));
  EXPECT_THAT(client().Get({"3.1.0"}).bindings, no_number);
}

TEST_F(ExamplesTest, OneWalkShowsThemAll) {
  const SnmpResult walk = client().Walk("");
  for (const char* const name :
       {"1.1.0 = ", "1.2.0 = ", "2.", "3.1.0 = ", "4.", "5."}) {
    EXPECT_THAT(walk.bindings, Contains(StartsWith(name))) << walk;
  }
  EXPECT_EQ(snmpd().Agents().size(), 5u);
}

}  // namespace
}  // namespace passpersist_testing
