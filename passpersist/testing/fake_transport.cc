// SPDX-License-Identifier: Apache-2.0

#include "passpersist/testing/fake_transport.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/base/mutex_lock.h"

namespace passpersist_testing {

FakeTransport::FakeTransport(std::vector<std::string> reads,
                             std::vector<std::string>* writes)
    : reads_(std::move(reads)), writes_(writes) {}

absl::StatusOr<size_t> FakeTransport::Read(std::string* buffer,
                                           absl::Duration timeout) {
  passpersist::internal::MutexLock lock(mutex_);
  if (shut_down_) return absl::CancelledError("shut down");
  if (next_ == reads_.size()) return 0;
  const std::string& read = reads_[next_++];
  if (!read.empty()) {
    buffer->append(read);
    return read.size();
  }
  if (timeout == absl::InfiniteDuration()) {
    return absl::FailedPreconditionError(
        "the script is silent, but Read() has no timeout");
  }
  return absl::DeadlineExceededError("silence");
}

absl::Status FakeTransport::Write(absl::string_view bytes) {
  passpersist::internal::MutexLock lock(mutex_);
  if (shut_down_) return absl::CancelledError("shut down");
  writes_->emplace_back(bytes);
  return absl::OkStatus();
}

void FakeTransport::Shutdown() {
  passpersist::internal::MutexLock lock(mutex_);
  shut_down_ = true;
}

}  // namespace passpersist_testing
