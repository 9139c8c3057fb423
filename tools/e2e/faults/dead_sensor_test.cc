// SPDX-License-Identifier: Apache-2.0
//
// Computed values whose functions hang.

#include <fstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/e2e/snmpd/playpen.h"
#include "tools/process/process.h"
#include "tools/process/testing/wait.h"

namespace passpersist_testing {
namespace {

using passpersist::tool::Process;
using testing::ElementsAre;
using testing::HasSubstr;

class DeadSensorTest : public PlaypenTest {
 protected:
  void StartSensorAgent() {
    StartSnmpd({AgentLine(kPlaypen, "faults/sensor_agent", {PathOf("alive")})});
  }
};

TEST_F(DeadSensorTest, DoesNotEndAWalk) {
  StartSensorAgent();
  ASSERT_FALSE(HasFatalFailure());
  EXPECT_THAT(client().Walk("").bindings,
              ElementsAre("1 = Gauge32: 1", "3 = Gauge32: 3"));
  EXPECT_THAT(client().BulkWalk("", 10).bindings,
              ElementsAre("1 = Gauge32: 1", "3 = Gauge32: 3"));
  EXPECT_THAT(client().Get({"2"}).bindings,
              ElementsAre(HasSubstr("No Such Instance")));
}

TEST_F(DeadSensorTest, ReturnsWhenItAnswersAgain) {
  StartSensorAgent();
  ASSERT_FALSE(HasFatalFailure());
  EXPECT_THAT(client().Get({"2"}).bindings,
              ElementsAre(HasSubstr("No Such Instance")));
  std::ofstream(PathOf("alive")) << "\n";
  EXPECT_TRUE(Eventually([&] {
    return client().Walk("").bindings ==
           std::vector<std::string>{"1 = Gauge32: 1", "2 = Gauge32: 2",
                                    "3 = Gauge32: 3"};
  }));
}

TEST_F(DeadSensorTest, DoesNotKeepTheAgentWhenSnmpdEnds) {
  StartSensorAgent();
  ASSERT_FALSE(HasFatalFailure());
  client().Get({"2"});
  const Process agent = Agent();
  KillSnmpd();
  EXPECT_TRUE(agent.AwaitEnd(kTimeout));
}

}  // namespace
}  // namespace passpersist_testing
