// SPDX-License-Identifier: Apache-2.0
//
// AddHealthSubtree() and the objects of its MIB module; examples/agent_health.

#include <memory>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent_builder.h"
#include "passpersist/contents.h"
#include "passpersist/monitoring/health_subtree.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/testing/simulation.h"
#include "passpersist/testing/test_agent.h"
#include "tools/e2e/examples/mib_objects.h"
#include "tools/e2e/snmpd/playpen.h"

namespace passpersist_testing {
namespace {

using passpersist::AddHealthSubtree;
using passpersist::AgentBuilder;
using passpersist::Contents;
using passpersist::Oid;
using passpersist::VarBind;
using testing::_;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr char kMib[] = "PASSPERSIST-HEALTH-MIB";
const Oid kRoot = {1, 3, 6, 1, 4, 1, 8072, 9999, 9999, 21};

// The second run of the update is in progress, so that no column is missing.
TEST(HealthMibTest, HasExactlyTheServedObjects) {
  const auto simulation = std::make_shared<Simulation>();
  AgentBuilder builder;
  AddHealthSubtree(builder, kRoot);
  builder.AddSubtree(Oid({1, 3, 6, 1, 3}), absl::Seconds(10),
                     [=, runs = 0](Contents&) mutable {
                       if (++runs > 1) simulation->Sleep(absl::Seconds(5));
                       return absl::OkStatus();
                     });
  TestAgent agent(std::move(builder), simulation);
  agent.Advance(absl::Seconds(11));

  std::set<std::string> served;
  for (VarBind& binding : agent.Walk(kRoot)) {
    binding.oid.Truncate(binding.oid.size() - 1);  // the index, or the 0
    served.insert(binding.oid.ToString());
  }
  std::set<std::string> declared;
  for (const auto& [oid, name] :
       AccessibleObjects(kMib, {"healthSubtreeIndex"})) {
    declared.insert(oid);
  }
  EXPECT_THAT(declared, SizeIs(17));
  EXPECT_EQ(served, declared);
}

class AgentHealthTest : public PlaypenTest {
 protected:
  void SetUp() override {
    const std::string mibs = Runfile("testdata/mibs");
    options().mib_modules = {kMib};
    options().mib_directories = {mibs, mibs + "/stand_ins"};
    StartSnmpd({PassPersistLine(kPlaypen, "examples/agent_health")});
  }
};

TEST_F(AgentHealthTest, AWalkShowsNamesAndTheTypesThatTheyHave) {
  const std::string walk =
      client().Run("snmpwalk", {"-OS"}, {"passpersistHealthMIB"}).output;
  EXPECT_THAT(walk, Not(HasSubstr("Wrong Type")));
  EXPECT_THAT(walk, HasSubstr("HEALTH-MIB::healthUptime.0 = Timeticks: ("));
  EXPECT_THAT(walk, HasSubstr("HEALTH-MIB::healthRequests.0 = Counter64: "));
}

TEST_F(AgentHealthTest, SnmptableHasARowForTheLoad) {
  const auto table = client().Table("healthSubtreeTable");
  ASSERT_THAT(table, SizeIs(2));
  EXPECT_THAT(
      table[0],
      ElementsAre("index", "healthSubtreeRoot", "healthSubtreeUpdates",
                  "healthSubtreeFailures", "healthSubtreeUnchanged",
                  "healthSubtreeRunningSince", "healthSubtreeAge",
                  "healthSubtreeLastDuration", "healthSubtreeInstanceErrors",
                  "healthSubtreeInstances", "healthSubtreeMemory",
                  "healthSubtreeLastError"));
  EXPECT_THAT(table[1], ElementsAre("1", "NET-SNMP-MIB::netSnmpPlaypen.6",
                                    "1 updates", "0 updates", "0 updates", "?",
                                    _, _, "0 errors", "3 instances", _, ""));
}

}  // namespace
}  // namespace passpersist_testing
