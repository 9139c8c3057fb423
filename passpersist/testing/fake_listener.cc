// SPDX-License-Identifier: Apache-2.0

#include "passpersist/testing/fake_listener.h"

#include <utility>

#include "passpersist/base/mutex_lock.h"

namespace passpersist_testing {

using passpersist::Transport;

absl::StatusOr<std::unique_ptr<Transport>> FakeListener::Accept() {
  const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !error_.ok() || !waiting_.empty();
  };
  passpersist::internal::MutexLock lock(mutex_, absl::Condition(&ready));
  if (absl::IsCancelled(error_) || waiting_.empty()) return error_;
  std::unique_ptr<Transport> transport = std::move(waiting_.front());
  waiting_.pop_front();
  return transport;
}

void FakeListener::Shutdown() { Break(absl::CancelledError("shut down")); }

void FakeListener::Send(std::unique_ptr<Transport> transport) {
  passpersist::internal::MutexLock lock(mutex_);
  waiting_.push_back(std::move(transport));
}

void FakeListener::Break(absl::Status error) {
  passpersist::internal::MutexLock lock(mutex_);
  error_ = std::move(error);
}

}  // namespace passpersist_testing
