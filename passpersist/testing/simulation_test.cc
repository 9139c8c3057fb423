// SPDX-License-Identifier: Apache-2.0

#include "passpersist/testing/simulation.h"

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/scheduling/scheduler.h"

namespace passpersist_testing {
namespace {

using passpersist::Scheduler;
using passpersist::TaskKind;
using testing::ElementsAre;
using testing::IsEmpty;

class SimulationTest : public testing::Test {
 protected:
  // A task that sleeps.
  void Run(const std::string& name, absl::Duration time) {
    scheduler_->Run(TaskKind::kSetter, [this, name, time] {
      Log("begin " + name);
      simulation_.Sleep(time);
      Log("end " + name);
    });
  }

  void Log(const std::string& what) {
    log_.push_back(
        absl::StrCat(absl::FormatDuration(simulation_.Now()), " ", what));
  }
  std::vector<std::string> TakeLog() { return std::exchange(log_, {}); }

  std::vector<std::string> log_;
  Simulation simulation_;
  std::unique_ptr<Scheduler> scheduler_ = simulation_.NewScheduler();
};

TEST_F(SimulationTest, TasksTakeTheTimeThatTheySleep) {
  Run("a", absl::Seconds(2));
  Run("b", absl::Seconds(1));
  EXPECT_THAT(TakeLog(), ElementsAre("0 begin a", "0 begin b"));
  simulation_.Advance(absl::Seconds(1) - absl::Nanoseconds(1));
  EXPECT_THAT(TakeLog(), IsEmpty());
  simulation_.Advance(absl::Seconds(5));
  EXPECT_THAT(TakeLog(), ElementsAre("1s end b", "2s end a"));
}

TEST_F(SimulationTest, AWaitEndsAtItsDeadlineOrWhenATaskEndsIt) {
  std::atomic<bool> stop = false;
  simulation_.WaitUntil(absl::Seconds(3), stop);
  EXPECT_EQ(simulation_.Now(), absl::Seconds(3));
  scheduler_->Run(TaskKind::kSetter, [&] {
    simulation_.Sleep(absl::Seconds(1));
    stop = true;
  });
  simulation_.WaitUntil(absl::InfiniteDuration(), stop);
  EXPECT_EQ(simulation_.Now(), absl::Seconds(4));
}

TEST_F(SimulationTest, AHangEndsWithEndHangs) {
  Run("a", absl::InfiniteDuration());
  TakeLog();
  simulation_.Advance(absl::Hours(1));
  EXPECT_THAT(TakeLog(), IsEmpty());
  simulation_.EndHangs();
  EXPECT_THAT(TakeLog(), ElementsAre("1h end a"));
}

TEST_F(SimulationTest, PeriodicTasksRunInTime) {
  const Scheduler::Trigger trigger =
      scheduler_->Every(absl::Seconds(10), [this] {
        Log("begin");
        simulation_.Sleep(absl::Seconds(4));
        Log("end");
      });
  simulation_.Advance(absl::Seconds(15));
  EXPECT_THAT(TakeLog(),
              ElementsAre("0 begin", "4s end", "10s begin", "14s end"));
  trigger();
  // During the run.
  trigger();
  simulation_.Advance(absl::Seconds(10));
  EXPECT_THAT(TakeLog(),
              ElementsAre("15s begin", "19s end", "19s begin", "23s end"));
}

TEST_F(SimulationTest, StopEndsSleep) {
  Run("a", absl::InfiniteDuration());
  scheduler_->Stop();
  EXPECT_THAT(TakeLog(), ElementsAre("0 begin a", "0 end a"));
  EXPECT_FALSE(scheduler_->Run(TaskKind::kSetter, [] {}));
}

}  // namespace
}  // namespace passpersist_testing
