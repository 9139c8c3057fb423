// SPDX-License-Identifier: Apache-2.0

#include "passpersist/testing/manual_scheduler.h"

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/scheduling/scheduler.h"

namespace passpersist_testing {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ManualSchedulerTest : public testing::Test {
 protected:
  // Schedules a task that records its name.
  void Every(absl::Duration period, std::string name) {
    scheduler_.Every(period, [this, name] { runs_.push_back(name); });
  }

  bool Run(std::string name) {
    return scheduler_.Run(passpersist::TaskKind::kSetter,
                          [this, name] { runs_.push_back(name); });
  }

  // The tasks that run while `duration` passes.
  std::vector<std::string> Advance(absl::Duration duration) {
    runs_.clear();
    scheduler_.Advance(duration);
    return runs_;
  }

  std::vector<std::string> runs_;
  ManualScheduler scheduler_;
};

TEST_F(ManualSchedulerTest, RunsATaskWithinEvery) {
  Every(absl::Seconds(1), "a");
  EXPECT_THAT(runs_, ElementsAre("a"));
}

TEST_F(ManualSchedulerTest, RunsNothingBeforeItIsDue) {
  Every(absl::Seconds(10), "a");
  EXPECT_THAT(Advance(absl::Seconds(9)), IsEmpty());
  EXPECT_THAT(Advance(absl::Seconds(1)), ElementsAre("a"));
  EXPECT_THAT(Advance(absl::ZeroDuration()), IsEmpty());
}

TEST_F(ManualSchedulerTest, RunsEveryMultipleThatPasses) {
  Every(absl::Seconds(10), "a");
  EXPECT_THAT(Advance(absl::Seconds(35)), ElementsAre("a", "a", "a"));
  EXPECT_THAT(Advance(absl::Seconds(5)), ElementsAre("a"));
}

TEST_F(ManualSchedulerTest, RunsTasksInTheOrderOfTheirTimes) {
  Every(absl::Seconds(3), "three");
  Every(absl::Seconds(2), "two");
  EXPECT_THAT(Advance(absl::Seconds(5)), ElementsAre("two", "three", "two"));
}

TEST_F(ManualSchedulerTest, CountsThePeriodFromTheCallOfEvery) {
  Advance(absl::Seconds(5));
  Every(absl::Seconds(10), "a");
  EXPECT_THAT(Advance(absl::Seconds(9)), IsEmpty());
  EXPECT_THAT(Advance(absl::Seconds(1)), ElementsAre("a"));
}

TEST_F(ManualSchedulerTest, TheTriggerRunsItsTaskAndKeepsThePeriod) {
  Every(absl::Seconds(10), "a");
  const passpersist::Scheduler::Trigger trigger =
      scheduler_.Every(absl::Seconds(10), [this] { runs_.push_back("b"); });
  EXPECT_THAT(Advance(absl::Seconds(9)), IsEmpty());
  trigger();
  EXPECT_THAT(runs_, ElementsAre("b"));
  EXPECT_THAT(Advance(absl::Seconds(1)), ElementsAre("a", "b"));
  scheduler_.Stop();
  runs_.clear();
  trigger();
  EXPECT_THAT(runs_, IsEmpty());
}

TEST_F(ManualSchedulerTest, RunsATaskOfRunWithinTheCall) {
  EXPECT_TRUE(Run("a"));
  EXPECT_THAT(runs_, ElementsAre("a"));
}

TEST_F(ManualSchedulerTest, APeriodicTaskMayCallRun) {
  scheduler_.Every(absl::Seconds(1), [this] { EXPECT_TRUE(Run("a")); });
  EXPECT_THAT(Advance(absl::Seconds(1)), ElementsAre("a"));
}

TEST_F(ManualSchedulerTest, HoldsTasksUntilTheTestRunsThem) {
  scheduler_.SetRunMode(ManualScheduler::RunMode::kHold);
  EXPECT_TRUE(Run("a"));
  EXPECT_TRUE(Run("b"));
  EXPECT_THAT(runs_, IsEmpty());
  EXPECT_EQ(scheduler_.RunHeld(), 2u);
  EXPECT_THAT(runs_, ElementsAre("a", "b"));
  EXPECT_EQ(scheduler_.RunHeld(), 0u);
}

TEST_F(ManualSchedulerTest, RefusesTasksOnRequestAndAfterStop) {
  scheduler_.SetRunMode(ManualScheduler::RunMode::kRefuse);
  EXPECT_FALSE(Run("a"));
  scheduler_.SetRunMode(ManualScheduler::RunMode::kHold);
  EXPECT_TRUE(Run("b"));
  scheduler_.Stop();
  EXPECT_FALSE(Run("c"));
  EXPECT_EQ(scheduler_.RunHeld(), 0u);
  EXPECT_THAT(runs_, IsEmpty());
}

TEST_F(ManualSchedulerTest, StopEndsTheRuns) {
  Every(absl::Seconds(1), "a");
  scheduler_.Stop();
  EXPECT_THAT(Advance(absl::Seconds(10)), IsEmpty());
  scheduler_.Stop();
}

}  // namespace
}  // namespace passpersist_testing
