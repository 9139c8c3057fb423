// SPDX-License-Identifier: Apache-2.0

#include "passpersist/scheduling/monotonic_clock.h"

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

TEST(MonotonicClockTest, AllInstancesCountFromTheSameMoment) {
  const absl::Duration before = MonotonicClock().Now();
  const absl::Duration between = MonotonicClock().Now();
  const absl::Duration after = MonotonicClock().Now();
  EXPECT_LE(before, between);
  EXPECT_LE(between, after);
}

TEST(MonotonicClockTest, DoesNotReturnBeforeTheDeadline) {
  MonotonicClock clock;
  const std::atomic<bool> stop = false;
  const absl::Duration deadline = clock.Now() + absl::Milliseconds(5);
  clock.WaitUntil(deadline, stop);
  EXPECT_GE(clock.Now(), deadline);
}

TEST(MonotonicClockTest, DoesNotWaitForAPastDeadline) {
  MonotonicClock clock;
  const std::atomic<bool> stop = false;
  clock.WaitUntil(clock.Now(), stop);
  clock.WaitUntil(clock.Now() - absl::Hours(1), stop);
  clock.WaitUntil(-absl::InfiniteDuration(), stop);
}

TEST(MonotonicClockTest, DoesNotWaitIfStopIsTrue) {
  MonotonicClock clock;
  const std::atomic<bool> stop = true;
  clock.WaitUntil(absl::InfiniteDuration(), stop);
  clock.WaitUntil(clock.Now() + absl::Hours(1), stop);
}

TEST(MonotonicClockTest, WakeEndsAnInfiniteWaitIfStopIsTrue) {
  MonotonicClock clock;
  std::atomic<bool> stop = false;
  std::thread waiter([&] { clock.WaitUntil(absl::InfiniteDuration(), stop); });
  stop = true;
  clock.Wake();
  waiter.join();
}

TEST(MonotonicClockTest, WakeDoesNotEndAWaitIfStopIsFalse) {
  MonotonicClock clock;
  const std::atomic<bool> no_stop = false;
  std::atomic<bool> over = false;
  const absl::Duration deadline = clock.Now() + absl::Milliseconds(10);
  std::thread waker([&] {
    while (!over) clock.Wake();
  });
  clock.WaitUntil(deadline, no_stop);
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
  // Gives both threads time to begin; the test also passes if they have not.
  clock.WaitUntil(clock.Now() + absl::Milliseconds(10), stop);
  stop = true;
  clock.Wake();
  first.join();
  second.join();
}

}  // namespace
}  // namespace passpersist
