// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_SCHEDULING_THREAD_SCHEDULER_H_
#define PASSPERSIST_SCHEDULING_THREAD_SCHEDULER_H_

#include <cstddef>
#include <memory>

#include "absl/time/time.h"
#include "passpersist/error_callback.h"
#include "passpersist/scheduling/clock.h"
#include "passpersist/scheduling/scheduler.h"

namespace passpersist {

struct ThreadSchedulerOptions {
  // How many tasks of a kind run at a time, at least 1. A periodic task waits
  // while max_update_threads others run.
  size_t max_update_threads = 64;
  size_t max_computed_value_threads = 256;
  size_t max_setter_threads = 64;

  // How long a thread without a task waits for a task before it ends.
  absl::Duration idle_thread_lifetime = absl::Seconds(10);
};

// Runs tasks on a pool of threads. The number of threads depends on the tasks
// that run at the same time, and not on the number of periodic tasks: between
// their runs, one thread waits for all of them.
//
// A task of Run() begins at once. Of the periodic tasks that are due, four
// begin at once, and each of them that ends, or has run for 250 us, lets the
// next one begin. So a thousand quick tasks that are due together need about
// five threads, and the same tasks with 50 hanging ones among them still begin
// within some 60 ms.
//
// Reports to OnError(), each at most once an hour,
//
//   a thread could not be started: tasks then share the existing threads;
//   Run() returns false
//   periodic tasks have waited for over a second, because max_update_threads
//   tasks are running
class ThreadScheduler : public Scheduler {
 public:
  // The default clock is a MonotonicClock.
  explicit ThreadScheduler(ThreadSchedulerOptions options = {});
  explicit ThreadScheduler(std::shared_ptr<Clock> clock,
                           ThreadSchedulerOptions options = {});

  // Calls Stop().
  ~ThreadScheduler() override;

  void OnError(ErrorCallback callback) override;

  // Returns null if this scheduler has no thread and none can be started. May
  // be called after Stop(): then the task does not run, and the trigger does
  // nothing.
  Trigger Every(absl::Duration period, Task task) override;
  Trigger OnDemand(Task task) override;
  bool Run(TaskKind kind, Task task) override;
  void Stop() override;

  // For tests with a simulated clock: waits until at most `running` tasks are
  // running, and no other one can begin before the clock advances.
  void AwaitIdle(size_t running = 0);

 private:
  class Impl;

  const std::unique_ptr<Impl> impl_;
};

}  // namespace passpersist

#endif  // PASSPERSIST_SCHEDULING_THREAD_SCHEDULER_H_
