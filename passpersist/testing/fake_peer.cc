// SPDX-License-Identifier: Apache-2.0

#include "passpersist/testing/fake_peer.h"

#include <cstddef>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "passpersist/base/mutex_lock.h"

namespace passpersist_testing {

class FakePeer::Conversation {
 public:
  absl::StatusOr<size_t> Read(std::string* buffer, absl::Duration timeout) {
    const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return shut_down_ || closed_ || !said_.empty();
    };
    passpersist::internal::MutexLock lock(mutex_);
    if (!mutex_.AwaitWithTimeout(absl::Condition(&ready), timeout)) {
      return absl::DeadlineExceededError("silence");
    }
    if (shut_down_) return absl::CancelledError("shut down");
    buffer->append(said_);
    return std::exchange(said_, {}).size();
  }

  absl::Status Write(absl::string_view bytes) {
    passpersist::internal::MutexLock lock(mutex_);
    if (shut_down_) return absl::CancelledError("shut down");
    heard_.append(bytes.data(), bytes.size());
    return absl::OkStatus();
  }

  void ShutDown() {
    passpersist::internal::MutexLock lock(mutex_);
    shut_down_ = true;
  }

  void Say(absl::string_view bytes) {
    passpersist::internal::MutexLock lock(mutex_);
    said_.append(bytes.data(), bytes.size());
  }

  void Close() {
    passpersist::internal::MutexLock lock(mutex_);
    closed_ = true;
  }

  std::string HearLine() {
    const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return shut_down_ || heard_.find('\n') != std::string::npos;
    };
    passpersist::internal::MutexLock lock(mutex_, absl::Condition(&ready));
    const size_t end = heard_.find('\n');
    if (end == std::string::npos) return std::exchange(heard_, {});
    std::string line = heard_.substr(0, end);
    heard_.erase(0, end + 1);
    return line;
  }

 private:
  absl::Mutex mutex_;
  std::string said_ ABSL_GUARDED_BY(mutex_);
  std::string heard_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  bool shut_down_ ABSL_GUARDED_BY(mutex_) = false;
};

class FakePeer::PeerTransport : public passpersist::Transport {
 public:
  explicit PeerTransport(std::shared_ptr<Conversation> conversation)
      : conversation_(std::move(conversation)) {}
  ~PeerTransport() override { conversation_->ShutDown(); }

  absl::StatusOr<size_t> Read(std::string* buffer,
                              absl::Duration timeout) override {
    return conversation_->Read(buffer, timeout);
  }
  absl::Status Write(absl::string_view bytes) override {
    return conversation_->Write(bytes);
  }
  void Shutdown() override { conversation_->ShutDown(); }

 private:
  const std::shared_ptr<Conversation> conversation_;
};

FakePeer::FakePeer() : conversation_(std::make_shared<Conversation>()) {}

FakePeer::~FakePeer() = default;

std::unique_ptr<passpersist::Transport> FakePeer::NewTransport() {
  return std::make_unique<PeerTransport>(conversation_);
}

void FakePeer::Say(absl::string_view bytes) { conversation_->Say(bytes); }

void FakePeer::Close() { conversation_->Close(); }

std::string FakePeer::HearLine() { return conversation_->HearLine(); }

}  // namespace passpersist_testing
