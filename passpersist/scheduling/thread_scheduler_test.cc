// SPDX-License-Identifier: Apache-2.0

#include "passpersist/scheduling/thread_scheduler.h"

#include <atomic>
#include <memory>
#include <string>
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
#include "passpersist/scheduling/scheduler.h"
#include "passpersist/testing/error_log.h"
#include "passpersist/testing/simulated_clock.h"
#include "passpersist/testing/thread_shortage.h"

namespace passpersist {
namespace {

using passpersist_testing::ErrorLog;
using passpersist_testing::SimulatedClock;
using passpersist_testing::ThreadShortage;
using testing::ElementsAre;
using testing::IsEmpty;

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
  // Advances the clock, and waits until at most `running` tasks are running and
  // all others wait for their next run.
  void Advance(absl::Duration duration, size_t running = 0) {
    clock_->Advance(duration);
    scheduler_.AwaitIdle(running);
  }

  const std::shared_ptr<SimulatedClock> clock_ =
      std::make_shared<SimulatedClock>();
  Runs runs_{clock_.get()};
  ThreadScheduler scheduler_{clock_};
};

TEST_F(ThreadSchedulerTest, RunsATaskAtOnceAndThenAtEveryMultipleOfThePeriod) {
  clock_->Advance(absl::Seconds(3));
  scheduler_.Every(absl::Seconds(10), [&] { runs_.Add(); });
  scheduler_.AwaitIdle();
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
  scheduler_.AwaitIdle();
  Advance(absl::Seconds(4));
  trigger();
  runs_.Await(2);
  scheduler_.AwaitIdle();
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
  scheduler_.AwaitIdle();
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
  scheduler_.AwaitIdle();
  Advance(absl::Seconds(10));
  EXPECT_THAT(runs_.times(),
              ElementsAre(absl::ZeroDuration(), absl::ZeroDuration(),
                          absl::Seconds(10)));
}

TEST_F(ThreadSchedulerTest, ATriggerAfterStopDoesNothing) {
  const Scheduler::Trigger trigger =
      scheduler_.Every(absl::Seconds(10), [&] { runs_.Add(); });
  scheduler_.AwaitIdle();
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
  scheduler_.AwaitIdle();
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
  scheduler_.AwaitIdle();
  EXPECT_THAT(runs_.times(), ElementsAre(absl::ZeroDuration()));
  Advance(absl::Seconds(5));  // to 40
  EXPECT_THAT(runs_.times(),
              ElementsAre(absl::ZeroDuration(), absl::Seconds(40)));
}

TEST_F(ThreadSchedulerTest, RunsALateTaskOnceAndNotInABurst) {
  scheduler_.Every(absl::Seconds(10), [&] { runs_.Add(); });
  scheduler_.AwaitIdle();
  Advance(absl::Seconds(35));
  EXPECT_THAT(runs_.times(),
              ElementsAre(absl::ZeroDuration(), absl::Seconds(35)));
  Advance(absl::Seconds(5));
  EXPECT_THAT(runs_.times(), ElementsAre(absl::ZeroDuration(),
                                         absl::Seconds(35), absl::Seconds(40)));
}

TEST_F(ThreadSchedulerTest, RunsATaskOfInfinitePeriodOnce) {
  scheduler_.Every(absl::InfiniteDuration(), [&] { runs_.Add(); });
  scheduler_.AwaitIdle();
  Advance(absl::Hours(24) * 365);
  EXPECT_THAT(runs_.times(), ElementsAre(absl::ZeroDuration()));
}

TEST_F(ThreadSchedulerTest, OnlyTheTriggerRunsATaskOnDemand) {
  const Scheduler::Trigger run = scheduler_.OnDemand([&] { runs_.Add(); });
  scheduler_.AwaitIdle();
  Advance(absl::Hours(24));
  EXPECT_THAT(runs_.times(), IsEmpty());
  run();
  scheduler_.AwaitIdle();
  Advance(absl::Hours(24));
  EXPECT_THAT(runs_.times(), ElementsAre(absl::Hours(24)));
  run();
  scheduler_.AwaitIdle();
  EXPECT_THAT(runs_.times(), ElementsAre(absl::Hours(24), absl::Hours(48)));
}

TEST_F(ThreadSchedulerTest, ATaskThatHangsDoesNotDelayAnother) {
  absl::Notification release;
  scheduler_.Every(absl::Seconds(1), [&] { release.WaitForNotification(); });
  scheduler_.Every(absl::Seconds(10), [&] { runs_.Add(); });
  scheduler_.AwaitIdle(1);
  Advance(absl::Seconds(10), 1);
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
  scheduler_.AwaitIdle();
  clock_->Advance(absl::Seconds(1));
  // The task hangs in its second run while its next runs become due.
  while (!hangs) std::this_thread::yield();
  clock_->Advance(absl::Seconds(1));
  clock_->Advance(absl::Seconds(1));
  release.Notify();
  scheduler_.AwaitIdle();
  EXPECT_FALSE(overlapped);
  EXPECT_EQ(runs_.times().size(), 2u);
  scheduler_.Stop();
}

TEST_F(ThreadSchedulerTest, GivesEachTaskItsOwnPeriod) {
  Runs others(clock_.get());
  scheduler_.Every(absl::Seconds(2), [&] { runs_.Add(); });
  scheduler_.Every(absl::Seconds(3), [&] { others.Add(); });
  scheduler_.AwaitIdle();
  for (int i = 0; i < 6; ++i) Advance(absl::Seconds(1));
  EXPECT_THAT(runs_.times(), ElementsAre(absl::ZeroDuration(), absl::Seconds(2),
                                         absl::Seconds(4), absl::Seconds(6)));
  EXPECT_THAT(others.times(), ElementsAre(absl::ZeroDuration(),
                                          absl::Seconds(3), absl::Seconds(6)));
}

// --- Run ---

TEST_F(ThreadSchedulerTest, RunsATaskOnceOnAnotherThreadAndDestroysIt) {
  const auto held = std::make_shared<std::thread::id>();
  ASSERT_TRUE(scheduler_.Run(TaskKind::kSetter, [this, held] {
    *held = std::this_thread::get_id();
    runs_.Add();
  }));
  scheduler_.AwaitIdle();
  EXPECT_THAT(runs_.times(), ElementsAre(absl::ZeroDuration()));
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_NE(*held, std::thread::id());
  EXPECT_NE(*held, std::this_thread::get_id());
}

TEST_F(ThreadSchedulerTest, ATaskMayRunAnother) {
  scheduler_.Run(TaskKind::kComputedValue, [this] {
    EXPECT_TRUE(scheduler_.Run(TaskKind::kUpdate, [this] { runs_.Add(); }));
  });
  runs_.Await(1);
}

TEST_F(ThreadSchedulerTest, ATaskWaitsNeitherForPeriodicTasksNorTheClock) {
  absl::Notification release;
  const auto hang = [&] { release.WaitForNotification(); };
  for (int i = 0; i < 5; ++i) scheduler_.Every(absl::Seconds(1), hang);
  // The fifth one waits: four have begun within 250 us.
  scheduler_.AwaitIdle(4);
  EXPECT_TRUE(scheduler_.Run(TaskKind::kUpdate, [this] { runs_.Add(); }));
  runs_.Await(1);
  release.Notify();
  scheduler_.Stop();
}

// A scheduler with room for one task of each kind.
class OneTaskOfAKindTest : public ThreadSchedulerTest {
 protected:
  ~OneTaskOfAKindTest() override {
    if (!release_.HasBeenNotified()) release_.Notify();
    small_.Stop();
  }

  bool Hang(TaskKind kind) {
    return small_.Run(kind, [this] { release_.WaitForNotification(); });
  }

  absl::Notification release_;
  ErrorLog log_;
  ThreadScheduler small_{clock_, {1, 1, 1, absl::Seconds(10)}};
};

TEST_F(OneTaskOfAKindTest, ATaskBeyondTheBoundOfItsKindIsDestroyedAndNotRun) {
  for (const TaskKind kind :
       {TaskKind::kUpdate, TaskKind::kComputedValue, TaskKind::kSetter}) {
    EXPECT_TRUE(Hang(kind));
    const auto held = std::make_shared<int>(0);
    EXPECT_FALSE(small_.Run(kind, [held] { ++*held; }));
    EXPECT_EQ(held.use_count(), 1);
    EXPECT_EQ(*held, 0);
  }
  release_.Notify();
  small_.AwaitIdle();
  EXPECT_TRUE(Hang(TaskKind::kSetter));
}

TEST_F(OneTaskOfAKindTest, HangingTasksOfOtherKindsDelayNoUpdate) {
  EXPECT_TRUE(Hang(TaskKind::kComputedValue));
  EXPECT_TRUE(Hang(TaskKind::kSetter));
  small_.Every(absl::Seconds(10), [this] { runs_.Add(); });
  small_.AwaitIdle(2);
  clock_->Advance(absl::Seconds(10));
  small_.AwaitIdle(2);
  EXPECT_THAT(runs_.times(),
              ElementsAre(absl::ZeroDuration(), absl::Seconds(10)));
}

TEST_F(OneTaskOfAKindTest, ReportsOnceAnHourThatUpdatesWaitForHangingOnes) {
  small_.OnError(log_.Hook());
  small_.Every(absl::Hours(10), [this] { release_.WaitForNotification(); });
  for (int i = 0; i < 3; ++i) {
    small_.Every(absl::Hours(10), [this] { runs_.Add(); });
  }
  small_.AwaitIdle(1);
  clock_->AwaitWaiters(1);
  clock_->Advance(absl::Seconds(1) - absl::Nanoseconds(1));
  EXPECT_THAT(log_.Take(), IsEmpty());
  const std::string report =
      "RESOURCE_EXHAUSTED: 3 updates are late, because 1 others are running, "
      "the most at a time; their values grow old";
  clock_->Advance(absl::Nanoseconds(1));
  log_.Await();
  EXPECT_THAT(log_.Take(), ElementsAre(report));
  clock_->AwaitWaiters(1);
  clock_->Advance(absl::Hours(1) - absl::Nanoseconds(1));
  EXPECT_THAT(log_.Take(), IsEmpty());
  clock_->Advance(absl::Nanoseconds(1));
  log_.Await();
  EXPECT_THAT(log_.Take(), ElementsAre(report));

  EXPECT_THAT(runs_.times(), IsEmpty());
  release_.Notify();
  runs_.Await(3);
  small_.AwaitIdle();
  EXPECT_THAT(log_.Take(), IsEmpty());
}

// All tasks are late after a stop of the process, and none of them hangs.
TEST_F(OneTaskOfAKindTest, DoesNotReportUpdatesThatWaitForQuickOnes) {
  small_.OnError(log_.Hook());
  for (int i = 0; i < 100; ++i) {
    small_.Every(absl::Seconds(10), [this] { runs_.Add(); });
  }
  small_.AwaitIdle();
  clock_->Advance(absl::Hours(2));
  small_.AwaitIdle();
  EXPECT_EQ(runs_.times().size(), 200u);
  EXPECT_THAT(log_.Take(), IsEmpty());
}

// --- Too few threads ---

TEST_F(ThreadSchedulerTest, ServesAllTasksWithOneThreadAndReportsItOnceAnHour) {
  ErrorLog log;
  scheduler_.OnError(log.Hook());
  scheduler_.Every(absl::Seconds(10), [] {});
  scheduler_.AwaitIdle();
  const ThreadShortage shortage;
  for (int i = 0; i < 40; ++i) {
    ASSERT_NE(scheduler_.Every(absl::Seconds(10), [this] { runs_.Add(); }),
              nullptr);
  }
  runs_.Await(40);
  scheduler_.AwaitIdle();
  EXPECT_THAT(
      log.Take(),
      ElementsAre("RESOURCE_EXHAUSTED: cannot start a thread: Resource "
                  "temporarily unavailable; all tasks share 1 threads"));
  Advance(absl::Seconds(10));
  EXPECT_EQ(runs_.times().size(), 80u);
  EXPECT_THAT(log.Take(), IsEmpty());
  Advance(absl::Hours(1));
  EXPECT_EQ(runs_.times().size(), 120u);
  EXPECT_EQ(log.Take().size(), 1u);
}

TEST_F(ThreadSchedulerTest, RefusesATaskWithoutAThread) {
  ErrorLog log;
  scheduler_.OnError(log.Hook());
  {
    const ThreadShortage shortage;
    const auto held = std::make_shared<int>(0);
    EXPECT_FALSE(scheduler_.Run(TaskKind::kSetter, [held] { ++*held; }));
    EXPECT_EQ(held.use_count(), 1);
    EXPECT_EQ(*held, 0);
  }
  EXPECT_EQ(log.Take().size(), 1u);
  EXPECT_TRUE(scheduler_.Run(TaskKind::kSetter, [this] { runs_.Add(); }));
  runs_.Await(1);
}

// The thread that waits for the next periodic task is not used for another
// task, which may hang.
TEST_F(ThreadSchedulerTest, ATaskDoesNotTakeTheThreadOfPeriodicTasks) {
  scheduler_.Every(absl::Seconds(10), [this] { runs_.Add(); });
  scheduler_.AwaitIdle();
  const ThreadShortage shortage;
  EXPECT_FALSE(scheduler_.Run(TaskKind::kSetter, [] {}));
  Advance(absl::Seconds(10));
  EXPECT_EQ(runs_.times().size(), 2u);
}

TEST_F(ThreadSchedulerTest, PeriodicTasksContinueAfterAShortage) {
  absl::Notification hangs;
  absl::Notification release;
  scheduler_.Every(absl::Seconds(10), [this] { runs_.Add(); });
  scheduler_.AwaitIdle();
  {
    const ThreadShortage shortage;
    scheduler_.Every(absl::Hours(10), [&] {
      hangs.Notify();
      release.WaitForNotification();
    });
    hangs.WaitForNotification();
  }
  // The only thread hangs, so nothing begins the other task.
  clock_->Advance(absl::Seconds(10));
  EXPECT_TRUE(scheduler_.Run(TaskKind::kComputedValue, [] {}));
  runs_.Await(2);
  release.Notify();
  scheduler_.Stop();
}

// --- Stop ---

TEST_F(ThreadSchedulerTest, StopEndsTheRunsForever) {
  scheduler_.Every(absl::Seconds(1), [&] { runs_.Add(); });
  scheduler_.AwaitIdle();
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

TEST_F(ThreadSchedulerTest, StopRunsOrDropsEveryTask) {
  const auto held = std::make_shared<std::atomic<int>>(0);
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(scheduler_.Run(TaskKind::kSetter, [held] { ++*held; }));
  }
  scheduler_.Stop();
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_LE(*held, 20);
  EXPECT_FALSE(scheduler_.Run(TaskKind::kSetter, [held] { ++*held; }));
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
