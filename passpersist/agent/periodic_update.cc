// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/periodic_update.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "passpersist/base/mutex_lock.h"

namespace passpersist::internal {

PeriodicUpdate::PeriodicUpdate(Subtree* subtree, absl::Duration period,
                               UpdateFn function,
                               InterruptibleClock* interruptible_clock,
                               ErrorReporter* errors, ObserverList* observers)
    : subtree_(*subtree),
      period_(period),
      function_(std::move(function)),
      interruptible_clock_(*interruptible_clock),
      errors_(*errors),
      observers_(*observers) {}

absl::Status PeriodicUpdate::Start(Scheduler* scheduler,
                                   std::function<void()> after_run) {
  after_run_ = std::move(after_run);
  Scheduler::Trigger trigger = scheduler->Every(period_, [this] { Run(); });
  if (trigger == nullptr) {
    return absl::ResourceExhaustedError(
        absl::StrCat("update of ", subtree_.root().ToString(),
                     " can't be run: the scheduler has no thread for it"));
  }
  MutexLock lock(mutex_);
  run_now_ = std::move(trigger);
  return absl::OkStatus();
}

void PeriodicUpdate::Run() {
  {
    MutexLock lock(mutex_);
    ++begun_;
  }
  const absl::Duration begin = interruptible_clock_.Now();
  UpdateEvent run;
  run.root = subtree_.root();
  run.status = subtree_.Update(function_);
  const absl::Duration end = interruptible_clock_.Now();
  run.duration = end - begin;
  run.rows = subtree_.snapshot()->size();

  errors_.Report(run.status);
  if (observers_.any()) observers_.Publish({absl::Now(), run});
  {
    MutexLock lock(mutex_);
    ++ended_;
    last_duration_ = run.duration;
    if (run.status.ok()) {
      last_success_ = end;
    } else {
      ++failures_;
      last_error_ = run.status;
      last_error_time_ = end;
    }
    for (Waiter* const waiter : waiters_) {
      if (waiter->run > ended_ || waiter->ended) continue;
      waiter->result = run;
      waiter->ended = true;
    }
  }
  interruptible_clock_.Wake();
  if (after_run_ != nullptr) after_run_();
}

UpdateEvent PeriodicUpdate::RunNow(absl::Duration limit,
                                   const HasGone& has_gone) {
  Waiter waiter;
  waiter.result.root = subtree_.root();
  waiter.result.status = absl::DeadlineExceededError(
      absl::StrCat("update of ", subtree_.root().ToString(),
                   " still runs after ", absl::FormatDuration(limit)));
  Scheduler::Trigger run_now;
  {
    MutexLock lock(mutex_);
    if (run_now_ == nullptr) {
      waiter.result.status = absl::FailedPreconditionError(absl::StrCat(
          "update of ", subtree_.root().ToString(), " has not been started"));
      return waiter.result;
    }
    // A run that is in progress may have read its sources before this call.
    waiter.run = begun_ + 1;
    waiters_.push_back(&waiter);
    run_now = run_now_;
  }
  const absl::Duration begin = interruptible_clock_.Now();
  // Not under mutex_: the scheduler may call Run() at once, which locks it.
  run_now();
  interruptible_clock_.WaitUntil(begin + limit, &waiter.ended, has_gone);
  MutexLock lock(mutex_);
  waiters_.erase(std::find(waiters_.begin(), waiters_.end(), &waiter));
  if (ended_ < waiter.run) {
    waiter.result.duration = interruptible_clock_.Now() - begin;
    waiter.result.rows = subtree_.snapshot()->size();
  }
  return waiter.result;
}

std::optional<absl::Duration> PeriodicUpdate::age() const {
  const absl::Duration now = interruptible_clock_.Now();
  MutexLock lock(mutex_);
  if (!last_success_) return std::nullopt;
  return now - *last_success_;
}

void PeriodicUpdate::FillStatistics(Statistics::Subtree* statistics) const {
  statistics->age = age();
  const absl::Duration now = interruptible_clock_.Now();
  MutexLock lock(mutex_);
  statistics->updates = ended_;
  statistics->failures = failures_;
  statistics->updating = begun_ > ended_;
  statistics->last_duration = last_duration_;
  statistics->last_error = last_error_;
  if (!last_error_.ok()) statistics->last_error_age = now - last_error_time_;
}

}  // namespace passpersist::internal
