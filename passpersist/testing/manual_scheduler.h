// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TESTING_MANUAL_SCHEDULER_H_
#define PASSPERSIST_TESTING_MANUAL_SCHEDULER_H_

#include <cstddef>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "passpersist/scheduling/scheduler.h"

namespace passpersist_testing {

// Runs tasks on the threads that call it. A periodic task runs first inside
// Every(), then inside Advance() and the trigger; periodic tasks must not call
// these functions. A task of Run() runs inside Run(), unless SetRunMode() says
// otherwise.
//
// Safe for concurrent use.
class ManualScheduler : public passpersist::Scheduler {
 public:
  // What Run() does with a task.
  enum class RunMode {
    kRun,     // runs it
    kHold,    // keeps it for RunHeld(), and returns true
    kRefuse,  // returns false, as a scheduler that has no thread for it
  };

  Trigger Every(absl::Duration period, Task task) override;
  Trigger OnDemand(Task task) override;
  bool Run(passpersist::TaskKind kind, Task task) override;

  // Removes all tasks. Does not wait for tasks that other threads run.
  void Stop() override;

  // Advances the time by `duration` and runs the tasks that become due, in the
  // order of their times.
  void Advance(absl::Duration duration);

  // Sets the mode of further calls of Run(). Default: kRun.
  void SetRunMode(RunMode mode);

  // Runs the held tasks in the order in which they were given to Run(), and
  // returns their number. Tasks that are held meanwhile stay for the next call.
  size_t RunHeld();

 private:
  Trigger Add(absl::Duration period, Task task)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  struct Job {
    absl::Duration period;
    absl::Duration due;
    Task task;
  };

  absl::Mutex mutex_;
  absl::Duration now_ ABSL_GUARDED_BY(mutex_) = absl::ZeroDuration();
  std::vector<Job> jobs_ ABSL_GUARDED_BY(mutex_);

  // Not mutex_, which is held while a periodic task runs: it may call Run().
  absl::Mutex run_mutex_;
  RunMode mode_ ABSL_GUARDED_BY(run_mutex_) = RunMode::kRun;
  bool stopped_ ABSL_GUARDED_BY(run_mutex_) = false;
  std::vector<Task> held_ ABSL_GUARDED_BY(run_mutex_);
};

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TESTING_MANUAL_SCHEDULER_H_
