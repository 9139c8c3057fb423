// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_CLOCK_H_
#define PASSPERSIST_CLOCK_H_

#include <atomic>
#include <condition_variable>
#include <list>
#include <mutex>

#include "absl/time/time.h"

namespace passpersist {

// Time that never goes back, and waiting for it. Tests put a simulated clock in
// its place.
//
// Safe for concurrent use.
class Clock {
 public:
  virtual ~Clock() = default;

  // The time since some fixed moment.
  virtual absl::Duration Now() const = 0;

  // Returns once Now() >= deadline, or once `stop` is true: whoever sets that
  // calls Wake() afterwards. The deadline may be infinite.
  virtual void WaitUntil(absl::Duration deadline,
                         const std::atomic<bool>& stop) = 0;

  // Makes every WaitUntil() in progress look at its `stop`.
  virtual void Wake() = 0;
};

// The system's monotonic clock. absl::CondVar would not do: in Abseil 20220623
// its timeouts are points in wall-clock time, so that setting the clock back
// would stop all updates for as long.
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

  std::mutex mutex_;  // orders a Wake() behind the look at `stop`
  // Each has a condition of its own: a Wake() wakes only those who shall stop,
  // not every thread that waits for its next period.
  std::list<Waiter> waiters_;
};

}  // namespace passpersist

#endif  // PASSPERSIST_CLOCK_H_
