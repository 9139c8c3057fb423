// SPDX-License-Identifier: Apache-2.0

#include "passpersist/testing/simulated_clock.h"

#include <algorithm>

#include "passpersist/base/mutex_lock.h"

namespace passpersist_testing {

absl::Duration SimulatedClock::Now() const {
  passpersist::internal::MutexLock lock(mutex_);
  return now_;
}

void SimulatedClock::WaitUntil(absl::Duration deadline,
                               const std::atomic<bool>& stop) {
  passpersist::internal::MutexLock lock(mutex_);
  if (now_ >= deadline || stop) return;
  waiters_.push_back(deadline);
  changed_.SignalAll();
  while (now_ < deadline && !stop) changed_.Wait(&mutex_);
  waiters_.erase(std::find(waiters_.begin(), waiters_.end(), deadline));
}

void SimulatedClock::Wake() {
  passpersist::internal::MutexLock lock(mutex_);
  changed_.SignalAll();
}

void SimulatedClock::Advance(absl::Duration duration) {
  passpersist::internal::MutexLock lock(mutex_);
  now_ += duration;
  changed_.SignalAll();
}

void SimulatedClock::AwaitWaiters(size_t count) const {
  passpersist::internal::MutexLock lock(mutex_);
  while (CountWaiters() < count) changed_.Wait(&mutex_);
}

size_t SimulatedClock::CountWaiters() const {
  return std::count_if(
      waiters_.begin(), waiters_.end(),
      [now = now_](absl::Duration deadline) { return deadline > now; });
}

}  // namespace passpersist_testing
