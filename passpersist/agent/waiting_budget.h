// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_WAITING_BUDGET_H_
#define PASSPERSIST_AGENT_WAITING_BUDGET_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "passpersist/base/nanoseconds.h"

namespace passpersist::internal {

// Bounds how long a connection waits for user code in any second. snmpd asks
// for the names of a PDU one after the other and answers no other manager
// meanwhile, so a bound for each request would not bound the time of a PDU.
//
// Waits are counted in intervals of 50 ms, by the time of their end. After a
// second without a wait nothing is spent.
//
// Used by one thread at a time.
class WaitingBudget {
 public:
  // `limit` is for a second, and may be infinite.
  explicit WaitingBudget(Nanoseconds limit) : limit_(limit) {}

  // The time that may be spent at `now`, if the limit is exceeded by `excess`.
  // Never negative.
  Nanoseconds Remaining(Nanoseconds now, Nanoseconds excess) const {
    return IsWhole(now) ? limit_ + excess : RemainingAfterWaits(now, excess);
  }

  // Sets *deadline to `now` and Remaining() without excess, *late_deadline to
  // the same with `excess`.
  void SetDeadlines(Nanoseconds now, Nanoseconds excess, Nanoseconds* deadline,
                    Nanoseconds* late_deadline) const {
    if (IsWhole(now)) {
      *deadline = now + limit_;
      *late_deadline = *deadline + excess;
    } else {
      *deadline = now + RemainingAfterWaits(now, Nanoseconds());
      *late_deadline = now + RemainingAfterWaits(now, excess);
    }
  }

  // Counts a wait. Requires that `end` is not before that of the last wait.
  void Spend(Nanoseconds begin, Nanoseconds end);

 private:
  static constexpr Nanoseconds kSecond = Nanoseconds::Milliseconds(1000);
  static constexpr Nanoseconds kInterval = Nanoseconds::Milliseconds(50);
  static constexpr size_t kIntervals = 20;  // of a second

  // The usual case: nobody has waited.
  bool IsWhole(Nanoseconds now) const { return now > whole_after_; }
  Nanoseconds RemainingAfterWaits(Nanoseconds now, Nanoseconds excess) const;

  // What was spent in an interval, the one with the number `number`.
  struct Interval {
    int64_t number = -1;
    Nanoseconds spent;
  };

  const Nanoseconds limit_;
  // A second after the end of the last wait.
  Nanoseconds whole_after_ = Nanoseconds() - Nanoseconds::Infinite();
  std::array<Interval, kIntervals> intervals_;  // by number % kIntervals
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_WAITING_BUDGET_H_
