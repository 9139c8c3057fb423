// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_SCHEDULER_H_
#define PASSPERSIST_SCHEDULER_H_

#include <functional>

#include "absl/functional/any_invocable.h"
#include "absl/time/time.h"

namespace passpersist {

// Runs tasks again and again. Runs of one task never overlap, and a slow task
// delays no other.
//
// Safe for concurrent use.
class Scheduler {
 public:
  using Task = absl::AnyInvocable<void()>;

  // Has a task run once more as soon as it doesn't run, beside its periodic
  // runs; calls until then count as one. May be called by any thread that runs
  // no task, until the scheduler is destroyed; after Stop() it does nothing.
  using Trigger = std::function<void()>;

  virtual ~Scheduler() = default;

  // Runs `task` at once, then at every multiple of `period` from now. Multiples
  // that pass before a run has ended are left out, so a late task never makes
  // up for them in a burst. Null, and nothing runs, if the system lacks what
  // that takes. Requires period > 0 and that Stop() was not called.
  virtual Trigger Every(absl::Duration period, Task task) = 0;

  // Starts no further runs and returns once none is under way. Must not be
  // called by a task. May be called again.
  virtual void Stop() = 0;
};

}  // namespace passpersist

#endif  // PASSPERSIST_SCHEDULER_H_
