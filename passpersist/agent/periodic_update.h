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
#include "passpersist/agent/observer_list.h"
#include "passpersist/agent/subtree.h"
#include "passpersist/agent/wait_room.h"
#include "passpersist/contents.h"
#include "passpersist/error_report.h"
#include "passpersist/inspection.h"
#include "passpersist/scheduler.h"

namespace passpersist::internal {

// The update of a subtree: runs as often as its period says, and when somebody
// asks for it; reports how each run went.
//
// Safe for concurrent use.
class PeriodicUpdate {
 public:
  // All pointers must outlive this.
  PeriodicUpdate(Subtree* subtree, absl::Duration period, UpdateFn function,
                 WaitRoom* wait_room, ErrorReporter* errors,
                 ObserverList* observers);

  const Subtree& subtree() const { return subtree_; }
  absl::Duration period() const { return period_; }

  // Gives the update to `scheduler`; `after_run` is called when a run has
  // ended. Called once. ResourceExhausted if the scheduler can't run it.
  absl::Status Start(Scheduler* scheduler, std::function<void()> after_run);

  // Has the update run now, and returns how that went: FailedPrecondition if it
  // was not started, DeadlineExceeded if it has not ended after `limit`, or
  // when who asked `has_gone`.
  UpdateEvent RunNow(absl::Duration limit, const HasGone& has_gone = nullptr);

  // Since the end of the last run that didn't fail.
  std::optional<absl::Duration> age() const;

  // Fills what updates know of a subtree.
  void FillStatistics(Statistics::Subtree* statistics) const;

 private:
  // Somebody who waits for the end of a run.
  struct Waiter {
    uint64_t run;  // counted from 1
    std::atomic<bool> ended = false;
    UpdateEvent result;
  };

  void Run();

  Subtree& subtree_;
  const absl::Duration period_;
  UpdateFn function_;
  WaitRoom& wait_room_;
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
