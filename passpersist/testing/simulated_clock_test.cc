// SPDX-License-Identifier: Apache-2.0

#include "passpersist/testing/simulated_clock.h"

#include <atomic>
#include <thread>

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace passpersist_testing {
namespace {

TEST(SimulatedClockTest, ChangesOnlyByAdvance) {
  SimulatedClock clock;
  EXPECT_EQ(clock.Now(), absl::ZeroDuration());
  EXPECT_EQ(clock.Now(), absl::ZeroDuration());
  clock.Advance(absl::Seconds(2));
  clock.Advance(absl::Milliseconds(500));
  EXPECT_EQ(clock.Now(), absl::Milliseconds(2500));
}

TEST(SimulatedClockTest, DoesNotWaitForAPastDeadlineOrIfStopIsTrue) {
  SimulatedClock clock;
  const std::atomic<bool> no_stop = false;
  const std::atomic<bool> stop = true;
  clock.WaitUntil(absl::ZeroDuration(), no_stop);
  clock.WaitUntil(absl::InfiniteDuration(), stop);
}

TEST(SimulatedClockTest, AdvanceEndsWaitsWhoseDeadlineHasCome) {
  SimulatedClock clock;
  const std::atomic<bool> no_stop = false;
  std::atomic<bool> late_is_over = false;
  std::thread early([&] { clock.WaitUntil(absl::Seconds(1), no_stop); });
  std::thread late([&] {
    clock.WaitUntil(absl::Seconds(2), no_stop);
    late_is_over = true;
  });
  clock.AwaitWaiters(2);
  clock.Advance(absl::Seconds(1));
  early.join();
  EXPECT_FALSE(late_is_over);
  clock.Advance(absl::Seconds(1));
  late.join();
}

TEST(SimulatedClockTest, WakeEndsAWaitIfStopIsTrue) {
  SimulatedClock clock;
  std::atomic<bool> stop = false;
  std::thread waiter([&] { clock.WaitUntil(absl::InfiniteDuration(), stop); });
  clock.AwaitWaiters(1);
  stop = true;
  clock.Wake();
  waiter.join();
}

TEST(SimulatedClockTest, AwaitWaitersDoesNotCountWaitersWhoseDeadlineHasCome) {
  SimulatedClock clock;
  const std::atomic<bool> no_stop = false;
  std::atomic<int> rounds = 0;
  std::thread waiter([&] {
    for (int i = 1; i <= 3; ++i) {
      clock.WaitUntil(absl::Seconds(i), no_stop);
      ++rounds;
    }
  });
  // After each AwaitWaiters() the waiter has seen the previous Advance().
  clock.AwaitWaiters(1);
  EXPECT_EQ(rounds, 0);
  clock.Advance(absl::Seconds(1));
  clock.AwaitWaiters(1);
  EXPECT_EQ(rounds, 1);
  clock.Advance(absl::Seconds(1));
  clock.AwaitWaiters(1);
  EXPECT_EQ(rounds, 2);
  clock.Advance(absl::Seconds(1));
  waiter.join();
  clock.AwaitWaiters(0);
}

}  // namespace
}  // namespace passpersist_testing
