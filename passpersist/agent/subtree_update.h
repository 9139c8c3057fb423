// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_SUBTREE_UPDATE_H_
#define PASSPERSIST_AGENT_SUBTREE_UPDATE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "passpersist/agent/calls/computed_value_runner.h"
#include "passpersist/agent/calls/waker.h"
#include "passpersist/agent/errors/error_reporter.h"
#include "passpersist/agent/errors/instance_error_filter.h"
#include "passpersist/agent/mib/subtree.h"
#include "passpersist/agent/observer_list.h"
#include "passpersist/agent/sys_up_time_reader.h"
#include "passpersist/base/nanoseconds.h"
#include "passpersist/contents.h"
#include "passpersist/monitoring/agent_event.h"
#include "passpersist/monitoring/agent_monitor.h"
#include "passpersist/monitoring/statistics.h"
#include "passpersist/scheduling/clock.h"
#include "passpersist/scheduling/scheduler.h"

namespace passpersist::internal {

// The update of a subtree: runs once a period, on request and, in a subtree
// that is filled on demand, for requests of managers. Reports the result of
// each run.
//
// Safe for concurrent use.
class SubtreeUpdate {
 public:
  // How the subtree is updated.
  struct Options {
    // On demand, the time after a run in which no request starts another one.
    absl::Duration period;
    UpdateFn function;
    bool is_strict = false;  // see SubtreeOptions
    bool on_demand = false;
    // On demand: no request waits for a run that takes as long.
    absl::Duration waiting_limit = absl::InfiniteDuration();
    // Of time stamps; outlives the update. Null: they count from the Unix
    // epoch.
    SysUpTimeReader* sys_up_time = nullptr;
  };

  // All pointers must outlive this.
  SubtreeUpdate(Subtree* subtree, Options options, Clock* clock,
                ErrorReporter* errors, ObserverList* observers);

  const Subtree& subtree() const { return subtree_; }
  const Options& options() const { return options_; }

  // Schedules the update; `after_run` is called after each run. Called once.
  // ResourceExhausted if the scheduler cannot run it.
  absl::Status Start(Scheduler* scheduler, std::function<void()> after_run);

  // Requests a run and does not wait for it; see AgentMonitor::StartUpdate().
  // FailedPrecondition if Start() was not called.
  std::shared_ptr<const UpdateRun> RunNow();

  // On demand: begins a run if the last one ended before the request began, and
  // the time to live has passed since. A run that has failed counts, so that
  // requests do not ask a source that fails more often than one that works.
  // True if the request has to wait for the run: it asks again when it is
  // woken.
  bool MustAwait(Nanoseconds request_begun,
                 const ComputedValueRunner::Asker& asker)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Sets the fields of *statistics that are about updates.
  void FillStatistics(Statistics::Subtree* statistics) const;

 private:
  // A run that RunNow() requested.
  struct RequestedRun {
    uint64_t number;  // counted from 1
    std::shared_ptr<UpdateRun> run;
  };

  void Run();
  // Updates the subtree and reports its errors.
  absl::Status Update();
  void ReportValueAtRoot();

  Subtree& subtree_;
  Options options_;
  InstanceErrorFilter instance_errors_;
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
  uint64_t unchanged_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t instance_error_count_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Duration last_begin_ ABSL_GUARDED_BY(mutex_);
  absl::Duration last_duration_ ABSL_GUARDED_BY(mutex_);
  absl::Status last_error_ ABSL_GUARDED_BY(mutex_);
  absl::Duration last_error_time_ ABSL_GUARDED_BY(mutex_);
  Nanoseconds last_end_ ABSL_GUARDED_BY(mutex_);
  // A request has demanded a run, which has not ended.
  bool demanded_ ABSL_GUARDED_BY(mutex_) = false;
  Nanoseconds demanded_at_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::shared_ptr<Waker>> waiting_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_SUBTREE_UPDATE_H_
