// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TESTING_SIMULATED_CLOCK_H_
#define PASSPERSIST_TESTING_SIMULATED_CLOCK_H_

#include <atomic>
#include <cstddef>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "passpersist/scheduling/clock.h"

namespace passpersist_testing {

// A clock whose time changes only when a test calls Advance().
//
// Safe for concurrent use.
class SimulatedClock : public passpersist::Clock {
 public:
  absl::Duration Now() const override;
  void WaitUntil(absl::Duration deadline,
                 const std::atomic<bool>& stop) override;
  void Wake() override;

  void Advance(absl::Duration duration);

  // Waits until `count` threads are in WaitUntil() with a deadline in the
  // future. Those threads have finished their due work, and will see the next
  // Advance().
  void AwaitWaiters(size_t count) const;

 private:
  // Counts the waiters whose deadline is in the future.
  size_t CountWaiters() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  mutable absl::CondVar changed_;
  absl::Duration now_ ABSL_GUARDED_BY(mutex_) = absl::ZeroDuration();
  std::vector<absl::Duration> waiters_ ABSL_GUARDED_BY(mutex_);  // deadlines
};

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TESTING_SIMULATED_CLOCK_H_
