// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/waiting_budget.h"

#include <algorithm>

namespace passpersist::internal {

Nanoseconds WaitingBudget::RemainingAfterWaits(Nanoseconds now,
                                               Nanoseconds excess) const {
  const int64_t number = now.count() / kInterval.count();
  Nanoseconds remaining = limit_ + excess;
  for (const Interval& interval : intervals_) {
    if (number - interval.number < static_cast<int64_t>(kIntervals)) {
      remaining -= interval.spent;
    }
  }
  return std::max(remaining, Nanoseconds());
}

void WaitingBudget::Spend(Nanoseconds begin, Nanoseconds end) {
  const int64_t number = end.count() / kInterval.count();
  Interval& interval = intervals_[number % kIntervals];
  if (interval.number != number) interval = {number, Nanoseconds()};
  interval.spent += end - begin;
  whole_after_ = end + kSecond;
}

}  // namespace passpersist::internal
