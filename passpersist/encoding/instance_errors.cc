// SPDX-License-Identifier: Apache-2.0

#include "passpersist/encoding/instance_errors.h"

#include <utility>

#include "absl/hash/hash.h"
#include "passpersist/base/mutex_lock.h"

namespace passpersist::internal {

void InstanceErrors::SetKnown(SubjectHashes known) {
  MutexLock lock(mutex_);
  known_ = std::move(known);
}

void InstanceErrors::Add(absl::FunctionRef<InstanceError()> make) {
  MutexLock lock(mutex_);
  if (subjects_.size() < kMaxSubjects) {
    InstanceError error = make();
    const size_t subject = absl::HashOf(error.subject);
    if (!subjects_.insert(subject).second) return;
    if (known_.contains(subject)) {
      ++known_count_;
    } else if (first_.size() < kMaxErrors) {
      first_.push_back(std::move(error));
    }
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

InstanceErrors::SubjectHashes InstanceErrors::subjects() const {
  MutexLock lock(mutex_);
  return subjects_;
}

size_t InstanceErrors::known_count() const {
  MutexLock lock(mutex_);
  return known_count_;
}

size_t InstanceErrors::count() const {
  MutexLock lock(mutex_);
  return count_;
}

}  // namespace passpersist::internal
