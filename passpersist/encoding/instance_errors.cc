// SPDX-License-Identifier: Apache-2.0

#include "passpersist/encoding/instance_errors.h"

#include <algorithm>
#include <utility>

#include "passpersist/base/mutex_lock.h"

namespace passpersist::internal {

void InstanceErrors::Add(absl::FunctionRef<InstanceError()> make) {
  MutexLock lock(mutex_);
  if (first_.size() < kMaxErrors) {
    InstanceError error = make();
    const bool is_known = std::any_of(
        first_.begin(), first_.end(),
        [&](const InstanceError& e) { return e.subject == error.subject; });
    if (is_known) return;
    first_.push_back(std::move(error));
  }
  ++count_;
}

void InstanceErrors::AddMore(size_t count) {
  MutexLock lock(mutex_);
  count_ += count;
}

std::vector<InstanceError> InstanceErrors::first() const {
  MutexLock lock(mutex_);
  return first_;
}

size_t InstanceErrors::count() const {
  MutexLock lock(mutex_);
  return count_;
}

}  // namespace passpersist::internal
