// SPDX-License-Identifier: Apache-2.0

#include "passpersist/scheduling/monotonic_clock.h"

#include <algorithm>
#include <chrono>

namespace passpersist {

absl::Duration MonotonicClock::Now() const {
  return absl::Nanoseconds(NowNanoseconds());
}

int64_t MonotonicClock::NowNanoseconds() const {
  return std::chrono::nanoseconds(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
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
