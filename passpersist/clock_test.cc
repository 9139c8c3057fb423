// SPDX-License-Identifier: Apache-2.0

#include "passpersist/clock.h"

#include <atomic>
#include <thread>

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace passpersist {
namespace {

TEST(MonotonicClockTest, NeverGoesBack) {
  const MonotonicClock clock;
  absl::Duration before = clock.Now();
  for (int i = 0; i < 1000; ++i) {
    const absl::Duration now = clock.Now();
    ASSERT_GE(now, before);
    before = now;
  }
}

TEST(MonotonicClockTest, CountsFromOneMomentInAllInstances) {
  const absl::Duration before = MonotonicClock().Now();
  const absl::Duration between = MonotonicClock().Now();
  const absl::Duration after = MonotonicClock().Now();
  EXPECT_LE(before, between);
  EXPECT_LE(between, after);
}

TEST(MonotonicClockTest, WaitsUntilTheDeadlineAndNotLess) {
  MonotonicClock clock;
  const std::atomic<bool> stop = false;
  const absl::Duration deadline = clock.Now() + absl::Milliseconds(5);
  clock.WaitUntil(deadline, stop);
  EXPECT_GE(clock.Now(), deadline);
}

TEST(MonotonicClockTest, DoesNotWaitForWhatHasPassed) {
  MonotonicClock clock;
  const std::atomic<bool> stop = false;
  clock.WaitUntil(clock.Now(), stop);
  clock.WaitUntil(clock.Now() - absl::Hours(1), stop);
  clock.WaitUntil(-absl::InfiniteDuration(), stop);
}

TEST(MonotonicClockTest, DoesNotWaitIfItIsToStopAlready) {
  MonotonicClock clock;
  const std::atomic<bool> stop = true;
  clock.WaitUntil(absl::InfiniteDuration(), stop);
  clock.WaitUntil(clock.Now() + absl::Hours(1), stop);
}

TEST(MonotonicClockTest, WakeEndsAnInfiniteWaitThatIsToStop) {
  MonotonicClock clock;
  std::atomic<bool> stop = false;
  std::thread waiter([&] { clock.WaitUntil(absl::InfiniteDuration(), stop); });
  stop = true;
  clock.Wake();
  waiter.join();
}

TEST(MonotonicClockTest, WakeEndsNoWaitThatIsNotToStop) {
  MonotonicClock clock;
  const std::atomic<bool> go_on = false;
  std::atomic<bool> over = false;
  const absl::Duration deadline = clock.Now() + absl::Milliseconds(10);
  std::thread waker([&] {
    while (!over) clock.Wake();
  });
  clock.WaitUntil(deadline, go_on);
  EXPECT_GE(clock.Now(), deadline);
  over = true;
  waker.join();
}

TEST(MonotonicClockTest, WakeEndsTheWaitsOfAllThreads) {
  MonotonicClock clock;
  std::atomic<bool> stop = false;
  const auto wait = [&] { clock.WaitUntil(absl::InfiniteDuration(), stop); };
  std::thread first(wait);
  std::thread second(wait);
  // Time for both to begin; if they don't, all the better for them.
  clock.WaitUntil(clock.Now() + absl::Milliseconds(10), stop);
  stop = true;
  clock.Wake();
  first.join();
  second.join();
}

}  // namespace
}  // namespace passpersist
