// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/waiting_budget.h"

#include <algorithm>

namespace passpersist::internal {

absl::Duration WaitingBudget::RemainingAfterWaits(absl::Duration now,
                                                  absl::Duration excess) const {
  const int64_t number = now / kInterval;
  absl::Duration remaining = limit_ + excess;
  for (const Interval& interval : intervals_) {
    if (number - interval.number < static_cast<int64_t>(kIntervals)) {
      remaining -= interval.spent;
    }
  }
  return std::max(remaining, absl::ZeroDuration());
}

void WaitingBudget::Spend(absl::Duration begin, absl::Duration end) {
  const int64_t number = end / kInterval;
  Interval& interval = intervals_[number % kIntervals];
  if (interval.number != number) interval = {number, absl::ZeroDuration()};
  interval.spent += end - begin;
  last_end_ = end;
}

}  // namespace passpersist::internal
