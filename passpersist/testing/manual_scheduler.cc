// SPDX-License-Identifier: Apache-2.0

#include "passpersist/testing/manual_scheduler.h"

#include <algorithm>
#include <utility>

#include "passpersist/base/mutex_lock.h"

namespace passpersist_testing {

passpersist::Scheduler::Trigger ManualScheduler::Every(absl::Duration period,
                                                       Task task) {
  passpersist::internal::MutexLock lock(mutex_);
  task();
  jobs_.push_back({period, now_ + period, std::move(task)});
  return [this, index = jobs_.size() - 1] {
    passpersist::internal::MutexLock trigger_lock(mutex_);
    if (index < jobs_.size()) jobs_[index].task();
  };
}

void ManualScheduler::Stop() {
  passpersist::internal::MutexLock lock(mutex_);
  jobs_.clear();
}

void ManualScheduler::Advance(absl::Duration duration) {
  passpersist::internal::MutexLock lock(mutex_);
  const absl::Duration until = now_ + duration;
  while (true) {
    const auto next = std::min_element(
        jobs_.begin(), jobs_.end(),
        [](const Job& a, const Job& b) { return a.due < b.due; });
    if (next == jobs_.end() || next->due > until) break;
    now_ = next->due;
    next->due += next->period;
    next->task();
  }
  now_ = until;
}

}  // namespace passpersist_testing
