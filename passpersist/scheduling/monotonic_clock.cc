// SPDX-License-Identifier: Apache-2.0

#include "passpersist/scheduling/monotonic_clock.h"

#include <time.h>

#include <algorithm>
#include <chrono>

namespace passpersist {

absl::Duration MonotonicClock::Now() const {
  return absl::Nanoseconds(NowNanoseconds());
}

// The clock of std::chrono::steady_clock, read without a call of the C++
// library.
int64_t MonotonicClock::NowNanoseconds() const {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

void MonotonicClock::WaitUntil(absl::Duration deadline,
                               const std::atomic<bool>& stop) {
  std::unique_lock<std::mutex> lock(mutex_);
  const auto waiter = waiters_.emplace(waiters_.end(), stop);
  while (!stop && Now() < deadline) {
    // Waits in steps of one hour at most: an infinite time point would
    // overflow.
    const absl::Duration step = std::min(deadline - Now(), absl::Hours(1));
    waiter->wake.wait_until(lock, std::chrono::steady_clock::now() +
                                      absl::ToChronoNanoseconds(step));
  }
  waiters_.erase(waiter);
}

void MonotonicClock::Wake() {
  std::lock_guard<std::mutex> lock(mutex_);
  for (Waiter& waiter : waiters_) {
    if (waiter.stop) waiter.wake.notify_one();
  }
}

}  // namespace passpersist
