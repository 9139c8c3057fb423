// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_SCHEDULER_H_
#define PASSPERSIST_SCHEDULER_H_

#include <functional>

#include "absl/functional/any_invocable.h"
#include "absl/time/time.h"

namespace passpersist {

// Runs tasks periodically. Runs of one task never overlap, and a slow task does
// not delay another task.
//
// Safe for concurrent use.
class Scheduler {
 public:
  using Task = absl::AnyInvocable<void()>;

  // Requests one extra run of a task, in addition to its periodic runs. The run
  // starts as soon as the task is not running. Requests made before that run
  // starts are coalesced. May be called by any thread that is not running a
  // task, until the scheduler is destroyed. After Stop() it does nothing.
  using Trigger = std::function<void()>;

  virtual ~Scheduler() = default;

  // Runs `task` now, then at every multiple of `period` from now. A multiple
  // that passes during a run is skipped, so a late task does not catch up in a
  // burst. Returns null, and `task` does not run, if the system lacks a
  // resource such as a thread. Requires period > 0 and that Stop() was not
  // called.
  virtual Trigger Every(absl::Duration period, Task task) = 0;

  // Starts no further runs, and waits until no task is running. Must not be
  // called by a task. May be called again.
  virtual void Stop() = 0;
};

}  // namespace passpersist

#endif  // PASSPERSIST_SCHEDULER_H_
