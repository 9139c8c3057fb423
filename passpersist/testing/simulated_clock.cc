#include "passpersist/testing/simulated_clock.h"

#include <algorithm>

namespace passpersist_testing {

absl::Duration SimulatedClock::Now() const {
  absl::MutexLock lock(&mutex_);
  return now_;
}

void SimulatedClock::WaitUntil(absl::Duration deadline,
                               const std::atomic<bool>& stop) {
  absl::MutexLock lock(&mutex_);
  if (now_ >= deadline || stop) return;
  waiters_.push_back(deadline);
  changed_.SignalAll();
  while (now_ < deadline && !stop) changed_.Wait(&mutex_);
  waiters_.erase(std::find(waiters_.begin(), waiters_.end(), deadline));
}

void SimulatedClock::Wake() {
  absl::MutexLock lock(&mutex_);
  changed_.SignalAll();
}

void SimulatedClock::Advance(absl::Duration duration) {
  absl::MutexLock lock(&mutex_);
  now_ += duration;
  changed_.SignalAll();
}

void SimulatedClock::AwaitWaiters(size_t count) const {
  absl::MutexLock lock(&mutex_);
  const auto waiting = [&] {
    return std::count_if(
        waiters_.begin(), waiters_.end(),
        [&](absl::Duration deadline) { return deadline > now_; });
  };
  while (static_cast<size_t>(waiting()) < count) changed_.Wait(&mutex_);
}

}  // namespace passpersist_testing
