// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/subtree_update.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/encoding/instance_errors.h"
#include "passpersist/encoding/packed_contents.h"
#include "passpersist/oid_store.h"

namespace passpersist::internal {

SubtreeUpdate::SubtreeUpdate(Subtree* subtree, Options options, Clock* clock,
                             ErrorReporter* errors, ObserverList* observers)
    : subtree_(*subtree),
      options_(std::move(options)),
      instance_errors_(subtree->base()),
      clock_(*clock),
      errors_(*errors),
      observers_(*observers) {}

absl::Status SubtreeUpdate::Start(Scheduler* scheduler,
                                  std::function<void()> after_run) {
  after_run_ = std::move(after_run);
  Scheduler::Trigger trigger =
      options_.on_demand ? scheduler->OnDemand([this] { Run(); })
                         : scheduler->Every(options_.period, [this] { Run(); });
  if (trigger == nullptr) {
    return absl::ResourceExhaustedError(
        absl::StrCat("update of ", subtree_.root().ToString(),
                     " can't be run: the scheduler has no thread for it"));
  }
  MutexLock lock(mutex_);
  run_now_ = std::move(trigger);
  return absl::OkStatus();
}

void SubtreeUpdate::Run() {
  const absl::Duration begin = clock_.Now();
  {
    MutexLock lock(mutex_);
    ++begun_;
    last_begin_ = begin;
  }
  UpdateEvent run;
  run.root = subtree_.root();
  run.status = Update();
  const absl::Duration end = clock_.Now();
  run.duration = end - begin;
  run.instances = subtree_.snapshot()->size();

  if (run.status.ok()) subtree_.set_last_update(end);
  ReportValueAtRoot();
  if (observers_.any()) observers_.Publish({absl::Now(), run});
  std::vector<RequestedRun> ended;
  std::vector<std::shared_ptr<Waker>> waiting;
  {
    MutexLock lock(mutex_);
    const uint64_t number = ++ended_;
    last_end_ = end;
    demanded_ = false;
    waiting.swap(waiting_);
    last_duration_ = run.duration;
    if (!run.status.ok()) {
      ++failures_;
      last_error_ = run.status;
      last_error_time_ = end;
    }
    const auto later = std::partition(
        requested_.begin(), requested_.end(),
        [&](const RequestedRun& r) { return r.number <= number; });
    ended.assign(std::make_move_iterator(requested_.begin()),
                 std::make_move_iterator(later));
    requested_.erase(requested_.begin(), later);
  }
  for (const RequestedRun& requested : ended) requested.run->End(run);
  for (const std::shared_ptr<Waker>& waker : waiting) waker->Wake();
  clock_.Wake();
  if (after_run_ != nullptr) after_run_();
}

// snmpd begins each walk of a pass_persist line by a getnext of its base, which
// is the root as a rule, and getnext returns a name after it.
void SubtreeUpdate::ReportValueAtRoot() {
  if (value_at_root_reported_) return;
  const std::shared_ptr<const Snapshot> snapshot = subtree_.snapshot();
  const std::unique_ptr<Iterator> iterator = snapshot->NewIterator();
  iterator->SeekToFirst();
  if (!iterator->Valid() || !iterator->suffix().empty()) return;
  value_at_root_reported_ = true;
  errors_.Report(absl::FailedPreconditionError(absl::StrCat(
      "update of ", subtree_.root().ToString(),
      ": a value has the empty suffix: with the root as base in snmpd.conf, "
      "get returns the value, but no walk finds it (a scalar has the suffix "
      ".0)")));
}

absl::Status SubtreeUpdate::Update() {
  auto packed =
      std::make_unique<PackedContents>(subtree_.base(), options_.is_strict);
  if (options_.sys_up_time != nullptr) {
    packed->sys_up_time_zero = options_.sys_up_time->Zero();
  }
  packed->errors->SetKnown(instance_errors_.known());
  const std::shared_ptr<const InstanceErrors> errors = packed->errors;
  bool is_unchanged = false;
  UpdateFn collect = [this, &is_unchanged](Contents& contents) {
    absl::Status status = options_.function(contents);
    is_unchanged = contents.is_unchanged();
    return status;
  };
  const absl::Status status =
      subtree_.Update(collect, Contents(std::move(packed)));
  errors_.Report(status);
  // An update that failed or kept the contents changes nothing, so the errors
  // of the last one last.
  if (!status.ok()) return status;
  if (is_unchanged) {
    MutexLock lock(mutex_);
    ++unchanged_;
    return status;
  }
  for (const absl::Status& error : instance_errors_.NewErrors(*errors)) {
    errors_.Report(error);
  }
  MutexLock lock(mutex_);
  instance_error_count_ = errors->count();
  return status;
}

std::shared_ptr<const UpdateRun> SubtreeUpdate::RunNow() {
  UpdateEvent unfinished;
  unfinished.root = subtree_.root();
  unfinished.instances = subtree_.snapshot()->size();
  unfinished.status = absl::DeadlineExceededError(
      absl::StrCat("update of ", subtree_.root().ToString(), " still runs"));
  auto run = std::make_shared<UpdateRun>(unfinished);
  Scheduler::Trigger run_now;
  {
    MutexLock lock(mutex_);
    // A run that is in progress may have read its sources before this call.
    if (run_now_ != nullptr) requested_.push_back({begun_ + 1, run});
    run_now = run_now_;
  }
  if (run_now == nullptr) {
    unfinished.status = absl::FailedPreconditionError(absl::StrCat(
        "update of ", subtree_.root().ToString(), " has not been started"));
    run->End(unfinished);
  } else {
    // Not under mutex_: the scheduler may call Run() at once, which locks it.
    run_now();
  }
  return run;
}

bool SubtreeUpdate::MustAwait(Nanoseconds request_begun,
                              const ComputedValueRunner::Asker& asker) {
  if (!options_.on_demand) return false;
  Scheduler::Trigger run_now;
  {
    MutexLock lock(mutex_);
    if (!demanded_) {
      const bool is_new =
          ended_ > 0 && (last_end_ >= request_begun ||
                         asker.now - last_end_ < options_.period);
      if (is_new) return false;
      demanded_ = true;
      demanded_at_ = asker.now;
      run_now = run_now_;
    }
  }
  if (run_now != nullptr) run_now();

  MutexLock lock(mutex_);
  const bool is_late = asker.now - demanded_at_ >= options_.waiting_limit;
  if (!demanded_ || is_late || asker.now >= asker.deadline) return false;
  // Once, though a request asks again each time that it is woken.
  if (waiting_.empty() || waiting_.back() != asker.waker) {
    waiting_.push_back(asker.waker);
  }
  return true;
}

void SubtreeUpdate::FillStatistics(Statistics::Subtree* statistics) const {
  const absl::Duration now = clock_.Now();
  if (const auto last = subtree_.last_update()) statistics->age = now - *last;
  MutexLock lock(mutex_);
  statistics->has_update = true;
  statistics->updates = ended_;
  statistics->failures = failures_;
  statistics->unchanged = unchanged_;
  statistics->instance_errors = instance_error_count_;
  statistics->updating = begun_ > ended_;
  if (statistics->updating) statistics->running_time = now - last_begin_;
  statistics->last_duration = last_duration_;
  statistics->last_error = last_error_;
  if (!last_error_.ok()) statistics->last_error_age = now - last_error_time_;
}

}  // namespace passpersist::internal
