// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_SCHEDULING_CLOCK_H_
#define PASSPERSIST_SCHEDULING_CLOCK_H_

#include <atomic>
#include <cstdint>

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

  // Returns the same in nanoseconds, without the cost of a Duration: each
  // request asks twice.
  virtual int64_t NowNanoseconds() const {
    return absl::ToInt64Nanoseconds(Now());
  }

  // Returns once Now() >= deadline, or once `stop` is true. A thread that sets
  // `stop` must call Wake() afterwards. The deadline may be infinite.
  virtual void WaitUntil(absl::Duration deadline,
                         const std::atomic<bool>& stop) = 0;

  // Makes every WaitUntil() in progress read its `stop`.
  virtual void Wake() = 0;
};

}  // namespace passpersist

#endif  // PASSPERSIST_SCHEDULING_CLOCK_H_
