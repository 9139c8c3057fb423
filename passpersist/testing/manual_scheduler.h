// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TESTING_MANUAL_SCHEDULER_H_
#define PASSPERSIST_TESTING_MANUAL_SCHEDULER_H_

#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "passpersist/scheduler.h"

namespace passpersist_testing {

// Runs tasks on the test's thread: the first run is inside Every(), later runs
// are inside Advance() and the trigger. Tasks must not call the scheduler.
class ManualScheduler : public passpersist::Scheduler {
 public:
  Trigger Every(absl::Duration period, Task task) override;

  // Removes all tasks. No task is running, because tasks run only inside calls.
  void Stop() override;

  // Advances the time by `duration` and runs the tasks that become due, in the
  // order of their times.
  void Advance(absl::Duration duration);

 private:
  struct Job {
    absl::Duration period;
    absl::Duration due;
    Task task;
  };

  absl::Mutex mutex_;
  absl::Duration now_ ABSL_GUARDED_BY(mutex_) = absl::ZeroDuration();
  std::vector<Job> jobs_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TESTING_MANUAL_SCHEDULER_H_
