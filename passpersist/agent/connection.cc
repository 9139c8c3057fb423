// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/connection.h"

#include <algorithm>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/inspection.h"

namespace passpersist::internal {
namespace {

// Answers to requests that came together go out together, up to this size.
constexpr size_t kMaxUnsent = 64 << 10;

}  // namespace

Connection::Connection(std::unique_ptr<Transport> transport,
                       std::unique_ptr<Codec> codec,
                       const RequestHandler::Shared& shared,
                       RequestMetrics* monitor, absl::Duration idle_limit)
    : transport_(std::move(transport)),
      regions_(shared.objects->regions()),
      clock_(*shared.clock),
      monitor_(*monitor),
      idle_limit_(idle_limit),
      codec_(std::move(codec)),
      handler_(
          shared,
          [codec = codec_.get()](const VarBind& binding) {
            return codec->CheckBinding(binding);
          },
          [transport = transport_.get()] { return transport->PeerHasGone(); }) {
}

absl::Status Connection::Serve() {
  absl::Status status = ServeRequests();
  return absl::IsCancelled(status) ? absl::OkStatus() : status;
}

absl::Status Connection::ServeRequests() {
  std::string received;
  absl::Duration silence_limit;
  {
    MutexLock lock(mutex_);
    codec_->Open(regions_, &out_);
    opened_ = true;
    if (monitor_.IsObserved()) Tell("", out_, false, absl::ZeroDuration());
    const absl::Status status = ProcessInput(/*silent=*/false);
    if (!status.ok()) return status;
    silence_limit = codec_->ReadTimeout();
  }
  while (true) {
    received.clear();
    const absl::StatusOr<size_t> read =
        transport_->Read(&received, std::min(silence_limit, idle_limit_));
    const bool silent = absl::IsDeadlineExceeded(read.status());
    if (!silent && !read.ok()) return read.status();
    if (!silent && *read == 0) return absl::OkStatus();

    MutexLock lock(mutex_);
    if (silent && idle_limit_ < silence_limit) {
      handler_.ForgetWalks();
      continue;
    }
    in_.append(received);
    const absl::Status status = ProcessInput(silent);
    if (!status.ok()) return status;
    silence_limit = codec_->ReadTimeout();
  }
}

// Answers every request that is whole.
absl::Status Connection::ProcessInput(bool silent) {
  absl::string_view unread = in_;
  absl::StatusOr<Codec::Decoded> decoded = Step(silent, &unread);
  while (decoded.ok() && *decoded == Codec::Decoded::kRequest) {
    if (out_.size() >= kMaxUnsent) {
      const absl::Status status = Flush();
      if (!status.ok()) return status;
    }
    decoded = Step(/*silent=*/false, &unread);
  }
  if (!decoded.ok()) codec_->Close(&out_);
  in_.erase(0, in_.size() - unread.size());
  const absl::Status status = Flush();
  return decoded.ok() ? status : decoded.status();
}

absl::StatusOr<Codec::Decoded> Connection::Step(bool silent,
                                                absl::string_view* in) {
  const absl::string_view before = *in;
  const size_t said = out_.size();
  const absl::StatusOr<Codec::Decoded> decoded =
      silent ? codec_->OnReadTimeout(in, &request_, &out_)
             : codec_->Decode(in, &request_, &out_);
  absl::Duration duration;
  const bool has_request = decoded.ok() && *decoded == Codec::Decoded::kRequest;
  if (has_request) {
    const absl::Duration begin = clock_.Now();
    handler_.Handle(request_, &response_);
    codec_->Encode(request_, response_, &out_);
    duration = clock_.Now() - begin;
    monitor_.Count(request_, response_, duration);
  }
  if (monitor_.IsObserved()) {
    Tell(before.substr(0, before.size() - in->size()),
         absl::string_view(out_).substr(said), has_request, duration);
  } else {
    untold_.clear();
  }
  return decoded;
}

void Connection::Tell(absl::string_view received, absl::string_view sent,
                      bool has_request, absl::Duration duration) {
  absl::StrAppend(&untold_, received);
  if (!has_request && sent.empty()) return;
  RequestEvent exchange;
  exchange.received = std::exchange(untold_, "");
  exchange.sent = std::string(sent);
  if (has_request) {
    exchange.request = request_;
    exchange.response = response_;
    exchange.duration = duration;
  }
  monitor_.Tell(std::move(exchange));
}

absl::Status Connection::Flush() {
  if (out_.empty()) return absl::OkStatus();
  absl::Status status = transport_->Write(out_);
  out_.clear();
  // One that goes while it is being answered has closed its end, too.
  if (!status.ok() && transport_->PeerHasGone()) {
    return absl::CancelledError("the peer has gone");
  }
  return status;
}

absl::Status Connection::Notify(const Notification& notification) {
  MutexLock lock(mutex_);
  if (!opened_) {
    return absl::FailedPreconditionError("the conversation has not begun");
  }
  absl::Status status = codec_->EncodeNotification(notification, &out_);
  if (status.ok()) return Flush();
  out_.clear();
  return status;
}

// The answer to a request, which may wait for a slow peer, delays nobody.
void Connection::ForgetOldSnapshots() {
  if (!TryLock(mutex_)) return;
  handler_.ForgetOldSnapshots();
  Unlock(mutex_);
}

}  // namespace passpersist::internal
