// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_THREAD_SCHEDULER_H_
#define PASSPERSIST_THREAD_SCHEDULER_H_

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "passpersist/clock.h"
#include "passpersist/monotonic_clock.h"
#include "passpersist/scheduler.h"

namespace passpersist {

// Runs each task on its own thread, so a task that hangs does not delay others.
class ThreadScheduler : public Scheduler {
 public:
  ThreadScheduler() : ThreadScheduler(std::make_shared<MonotonicClock>()) {}
  explicit ThreadScheduler(std::shared_ptr<Clock> clock);

  // Calls Stop().
  ~ThreadScheduler() override;

  // Returns null if no thread can be started. May be called after Stop(): then
  // the task does not run, and the trigger does nothing.
  Trigger Every(absl::Duration period, Task task) override;
  void Stop() override;

 private:
  struct Job {
    Task task;
    std::atomic<bool> wake = false;  // ends the wait for the next period
    std::thread thread;
  };

  void Run(absl::Duration period, Job* job);

  const std::shared_ptr<Clock> clock_;
  std::atomic<bool> stop_ = false;
  absl::Mutex stopping_ ABSL_ACQUIRED_BEFORE(mutex_);
  absl::Mutex mutex_;
  std::vector<std::unique_ptr<Job>> jobs_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace passpersist

#endif  // PASSPERSIST_THREAD_SCHEDULER_H_
