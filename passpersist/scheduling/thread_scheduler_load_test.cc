// SPDX-License-Identifier: Apache-2.0
//
// A thousand periodic tasks, some of which hang.

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <memory>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/scheduling/monotonic_clock.h"
#include "passpersist/scheduling/thread_scheduler.h"
#include "passpersist/testing/error_log.h"
#include "passpersist/testing/simulated_clock.h"

namespace passpersist {
namespace {

using passpersist_testing::ErrorLog;
using passpersist_testing::SimulatedClock;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr size_t kTasks = 1000;
constexpr absl::Duration kPeriod = absl::Hours(1);

// Four tasks begin at once. Each of them lets another one begin after kQuick.
constexpr size_t kMaxQuick = 4;
constexpr absl::Duration kQuick = absl::Microseconds(250);

size_t CountThreads() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/task"),
                       std::filesystem::directory_iterator());
}

// A simulated clock that counts the waits.
class CountingClock : public SimulatedClock {
 public:
  void WaitUntil(absl::Duration deadline,
                 const std::atomic<bool>& stop) override {
    ++waits_;
    SimulatedClock::WaitUntil(deadline, stop);
  }

  size_t waits() const { return waits_; }

 private:
  std::atomic<size_t> waits_ = 0;
};

class ThreadSchedulerLoadTest : public testing::Test {
 protected:
  ThreadSchedulerLoadTest() {
    // The thread sanitizer starts a thread beside the first one.
    std::thread([] {}).join();
    threads_before_ = CountThreads();
  }

  ~ThreadSchedulerLoadTest() override { Release(); }

  // Makes a scheduler of tasks that count their runs.
  std::unique_ptr<ThreadScheduler> MakeScheduler(
      absl::Duration idle_thread_lifetime) {
    ThreadSchedulerOptions options;
    options.idle_thread_lifetime = idle_thread_lifetime;
    auto scheduler = std::make_unique<ThreadScheduler>(clock_, options);
    scheduler->OnError(log_.Hook());
    for (size_t i = 0; i < kTasks; ++i) {
      scheduler->Every(kPeriod, [this, i] { Task(i); });
    }
    scheduler->AwaitIdle();
    return scheduler;
  }

  // Lets the next `count` tasks hang, when they are due. Advances the clock as
  // far as they need to begin, and returns by how much.
  absl::Duration Hang(size_t count) {
    {
      internal::MutexLock lock(mutex_);
      hanging_ = count;
    }
    clock_->Advance(kPeriod);
    absl::Duration delay = absl::ZeroDuration();
    AwaitHung(kMaxQuick);
    for (size_t hung = kMaxQuick; hung < count; hung += kMaxQuick) {
      clock_->Advance(kQuick);
      delay += kQuick;
      AwaitHung(std::min(hung + kMaxQuick, count));
    }
    return delay;
  }

  // Lets the tasks that hang continue.
  void Release() {
    internal::MutexLock lock(mutex_);
    released_ = true;
  }

  // The number of tasks that have begun `runs` runs.
  size_t CountTasks(int runs) const {
    return std::count(runs_.begin(), runs_.end(), runs);
  }

  size_t threads_before_;
  const std::shared_ptr<CountingClock> clock_ =
      std::make_shared<CountingClock>();
  ErrorLog log_;

 private:
  void Task(size_t i) {
    ++runs_[i];
    internal::MutexLock lock(mutex_);
    if (hung_ == hanging_) return;
    ++hung_;
    mutex_.Await(absl::Condition(&released_));
  }

  void AwaitHung(size_t count) {
    const auto enough = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return hung_ == count;
    };
    internal::MutexLock lock(mutex_, absl::Condition(&enough));
  }

  std::array<std::atomic<int>, kTasks> runs_ = {};
  absl::Mutex mutex_;
  size_t hanging_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t hung_ ABSL_GUARDED_BY(mutex_) = 0;
  bool released_ ABSL_GUARDED_BY(mutex_) = false;
};

TEST_F(ThreadSchedulerLoadTest, QuickTasksNeedFiveThreads) {
  const auto scheduler = MakeScheduler(absl::InfiniteDuration());
  for (int i = 0; i < 3; ++i) {
    clock_->Advance(kPeriod);
    scheduler->AwaitIdle();
  }
  EXPECT_EQ(CountTasks(4), kTasks);
  EXPECT_LE(CountThreads(), threads_before_ + kMaxQuick + 1);
}

TEST_F(ThreadSchedulerLoadTest, OneThreadWaitsAndNothingWakesBetweenRuns) {
  const auto scheduler = MakeScheduler(absl::Seconds(10));
  clock_->Advance(absl::Seconds(10));
  // The other threads end in their own time.
  while (CountThreads() > threads_before_ + 1) std::this_thread::yield();
  clock_->AwaitWaiters(1);
  const size_t waits = clock_->waits();
  for (int i = 1; i < 100; ++i) {
    clock_->Advance((kPeriod - absl::Seconds(10)) / 100);
    clock_->AwaitWaiters(1);
  }
  // The thread may have been about to wait again at first.
  EXPECT_LE(clock_->waits(), waits + 1);
  EXPECT_EQ(CountTasks(1), kTasks);
  clock_->Advance(kPeriod);
  scheduler->AwaitIdle();
  EXPECT_EQ(CountTasks(2), kTasks);
}

TEST_F(ThreadSchedulerLoadTest, FiftyThatHangDelayTheOthersByMilliseconds) {
  constexpr size_t kHanging = 50;
  const auto scheduler = MakeScheduler(absl::InfiniteDuration());
  absl::Duration delay = Hang(kHanging);
  EXPECT_LE(delay, kHanging / kMaxQuick * kQuick);
  scheduler->AwaitIdle(kHanging);
  EXPECT_EQ(CountTasks(2), kTasks);

  // From now on they delay nothing.
  for (int run = 3; run < 6; ++run) {
    clock_->Advance(kPeriod - std::exchange(delay, absl::ZeroDuration()));
    scheduler->AwaitIdle(kHanging);
    EXPECT_EQ(CountTasks(run), kTasks - kHanging);
  }
  EXPECT_LE(CountThreads(), threads_before_ + kHanging + kMaxQuick + 1);
  EXPECT_THAT(log_.Take(), IsEmpty());

  Release();
  scheduler->AwaitIdle();
  clock_->Advance(kPeriod);
  scheduler->AwaitIdle();
  EXPECT_EQ(CountTasks(3), kHanging);
  EXPECT_EQ(CountTasks(6), kTasks - kHanging);
}

TEST_F(ThreadSchedulerLoadTest, IfAllThreadsHangTheOthersWaitAndAreReported) {
  const size_t hanging = ThreadSchedulerOptions().max_update_threads;
  const auto scheduler = MakeScheduler(absl::ZeroDuration());
  Hang(hanging);
  scheduler->AwaitIdle(hanging);
  clock_->AwaitWaiters(1);
  clock_->Advance(absl::Seconds(1));
  log_.Await();
  EXPECT_THAT(log_.Take(),
              ElementsAre("RESOURCE_EXHAUSTED: 936 updates are late, because "
                          "64 others are running, the most at a time; their "
                          "values grow old"));
  EXPECT_EQ(CountTasks(2), hanging);

  Release();
  scheduler->AwaitIdle();
  EXPECT_EQ(CountTasks(2), kTasks);
  EXPECT_THAT(log_.Take(), IsEmpty());
}

// In real time. A wrong scheduler delays tasks again and again; a busy machine
// only delays them for a while.
TEST(ThreadSchedulerOnTheMonotonicClockTest, FiftyThatHangDelayNoOtherBy100Ms) {
  constexpr absl::Duration kRealPeriod = absl::Milliseconds(500);
  constexpr size_t kEvery = 20;
  const auto clock = std::make_shared<MonotonicClock>();
  absl::Notification release;
  absl::Mutex mutex;
  size_t runs = 0;
  absl::Duration delay;
  ThreadScheduler scheduler(clock);
  for (size_t i = 0; i < kTasks; ++i) {
    const absl::Duration begin = clock->Now();
    scheduler.Every(kRealPeriod, [&, i, begin] {
      if (i % kEvery == 0) {
        release.WaitForNotification();
        return;
      }
      const absl::Duration late = (clock->Now() - begin) % kRealPeriod;
      internal::MutexLock lock(mutex);
      delay = std::max(delay, late);
      ++runs;
    });
  }
  const auto enough = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    return runs >= 3 * (kTasks - kTasks / kEvery);
  };
  do {
    internal::MutexLock lock(mutex);
    runs = 0;
    delay = absl::ZeroDuration();
    mutex.Await(absl::Condition(&enough));
  } while (delay > absl::Milliseconds(100));
  RecordProperty("delay", absl::FormatDuration(delay));
  release.Notify();
}

}  // namespace
}  // namespace passpersist
