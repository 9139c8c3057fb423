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

class FakePeer::Channel {
 public:
  absl::StatusOr<size_t> Read(std::string* buffer, absl::Duration timeout) {
    const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return shut_down_ || closed_ || !to_agent_.empty();
    };
    passpersist::internal::MutexLock lock(mutex_);
    if (!mutex_.AwaitWithTimeout(absl::Condition(&ready), timeout)) {
      return absl::DeadlineExceededError("silence");
    }
    if (shut_down_) return absl::CancelledError("shut down");
    buffer->append(to_agent_);
    return std::exchange(to_agent_, {}).size();
  }

  absl::Status Write(absl::string_view bytes) {
    passpersist::internal::MutexLock lock(mutex_);
    if (shut_down_) return absl::CancelledError("shut down");
    from_agent_.append(bytes.data(), bytes.size());
    return absl::OkStatus();
  }

  void ShutDown() {
    passpersist::internal::MutexLock lock(mutex_);
    shut_down_ = true;
  }

  void Say(absl::string_view bytes) {
    passpersist::internal::MutexLock lock(mutex_);
    to_agent_.append(bytes.data(), bytes.size());
  }

  void Close() {
    passpersist::internal::MutexLock lock(mutex_);
    closed_ = true;
  }

  std::string HearLine() {
    const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return shut_down_ || from_agent_.find('\n') != std::string::npos;
    };
    passpersist::internal::MutexLock lock(mutex_, absl::Condition(&ready));
    const size_t end = from_agent_.find('\n');
    if (end == std::string::npos) return std::exchange(from_agent_, {});
    std::string line = from_agent_.substr(0, end);
    from_agent_.erase(0, end + 1);
    return line;
  }

 private:
  absl::Mutex mutex_;
  std::string to_agent_ ABSL_GUARDED_BY(mutex_);
  std::string from_agent_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  bool shut_down_ ABSL_GUARDED_BY(mutex_) = false;
};

class FakePeer::PeerTransport : public passpersist::Transport {
 public:
  explicit PeerTransport(std::shared_ptr<Channel> channel)
      : channel_(std::move(channel)) {}
  ~PeerTransport() override { channel_->ShutDown(); }

  absl::StatusOr<size_t> Read(std::string* buffer,
                              absl::Duration timeout) override {
    return channel_->Read(buffer, timeout);
  }
  absl::Status Write(absl::string_view bytes) override {
    return channel_->Write(bytes);
  }
  void Shutdown() override { channel_->ShutDown(); }

 private:
  const std::shared_ptr<Channel> channel_;
};

FakePeer::FakePeer() : channel_(std::make_shared<Channel>()) {}

FakePeer::~FakePeer() = default;

std::unique_ptr<passpersist::Transport> FakePeer::NewTransport() {
  return std::make_unique<PeerTransport>(channel_);
}

void FakePeer::Say(absl::string_view bytes) { channel_->Say(bytes); }

void FakePeer::Close() { channel_->Close(); }

std::string FakePeer::HearLine() { return channel_->HearLine(); }

}  // namespace passpersist_testing
