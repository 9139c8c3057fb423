// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/errors/recent_errors.h"

#include <algorithm>

#include "passpersist/base/mutex_lock.h"

namespace passpersist::internal {

void RecentErrors::Add(const absl::Status& status, absl::Time time) {
  MutexLock lock(mutex_);
  ++count_;
  const auto known = std::find_if(
      errors_.begin(), errors_.end(),
      [&](const Statistics::Error& error) { return error.status == status; });
  if (known != errors_.end()) {
    ++known->count;
    known->last = time;
    std::rotate(known, known + 1, errors_.end());
    return;
  }
  if (errors_.size() == kMaxErrors) errors_.erase(errors_.begin());
  errors_.push_back({status, 1, time});
}

uint64_t RecentErrors::count() const {
  MutexLock lock(mutex_);
  return count_;
}

std::vector<Statistics::Error> RecentErrors::errors() const {
  MutexLock lock(mutex_);
  return errors_;
}

}  // namespace passpersist::internal
