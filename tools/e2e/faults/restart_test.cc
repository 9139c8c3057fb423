// SPDX-License-Identifier: Apache-2.0
//
// Killed agents and killed snmpds.

#include <signal.h>

#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/e2e/snmpd/playpen.h"
#include "tools/process/process.h"
#include "tools/process/subprocess.h"
#include "tools/process/testing/process_state.h"
#include "tools/process/testing/wait.h"

namespace passpersist_testing {
namespace {

using passpersist::tool::Process;
using passpersist::tool::Subprocess;
using testing::ElementsAre;
using testing::ElementsAreArray;

// The values of stopping_agent.
std::vector<std::string> Rows(int first, int last) {
  std::vector<std::string> rows;
  for (int row = first; row <= last; ++row) {
    rows.push_back(absl::StrCat(row, " = Gauge32: ", row));
  }
  return rows;
}

class RestartTest : public PlaypenTest {
 protected:
  void SetUp() override {
    StartSnmpd({AgentLine(kPlaypen, "faults/stopping_agent", {Marker()})});
  }

  std::string Marker() const { return PathOf("stopped"); }

  // After this call, agents don't stop any more.
  void LetRun() { std::ofstream(Marker()) << "\n"; }

  // Starts a walk and returns when the walk waits for a stopped agent.
  std::unique_ptr<Subprocess> WalkIntoStop(Process* agent) {
    std::unique_ptr<Subprocess> walk = client().StartWalk("");
    EXPECT_TRUE(Eventually([&] { return snmpd().Agents().size() == 1; }));
    *agent = Agent();
    EXPECT_TRUE(AwaitStop(*agent));
    return walk;
  }
};

TEST_F(RestartTest, RequestAfterAKillIsAnsweredByANewAgent) {
  LetRun();
  client().Get({"1"});
  for (int i = 0; i < 10; ++i) {
    const pid_t before = Agent().pid();
    KillAgent();
    const SnmpResult get = client().Get({"1", "300"});
    EXPECT_THAT(get.bindings,
                ElementsAre("1 = Gauge32: 1", "300 = Gauge32: 300"))
        << get;
    EXPECT_NE(Agent().pid(), before);
  }
}

TEST_F(RestartTest, WalkAfterAKillIsComplete) {
  LetRun();
  client().Get({"1"});
  KillAgent();
  EXPECT_THAT(client().Walk("").bindings, ElementsAreArray(Rows(1, 300)));
  KillAgent();
  EXPECT_THAT(client().BulkWalk("").bindings, ElementsAreArray(Rows(1, 300)));
}

TEST_F(RestartTest, WalkContinuesAfterAKillBetweenItsRequests) {
  LetRun();
  std::string name;
  for (int row = 1; row <= 20; ++row) {
    const SnmpResult next = client().GetNext({name});
    EXPECT_THAT(next.bindings, ElementsAreArray(Rows(row, row))) << next;
    name = absl::StrCat(row);
    KillAgent();
  }
}

// snmpd ends only the walk that was waiting for the agent (without an error).
TEST_F(RestartTest, KillDuringARequestEndsOnlyThatWalk) {
  Process agent;
  std::unique_ptr<Subprocess> walk = WalkIntoStop(&agent);
  agent.Signal(SIGKILL);
  const SnmpResult cut_short = client().Finish(std::move(walk));
  EXPECT_EQ(cut_short.exit_status, 0) << cut_short;
  EXPECT_THAT(cut_short.bindings, ElementsAreArray(Rows(1, 149)));

  EXPECT_THAT(client().Walk("").bindings, ElementsAreArray(Rows(1, 300)));
  EXPECT_NE(Agent().pid(), agent.pid());
}

TEST_F(RestartTest, KillsAtAnyMomentLeaveSnmpdServing) {
  LetRun();
  for (int i = 0; i < 20; ++i) {
    std::unique_ptr<Subprocess> walk = client().StartWalk("");
    EXPECT_TRUE(Eventually([&] { return !snmpd().Agents().empty(); }));
    absl::SleepFor(i * absl::Milliseconds(1));
    KillAgent();
    const SnmpResult cut_short = client().Finish(std::move(walk));
    EXPECT_EQ(cut_short.exit_status, 0) << cut_short;
    EXPECT_THAT(cut_short.bindings,
                ElementsAreArray(Rows(1, cut_short.bindings.size())));
  }
  EXPECT_THAT(client().Walk("").bindings, ElementsAreArray(Rows(1, 300)));
}

TEST_F(RestartTest, AgentEndsWhenSnmpdIsKilled) {
  LetRun();
  client().Walk("");
  const Process agent = Agent();
  KillSnmpd();
  EXPECT_TRUE(agent.AwaitEnd(kTimeout));
}

TEST_F(RestartTest, AgentEndsWhenSnmpdIsKilledWithinARequest) {
  Process agent;
  std::unique_ptr<Subprocess> walk = WalkIntoStop(&agent);
  KillSnmpd();
  walk.reset();
  agent.Signal(SIGCONT);
  EXPECT_TRUE(agent.AwaitEnd(kTimeout));
}

}  // namespace
}  // namespace passpersist_testing
