// SPDX-License-Identifier: Apache-2.0
//
// Updates that take long.

#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/e2e/snmpd/playpen.h"
#include "tools/process/process.h"
#include "tools/process/subprocess.h"
#include "tools/process/testing/wait.h"

namespace passpersist_testing {
namespace {

using passpersist::tool::Process;
using passpersist::tool::Subprocess;
using testing::ElementsAre;
using testing::HasSubstr;

class SlowUpdateTest : public PlaypenTest {
 protected:
  void StartSlowAgent(const std::string& first_update_limit) {
    StartSnmpd({AgentLine(kPlaypen, "faults/slow_agent",
                          {first_update_limit, PathOf("go")})});
  }

  // Lets the slow update end.
  void FinishUpdate() { std::ofstream(PathOf("go")) << "\n"; }

  bool WalkShows(const std::vector<std::string>& bindings) {
    return client().Walk("").bindings == bindings;
  }
};

TEST_F(SlowUpdateTest, FirstAnswerWaitsForIt) {
  StartSlowAgent("inf");
  ASSERT_FALSE(HasFatalFailure());
  std::unique_ptr<Subprocess> walk = client().StartWalk("");
  EXPECT_EQ(walk->Wait(absl::Milliseconds(300)), std::nullopt);
  FinishUpdate();
  EXPECT_THAT(
      client().Finish(std::move(walk)).bindings,
      ElementsAre("1.0 = INTEGER: 1", "2.0 = INTEGER: 1", "3.0 = INTEGER: 1"));
}

TEST_F(SlowUpdateTest, FirstAnswerWaitsNoLongerThanItsLimit) {
  StartSlowAgent("300ms");
  ASSERT_FALSE(HasFatalFailure());
  const absl::Time begin = absl::Now();
  EXPECT_THAT(client().Get({"2.0"}).bindings,
              ElementsAre(HasSubstr("No Such Instance")));
  EXPECT_GE(absl::Now() - begin, absl::Milliseconds(300));
  // Other requests don't wait, either.
  EXPECT_TRUE(client().IsAnswered(kTimeout));
  EXPECT_TRUE(Eventually([&] {
    return WalkShows({"1.0 = INTEGER: 1", "3.0 = INTEGER: 1"});
  }));
}

TEST_F(SlowUpdateTest, ValuesComeWhenItIsDone) {
  StartSlowAgent("1ms");
  ASSERT_FALSE(HasFatalFailure());
  EXPECT_THAT(client().Get({"2.0"}).bindings,
              ElementsAre(HasSubstr("No Such Instance")));
  FinishUpdate();
  EXPECT_TRUE(Eventually([&] {
    return WalkShows(
        {"1.0 = INTEGER: 1", "2.0 = INTEGER: 1", "3.0 = INTEGER: 1"});
  }));
}

TEST_F(SlowUpdateTest, AgentEndsWithSnmpdDuringTheUpdate) {
  StartSlowAgent("1ms");
  ASSERT_FALSE(HasFatalFailure());
  client().Get({"1.0"});
  const Process agent = Agent();
  KillSnmpd();
  EXPECT_TRUE(agent.AwaitEnd(kTimeout));
}

}  // namespace
}  // namespace passpersist_testing
