#include "passpersist/clock.h"

#include <algorithm>
#include <chrono>

namespace passpersist {

absl::Duration MonotonicClock::Now() const {
  return absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

void MonotonicClock::WaitUntil(absl::Duration deadline,
                               const std::atomic<bool>& stop) {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stop && Now() < deadline) {
    // A bounded step, because an infinite time point would overflow.
    const absl::Duration step = std::min(deadline - Now(), absl::Hours(1));
    wake_.wait_until(lock, std::chrono::steady_clock::now() +
                               absl::ToChronoNanoseconds(step));
  }
}

void MonotonicClock::Wake() {
  std::lock_guard<std::mutex> lock(mutex_);
  wake_.notify_all();
}

}  // namespace passpersist
