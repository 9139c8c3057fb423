// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_CLOCK_H_
#define PASSPERSIST_CLOCK_H_

#include <atomic>
#include <condition_variable>
#include <list>
#include <mutex>

#include "absl/time/time.h"

namespace passpersist {

// A clock that never goes back, with a wait that can be interrupted. Tests
// replace it by a simulated clock.
//
// Safe for concurrent use.
class Clock {
 public:
  virtual ~Clock() = default;

  // Returns the time since a fixed moment.
  virtual absl::Duration Now() const = 0;

  // Returns once Now() >= deadline, or once `stop` is true. A thread that sets
  // `stop` must call Wake() afterwards. The deadline may be infinite.
  virtual void WaitUntil(absl::Duration deadline,
                         const std::atomic<bool>& stop) = 0;

  // Makes every WaitUntil() in progress read its `stop`.
  virtual void Wake() = 0;
};

// The system's monotonic clock. It does not use absl::CondVar, because in
// Abseil 20220623 the timeouts of absl::CondVar are points in wall-clock time:
// setting the system's time back would stop all updates for as long.
class MonotonicClock : public Clock {
 public:
  absl::Duration Now() const override;
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

#endif  // PASSPERSIST_CLOCK_H_
