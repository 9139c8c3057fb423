// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_PERIODIC_UPDATE_H_
#define PASSPERSIST_AGENT_PERIODIC_UPDATE_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "passpersist/agent/interruptible_clock.h"
#include "passpersist/agent/observer_list.h"
#include "passpersist/agent/subtree.h"
#include "passpersist/contents.h"
#include "passpersist/error_report.h"
#include "passpersist/inspection.h"
#include "passpersist/scheduler.h"

namespace passpersist::internal {

// The update of a subtree: runs once a period and on request, and reports the
// result of each run.
//
// Safe for concurrent use.
class PeriodicUpdate {
 public:
  // All pointers must outlive this.
  PeriodicUpdate(Subtree* subtree, absl::Duration period, UpdateFn function,
                 InterruptibleClock* interruptible_clock, ErrorReporter* errors,
                 ObserverList* observers);

  const Subtree& subtree() const { return subtree_; }
  absl::Duration period() const { return period_; }

  // Schedules the update; `after_run` is called after each run. Called once.
  // ResourceExhausted if the scheduler cannot run it.
  absl::Status Start(Scheduler* scheduler, std::function<void()> after_run);

  // Runs the update now and returns the result: FailedPrecondition if Start()
  // was not called, DeadlineExceeded if the run has not ended after `limit` or
  // when `has_gone` returns true for the client.
  UpdateEvent RunNow(absl::Duration limit, const HasGone& has_gone = nullptr);

  // The time since the end of the last successful run, or nothing.
  std::optional<absl::Duration> age() const;

  // Sets the fields of *statistics that are about updates.
  void FillStatistics(Statistics::Subtree* statistics) const;

 private:
  // A call of RunNow() that waits for the end of a run.
  struct Waiter {
    uint64_t run;  // counted from 1
    std::atomic<bool> ended = false;
    UpdateEvent result;
  };

  void Run();

  Subtree& subtree_;
  const absl::Duration period_;
  UpdateFn function_;
  InterruptibleClock& interruptible_clock_;
  ErrorReporter& errors_;
  ObserverList& observers_;
  std::function<void()> after_run_;

  mutable absl::Mutex mutex_;
  Scheduler::Trigger run_now_ ABSL_GUARDED_BY(mutex_);
  std::vector<Waiter*> waiters_ ABSL_GUARDED_BY(mutex_);
  uint64_t begun_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t ended_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t failures_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Duration last_duration_ ABSL_GUARDED_BY(mutex_);
  std::optional<absl::Duration> last_success_ ABSL_GUARDED_BY(mutex_);
  absl::Status last_error_ ABSL_GUARDED_BY(mutex_);
  absl::Duration last_error_time_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_PERIODIC_UPDATE_H_
