// SPDX-License-Identifier: Apache-2.0

#include "passpersist/thread_scheduler.h"

#include <atomic>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/testing/simulated_clock.h"
#include "passpersist/testing/thread_shortage.h"

namespace passpersist {
namespace {

using passpersist_testing::SimulatedClock;
using passpersist_testing::ThreadShortage;
using testing::ElementsAre;

// The times at which a task was run.
class Runs {
 public:
  explicit Runs(const SimulatedClock* clock) : clock_(*clock) {}

  void Add() {
    const absl::Duration now = clock_.Now();
    internal::MutexLock lock(mutex_);
    times_.push_back(now);
  }

  // Waits until there are `count` times.
  void Await(size_t count) const {
    const auto enough = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return times_.size() >= count;
    };
    internal::MutexLock lock(mutex_);
    mutex_.Await(absl::Condition(&enough));
  }

  std::vector<absl::Duration> times() const {
    internal::MutexLock lock(mutex_);
    return times_;
  }

 private:
  const SimulatedClock& clock_;
  mutable absl::Mutex mutex_;
  std::vector<absl::Duration> times_ ABSL_GUARDED_BY(mutex_);
};

class ThreadSchedulerTest : public testing::Test {
 protected:
  // Advances the clock, and waits until `tasks` tasks wait for their next run.
  void Advance(absl::Duration duration, size_t tasks = 1) {
    clock_->Advance(duration);
    clock_->AwaitWaiters(tasks);
  }

  const std::shared_ptr<SimulatedClock> clock_ =
      std::make_shared<SimulatedClock>();
  Runs runs_{clock_.get()};
  ThreadScheduler scheduler_{clock_};
};

TEST_F(ThreadSchedulerTest, RunsATaskAtOnceAndThenAtEveryMultipleOfThePeriod) {
  clock_->Advance(absl::Seconds(3));
  scheduler_.Every(absl::Seconds(10), [&] { runs_.Add(); });
  clock_->AwaitWaiters(1);
  EXPECT_THAT(runs_.times(), ElementsAre(absl::Seconds(3)));
  Advance(absl::Seconds(9));
  EXPECT_THAT(runs_.times(), ElementsAre(absl::Seconds(3)));
  Advance(absl::Seconds(1));
  Advance(absl::Seconds(10));
  EXPECT_THAT(runs_.times(), ElementsAre(absl::Seconds(3), absl::Seconds(13),
                                         absl::Seconds(23)));
}

TEST_F(ThreadSchedulerTest, TheTriggerRunsATaskInAdditionToItsPeriodicRuns) {
  const Scheduler::Trigger trigger =
      scheduler_.Every(absl::Seconds(10), [&] { runs_.Add(); });
  clock_->AwaitWaiters(1);
  Advance(absl::Seconds(4));
  trigger();
  runs_.Await(2);
  clock_->AwaitWaiters(1);
  Advance(absl::Seconds(6));
  EXPECT_THAT(runs_.times(), ElementsAre(absl::ZeroDuration(), absl::Seconds(4),
                                         absl::Seconds(10)));
}

TEST_F(ThreadSchedulerTest, ReturnsNullWithoutAThreadAndRunsTheNextTask) {
  {
    const ThreadShortage shortage;
    EXPECT_EQ(scheduler_.Every(absl::Seconds(10), [&] { runs_.Add(); }),
              nullptr);
  }
  EXPECT_NE(scheduler_.Every(absl::Seconds(10), [&] { runs_.Add(); }), nullptr);
  runs_.Await(1);
  clock_->AwaitWaiters(1);
  EXPECT_THAT(runs_.times(), ElementsAre(absl::ZeroDuration()));
}

TEST_F(ThreadSchedulerTest, TriggersDuringARunAreCoalescedToOneRun) {
  absl::Notification running;
  absl::Notification triggered;
  bool is_first = true;
  const Scheduler::Trigger trigger = scheduler_.Every(absl::Seconds(10), [&] {
    runs_.Add();
    if (!std::exchange(is_first, false)) return;
    running.Notify();
    triggered.WaitForNotification();
  });
  running.WaitForNotification();
  trigger();
  trigger();
  triggered.Notify();
  runs_.Await(2);
  clock_->AwaitWaiters(1);
  Advance(absl::Seconds(10));
  EXPECT_THAT(runs_.times(),
              ElementsAre(absl::ZeroDuration(), absl::ZeroDuration(),
                          absl::Seconds(10)));
}

TEST_F(ThreadSchedulerTest, ATriggerAfterStopDoesNothing) {
  const Scheduler::Trigger trigger =
      scheduler_.Every(absl::Seconds(10), [&] { runs_.Add(); });
  clock_->AwaitWaiters(1);
  scheduler_.Stop();
  trigger();
  scheduler_.Every(absl::Seconds(10), [&] { runs_.Add(); })();
  EXPECT_THAT(runs_.times(), ElementsAre(absl::ZeroDuration()));
}

TEST_F(ThreadSchedulerTest, RunsAtTheMultiplesHoweverLongARunTakes) {
  scheduler_.Every(absl::Seconds(10), [&] {
    runs_.Add();
    clock_->Advance(absl::Seconds(3));
  });
  clock_->AwaitWaiters(1);
  Advance(absl::Seconds(7));  // to 10
  Advance(absl::Seconds(7));  // from 13 to 20
  EXPECT_THAT(runs_.times(), ElementsAre(absl::ZeroDuration(),
                                         absl::Seconds(10), absl::Seconds(20)));
}

TEST_F(ThreadSchedulerTest, SkipsTheMultiplesThatPassDuringARun) {
  bool slow = true;
  scheduler_.Every(absl::Seconds(10), [&] {
    runs_.Add();
    if (slow) clock_->Advance(absl::Seconds(35));
    slow = false;
  });
  clock_->AwaitWaiters(1);
  EXPECT_THAT(runs_.times(), ElementsAre(absl::ZeroDuration()));
  Advance(absl::Seconds(5));  // to 40
  EXPECT_THAT(runs_.times(),
              ElementsAre(absl::ZeroDuration(), absl::Seconds(40)));
}

TEST_F(ThreadSchedulerTest, RunsALateTaskOnceAndNotInABurst) {
  scheduler_.Every(absl::Seconds(10), [&] { runs_.Add(); });
  clock_->AwaitWaiters(1);
  Advance(absl::Seconds(35));
  EXPECT_THAT(runs_.times(),
              ElementsAre(absl::ZeroDuration(), absl::Seconds(35)));
  Advance(absl::Seconds(5));
  EXPECT_THAT(runs_.times(), ElementsAre(absl::ZeroDuration(),
                                         absl::Seconds(35), absl::Seconds(40)));
}

TEST_F(ThreadSchedulerTest, RunsATaskOfInfinitePeriodOnce) {
  scheduler_.Every(absl::InfiniteDuration(), [&] { runs_.Add(); });
  clock_->AwaitWaiters(1);
  Advance(absl::Hours(24) * 365);
  EXPECT_THAT(runs_.times(), ElementsAre(absl::ZeroDuration()));
}

TEST_F(ThreadSchedulerTest, ATaskThatHangsDoesNotDelayAnother) {
  absl::Notification release;
  scheduler_.Every(absl::Seconds(1), [&] { release.WaitForNotification(); });
  scheduler_.Every(absl::Seconds(10), [&] { runs_.Add(); });
  clock_->AwaitWaiters(1);
  Advance(absl::Seconds(10));
  EXPECT_THAT(runs_.times(),
              ElementsAre(absl::ZeroDuration(), absl::Seconds(10)));
  release.Notify();
  scheduler_.Stop();
}

TEST_F(ThreadSchedulerTest, RunsOfOneTaskNeverOverlap) {
  absl::Notification release;
  std::atomic<int> running = 0;
  std::atomic<bool> hangs = false;
  std::atomic<bool> overlapped = false;
  scheduler_.Every(absl::Seconds(1), [&] {
    if (++running > 1) overlapped = true;
    if (runs_.times().size() == 1) {
      hangs = true;
      release.WaitForNotification();
    }
    runs_.Add();
    --running;
  });
  clock_->AwaitWaiters(1);
  clock_->Advance(absl::Seconds(1));
  // The task hangs in its second run while its next runs become due.
  while (!hangs) std::this_thread::yield();
  clock_->Advance(absl::Seconds(1));
  clock_->Advance(absl::Seconds(1));
  release.Notify();
  clock_->AwaitWaiters(1);
  EXPECT_FALSE(overlapped);
  EXPECT_EQ(runs_.times().size(), 2u);
  scheduler_.Stop();
}

TEST_F(ThreadSchedulerTest, GivesEachTaskItsOwnPeriod) {
  Runs others(clock_.get());
  scheduler_.Every(absl::Seconds(2), [&] { runs_.Add(); });
  scheduler_.Every(absl::Seconds(3), [&] { others.Add(); });
  clock_->AwaitWaiters(2);
  for (int i = 0; i < 6; ++i) Advance(absl::Seconds(1), 2);
  EXPECT_THAT(runs_.times(), ElementsAre(absl::ZeroDuration(), absl::Seconds(2),
                                         absl::Seconds(4), absl::Seconds(6)));
  EXPECT_THAT(others.times(), ElementsAre(absl::ZeroDuration(),
                                          absl::Seconds(3), absl::Seconds(6)));
}

// --- Stop ---

TEST_F(ThreadSchedulerTest, StopEndsTheRunsForever) {
  scheduler_.Every(absl::Seconds(1), [&] { runs_.Add(); });
  clock_->AwaitWaiters(1);
  scheduler_.Stop();
  clock_->Advance(absl::Seconds(10));
  scheduler_.Stop();
  EXPECT_THAT(runs_.times(), ElementsAre(absl::ZeroDuration()));
}

TEST_F(ThreadSchedulerTest, RunsNothingAfterStop) {
  scheduler_.Stop();
  scheduler_.Every(absl::Seconds(1), [&] { runs_.Add(); });
  scheduler_.Stop();
  EXPECT_TRUE(runs_.times().empty());
}

// A wrong scheduler, whose Stop() returns too early, returns within the 20 ms.
// The test of a correct scheduler never fails, however slow the machine is.
TEST_F(ThreadSchedulerTest, StopWaitsForTheRunningTaskInEveryCaller) {
  absl::Notification running;
  absl::Notification stopped;
  std::atomic<bool> over = false;
  scheduler_.Every(absl::Seconds(1), [&] {
    running.Notify();
    stopped.WaitForNotificationWithTimeout(absl::Milliseconds(20));
    over = true;
  });
  running.WaitForNotification();
  const auto stop = [&] {
    scheduler_.Stop();
    EXPECT_TRUE(over);
  };
  std::thread other([&] {
    stop();
    stopped.Notify();
  });
  stop();
  other.join();
}

TEST_F(ThreadSchedulerTest, DestructionWaitsForTheRunningTask) {
  absl::Notification running;
  std::atomic<bool> over = false;
  {
    ThreadScheduler scheduler;
    scheduler.Every(absl::Hours(1), [&] {
      running.Notify();
      over = true;
    });
    running.WaitForNotification();
  }
  EXPECT_TRUE(over);
}

TEST(ThreadSchedulerOnTheMonotonicClockTest, RunsRepeatedly) {
  ThreadScheduler scheduler;
  absl::Notification third_run;
  int runs = 0;
  scheduler.Every(absl::Microseconds(10), [&] {
    if (++runs == 3) third_run.Notify();
  });
  third_run.WaitForNotification();
  scheduler.Stop();
  EXPECT_GE(runs, 3);
}

}  // namespace
}  // namespace passpersist
