// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_SCHEDULING_SCHEDULER_H_
#define PASSPERSIST_SCHEDULING_SCHEDULER_H_

#include <functional>

#include "absl/functional/any_invocable.h"
#include "absl/time/time.h"
#include "passpersist/error_callback.h"

namespace passpersist {

// The user code that a task runs. A scheduler bounds the running tasks of each
// kind separately, so tasks of one kind that hang do not stop another kind.
enum class TaskKind { kUpdate, kComputedValue, kSetter };

// Runs tasks on its threads, periodically or once. All user code that may take
// long is a task of the agent's scheduler.
//
// Safe for concurrent use.
class Scheduler {
 public:
  using Task = absl::AnyInvocable<void()>;

  // Requests one extra run of a task, in addition to its periodic runs. The run
  // starts as soon as the task is not running. Requests made before that run
  // starts are coalesced. May be called by any thread that is not running a
  // periodic task, until the scheduler is destroyed. After Stop() it does
  // nothing.
  using Trigger = std::function<void()>;

  virtual ~Scheduler() = default;

  // Sets the function that is told when tasks wait because there are too few
  // threads. Called at most once, before Every() and Run(). The default
  // implementation does nothing, for schedulers that have nothing to report.
  virtual void OnError(ErrorCallback /*callback*/) {}

  // Begins to run `task` now, on this thread or another, then at every multiple
  // of `period` from now. Runs of one task never overlap, and a slow task does
  // not delay another task while the scheduler has threads left. A multiple
  // that passes during a run is skipped, so a late task does not catch up in a
  // burst. Returns null, and `task` does not run, if there is not a single
  // thread for it. The runs are of kind kUpdate. Requires period > 0 and that
  // Stop() was not called.
  virtual Trigger Every(absl::Duration period, Task task) = 0;

  // Like Every(), but only the trigger makes the task run.
  virtual Trigger OnDemand(Task task) = 0;

  // Runs `task` once, soon, then destroys it. Returns false, and destroys
  // `task` without running it, if the bound of `kind` is reached, if there is
  // no thread for it, or after Stop(). A scheduler for tests may run `task`
  // before this returns, so the caller must hold no lock that `task` needs. May
  // be called by tasks.
  virtual bool Run(TaskKind kind, Task task) = 0;

  // Starts no further runs, drops tasks of Run() that have not begun, and waits
  // until no task is running. Must not be called by a task. May be called
  // again.
  virtual void Stop() = 0;
};

}  // namespace passpersist

#endif  // PASSPERSIST_SCHEDULING_SCHEDULER_H_
