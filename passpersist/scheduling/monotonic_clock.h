// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_SCHEDULING_MONOTONIC_CLOCK_H_
#define PASSPERSIST_SCHEDULING_MONOTONIC_CLOCK_H_

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <list>
#include <mutex>

#include "absl/time/time.h"
#include "passpersist/scheduling/clock.h"

namespace passpersist {

// The system's monotonic clock. It does not use absl::CondVar, because in
// Abseil 20220623 the timeouts of absl::CondVar are points in wall-clock time:
// setting the system's time back by an hour would stop all updates for an hour.
//
// Safe for concurrent use.
class MonotonicClock : public Clock {
 public:
  absl::Duration Now() const override;
  int64_t NowNanoseconds() const override;
  void WaitUntil(absl::Duration deadline,
                 const std::atomic<bool>& stop) override;
  void Wake() override;

 private:
  struct Waiter {
    explicit Waiter(const std::atomic<bool>& flag) : stop(flag) {}

    const std::atomic<bool>& stop;
    std::condition_variable wake;
  };

  // Keeps a Wake() from running between the read of `stop` and the wait.
  std::mutex mutex_;
  // Each waiter has its own condition variable: Wake() wakes only threads whose
  // `stop` is true, not every thread that waits for its next period.
  std::list<Waiter> waiters_;
};

}  // namespace passpersist

#endif  // PASSPERSIST_SCHEDULING_MONOTONIC_CLOCK_H_
