// SPDX-License-Identifier: Apache-2.0

#include "passpersist/testing/error_log.h"

#include <utility>

#include "absl/status/status.h"
#include "passpersist/base/mutex_lock.h"

namespace passpersist_testing {

passpersist::ErrorCallback ErrorLog::Hook() {
  return [this](const absl::Status& error) {
    passpersist::internal::MutexLock lock(mutex_);
    errors_.push_back(error.ToString());
  };
}

std::vector<std::string> ErrorLog::Take() {
  passpersist::internal::MutexLock lock(mutex_);
  return std::exchange(errors_, {});
}

void ErrorLog::Await() const {
  const auto any = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !errors_.empty();
  };
  passpersist::internal::MutexLock lock(mutex_, absl::Condition(&any));
}

}  // namespace passpersist_testing
