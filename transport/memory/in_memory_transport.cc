// SPDX-License-Identifier: Apache-2.0

#include "transport/memory/in_memory_transport.h"

#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "passpersist/base/mutex_lock.h"

namespace passpersist {
namespace {

absl::Status Cancelled() {
  return absl::CancelledError("the transport was shut down");
}

}  // namespace

// One direction: one end writes, the other reads.
class InMemoryTransport::Pipe {
 public:
  absl::StatusOr<size_t> Read(std::string* buffer, absl::Duration timeout) {
    internal::MutexLock lock(mutex_);
    if (!mutex_.AwaitWithTimeout(absl::Condition(this, &Pipe::IsReadable),
                                 timeout)) {
      return absl::DeadlineExceededError("nothing was written");
    }
    if (reader_gone_) return Cancelled();
    if (std::exchange(woken_, false)) return absl::AbortedError("woken");
    const size_t count = bytes_.size();
    buffer->append(bytes_);
    bytes_.clear();
    return count;
  }

  absl::Status Write(absl::string_view bytes) {
    internal::MutexLock lock(mutex_);
    if (writer_gone_) return Cancelled();
    if (reader_gone_)
      return absl::UnavailableError("the peer has closed its end");
    bytes_.append(bytes.data(), bytes.size());
    return absl::OkStatus();
  }

  // Ends the Read() in progress, or the next one.
  void WakeReader() {
    internal::MutexLock lock(mutex_);
    woken_ = true;
  }

  // Discards the bytes that the other end writes from now on, and cancels
  // Read().
  void CloseReader() {
    internal::MutexLock lock(mutex_);
    reader_gone_ = true;
  }

  // Cancels Write(). The other end can still read the remaining bytes.
  void CloseWriter() {
    internal::MutexLock lock(mutex_);
    writer_gone_ = true;
  }

 private:
  bool IsReadable() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !bytes_.empty() || writer_gone_ || reader_gone_ || woken_;
  }

  mutable absl::Mutex mutex_;
  std::string bytes_ ABSL_GUARDED_BY(mutex_);
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  bool reader_gone_ ABSL_GUARDED_BY(mutex_) = false;
  bool writer_gone_ ABSL_GUARDED_BY(mutex_) = false;
};

InMemoryTransport::InMemoryTransport(std::shared_ptr<Pipe> in,
                                     std::shared_ptr<Pipe> out)
    : in_(std::move(in)), out_(std::move(out)) {}

std::pair<std::unique_ptr<Transport>, std::unique_ptr<Transport>>
InMemoryTransport::MakePair() {
  const auto there = std::make_shared<Pipe>();
  const auto back = std::make_shared<Pipe>();
  return {std::unique_ptr<Transport>(new InMemoryTransport(back, there)),
          std::unique_ptr<Transport>(new InMemoryTransport(there, back))};
}

InMemoryTransport::~InMemoryTransport() { Shutdown(); }

absl::StatusOr<size_t> InMemoryTransport::Read(std::string* buffer,
                                               absl::Duration timeout) {
  return in_->Read(buffer, timeout);
}

absl::Status InMemoryTransport::Write(absl::string_view bytes) {
  return out_->Write(bytes);
}

void InMemoryTransport::Wake() { in_->WakeReader(); }

void InMemoryTransport::Shutdown() {
  in_->CloseReader();
  out_->CloseWriter();
}

}  // namespace passpersist
