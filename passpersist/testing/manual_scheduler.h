// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TESTING_MANUAL_SCHEDULER_H_
#define PASSPERSIST_TESTING_MANUAL_SCHEDULER_H_

#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "passpersist/scheduler.h"

namespace passpersist_testing {

// Runs tasks when a test says so, on the thread that says it: first within
// Every(), then within Advance() and the trigger. Tasks must not call the
// scheduler.
class ManualScheduler : public passpersist::Scheduler {
 public:
  Trigger Every(absl::Duration period, Task task) override;

  // Nothing runs between calls, so this only ends the runs.
  void Stop() override;

  // Lets `duration` pass: runs what becomes due, in the order of the times.
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
