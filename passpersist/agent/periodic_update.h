// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_PERIODIC_UPDATE_H_
#define PASSPERSIST_AGENT_PERIODIC_UPDATE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "passpersist/agent/errors/error_reporter.h"
#include "passpersist/agent/mib/subtree.h"
#include "passpersist/agent/observer_list.h"
#include "passpersist/agent_event.h"
#include "passpersist/agent_monitor.h"
#include "passpersist/clock.h"
#include "passpersist/contents.h"
#include "passpersist/scheduler.h"
#include "passpersist/statistics.h"

namespace passpersist::internal {

// The update of a subtree: runs once a period and on request, and reports the
// result of each run.
//
// Safe for concurrent use.
class PeriodicUpdate {
 public:
  // All pointers must outlive this.
  PeriodicUpdate(Subtree* subtree, absl::Duration period, UpdateFn function,
                 Clock* clock, ErrorReporter* errors, ObserverList* observers);

  const Subtree& subtree() const { return subtree_; }
  absl::Duration period() const { return period_; }

  // Schedules the update; `after_run` is called after each run. Called once.
  // ResourceExhausted if the scheduler cannot run it.
  absl::Status Start(Scheduler* scheduler, std::function<void()> after_run);

  // Requests a run and does not wait for it; see AgentMonitor::StartUpdate().
  // FailedPrecondition if Start() was not called.
  std::shared_ptr<const UpdateRun> RunNow();

  // Sets the fields of *statistics that are about updates.
  void FillStatistics(Statistics::Subtree* statistics) const;

 private:
  // A run that RunNow() requested.
  struct RequestedRun {
    uint64_t number;  // counted from 1
    std::shared_ptr<UpdateRun> run;
  };

  void Run();
  void ReportValueAtRoot();

  Subtree& subtree_;
  const absl::Duration period_;
  UpdateFn function_;
  Clock& clock_;
  ErrorReporter& errors_;
  ObserverList& observers_;
  std::function<void()> after_run_;
  bool value_at_root_reported_ = false;  // used by Run()

  mutable absl::Mutex mutex_;
  Scheduler::Trigger run_now_ ABSL_GUARDED_BY(mutex_);
  std::vector<RequestedRun> requested_ ABSL_GUARDED_BY(mutex_);
  uint64_t begun_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t ended_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t failures_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Duration last_duration_ ABSL_GUARDED_BY(mutex_);
  absl::Status last_error_ ABSL_GUARDED_BY(mutex_);
  absl::Duration last_error_time_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_PERIODIC_UPDATE_H_
