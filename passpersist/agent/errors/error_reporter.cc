// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/errors/error_reporter.h"

#include <utility>

#include "passpersist/base/mutex_lock.h"
#include "passpersist/base/request_guard.h"

namespace passpersist::internal {

ErrorReporter::ErrorReporter(ErrorCallback callback)
    : callback_(std::move(callback)) {}

void ErrorReporter::Report(const absl::Status& error) {
  if (error.ok()) return;
  RequestGuard::ReleaseCurrent();
  MutexLock lock(mutex_);
  callback_(error);
}

}  // namespace passpersist::internal
