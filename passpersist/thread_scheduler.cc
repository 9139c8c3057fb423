// SPDX-License-Identifier: Apache-2.0

#include "passpersist/thread_scheduler.h"

#include <utility>

#include "absl/status/statusor.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/base/start_thread.h"

namespace passpersist {

ThreadScheduler::ThreadScheduler(std::shared_ptr<Clock> clock)
    : clock_(std::move(clock)) {}

ThreadScheduler::~ThreadScheduler() { Stop(); }

Scheduler::Trigger ThreadScheduler::Every(absl::Duration period, Task task) {
  internal::MutexLock lock(mutex_);
  if (stop_) return [] {};
  Job* const job = jobs_.emplace_back(std::make_unique<Job>()).get();
  job->task = std::move(task);
  absl::StatusOr<std::thread> thread =
      internal::StartThread([this, period, job] { Run(period, job); });
  if (!thread.ok()) {
    jobs_.pop_back();
    return nullptr;
  }
  job->thread = *std::move(thread);
  return [this, job] {
    job->wake = true;
    clock_->Wake();
  };
}

void ThreadScheduler::Stop() {
  // stopping_ makes every concurrent caller wait until no task is running.
  internal::MutexLock stopping(stopping_);
  internal::MutexLock lock(mutex_);
  stop_ = true;
  for (const auto& job : jobs_) job->wake = true;
  clock_->Wake();
  for (const auto& job : jobs_) {
    if (job->thread.joinable()) job->thread.join();
  }
}

void ThreadScheduler::Run(absl::Duration period, Job* job) {
  absl::Duration due = clock_->Now();
  while (true) {
    // In this order: Stop() sets stop_ before `wake`, so a `wake` that is lost
    // here is seen as stop_.
    job->wake = false;
    if (stop_) return;
    job->task();
    // The first multiple of the period that has not passed.
    const absl::Duration now = clock_->Now();
    if (now >= due) due += period * (1 + (now - due) / period);
    clock_->WaitUntil(due, job->wake);
  }
}

}  // namespace passpersist
