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
  return Add(period, std::move(task));
}

passpersist::Scheduler::Trigger ManualScheduler::OnDemand(Task task) {
  passpersist::internal::MutexLock lock(mutex_);
  return Add(absl::InfiniteDuration(), std::move(task));
}

passpersist::Scheduler::Trigger ManualScheduler::Add(absl::Duration period,
                                                     Task task) {
  jobs_.push_back({period, now_ + period, std::move(task)});
  return [this, index = jobs_.size() - 1] {
    passpersist::internal::MutexLock trigger_lock(mutex_);
    if (index < jobs_.size()) jobs_[index].task();
  };
}

bool ManualScheduler::Run(passpersist::TaskKind /*kind*/, Task task) {
  {
    passpersist::internal::MutexLock lock(run_mutex_);
    if (stopped_ || mode_ == RunMode::kRefuse) return false;
    if (mode_ == RunMode::kHold) {
      held_.push_back(std::move(task));
      return true;
    }
  }
  task();
  return true;
}

void ManualScheduler::Stop() {
  std::vector<Task> dropped;
  {
    passpersist::internal::MutexLock lock(run_mutex_);
    stopped_ = true;
    dropped.swap(held_);
  }
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

void ManualScheduler::SetRunMode(RunMode mode) {
  passpersist::internal::MutexLock lock(run_mutex_);
  mode_ = mode;
}

size_t ManualScheduler::RunHeld() {
  std::vector<Task> tasks;
  {
    passpersist::internal::MutexLock lock(run_mutex_);
    tasks.swap(held_);
  }
  for (Task& task : tasks) task();
  return tasks.size();
}

}  // namespace passpersist_testing
