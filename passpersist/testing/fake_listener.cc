#include "passpersist/testing/fake_listener.h"

#include <utility>

namespace passpersist_testing {

using passpersist::Transport;

absl::StatusOr<std::unique_ptr<Transport>> FakeListener::Accept() {
  const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return shut_down_ || !waiting_.empty();
  };
  absl::MutexLock lock(&mutex_, absl::Condition(&ready));
  if (shut_down_) return absl::CancelledError("shut down");
  absl::StatusOr<std::unique_ptr<Transport>> next = std::move(waiting_.front());
  waiting_.pop_front();
  return next;
}

void FakeListener::Shutdown() {
  absl::MutexLock lock(&mutex_);
  shut_down_ = true;
}

void FakeListener::Send(
    absl::StatusOr<std::unique_ptr<Transport>> peer_or_error) {
  absl::MutexLock lock(&mutex_);
  waiting_.push_back(std::move(peer_or_error));
}

}  // namespace passpersist_testing
