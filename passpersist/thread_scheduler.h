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
#include "passpersist/scheduler.h"

namespace passpersist {

// Gives each task a thread of its own, so that one that hangs delays no other.
class ThreadScheduler : public Scheduler {
 public:
  ThreadScheduler() : ThreadScheduler(std::make_shared<MonotonicClock>()) {}
  explicit ThreadScheduler(std::shared_ptr<Clock> clock);

  // Like Stop().
  ~ThreadScheduler() override;

  // Null if no thread can be started. Also after Stop(), when the task is not
  // run at all.
  Trigger Every(absl::Duration period, Task task) override;
  void Stop() override;

 private:
  struct Job {
    Task task;
    std::atomic<bool> wake = false;  // don't wait for the end of the period
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
