// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/connection.h"

#include <algorithm>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/agent_event.h"
#include "passpersist/base/mutex_lock.h"

namespace passpersist::internal {
namespace {

// Answers to requests that arrive together are written together, up to this
// size.
constexpr size_t kMaxUnsent = 64 << 10;

}  // namespace

Connection::Connection(std::unique_ptr<Transport> transport,
                       std::unique_ptr<Codec> codec,
                       const RequestHandler::Shared& shared,
                       AgentMonitor* monitor, RequestMetrics* metrics,
                       absl::Duration idle_limit)
    : transport_(std::move(transport)),
      host_{shared.objects->regions(), monitor, shared.clock},
      clock_(*shared.clock),
      metrics_(*metrics),
      idle_limit_(idle_limit),
      codec_(std::move(codec)),
      handler_(shared,
               [codec = codec_.get()](const Oid& oid, const Value& value) {
                 return codec->CheckBinding(oid, value);
               }) {}

absl::Status Connection::Serve() {
  absl::Status status = ServeRequests();
  return absl::IsCancelled(status) ? absl::OkStatus() : status;
}

absl::Status Connection::ServeRequests() {
  std::string received;
  absl::Duration read_timeout;  // of the codec
  absl::Duration silence;       // since the last input
  {
    MutexLock lock(mutex_);
    codec_->Open(host_, &out_);
    opened_ = true;
    if (metrics_.IsObserved()) Publish("", out_, false, absl::ZeroDuration());
    const absl::Status status = ProcessInput(/*timed_out=*/false);
    if (!status.ok()) return status;
    read_timeout = codec_->ReadTimeout();
  }
  while (true) {
    received.clear();
    const absl::Duration timeout = std::min(read_timeout, idle_limit_);
    const absl::StatusOr<size_t> read = transport_->Read(&received, timeout);
    const bool timed_out = absl::IsDeadlineExceeded(read.status());
    if (!timed_out && !read.ok()) return read.status();
    if (!timed_out && *read == 0) return absl::OkStatus();

    MutexLock lock(mutex_);
    silence = timed_out ? silence + timeout : absl::ZeroDuration();
    if (silence >= idle_limit_) handler_.ForgetWalks();
    // The idle limit has passed, not the read timeout of the codec.
    if (timed_out && timeout < read_timeout) continue;
    in_.append(received);
    const absl::Status status = ProcessInput(timed_out);
    if (!status.ok()) return status;
    read_timeout = codec_->ReadTimeout();
  }
}

// Answers all complete requests in in_.
absl::Status Connection::ProcessInput(bool timed_out) {
  absl::string_view unread = in_;
  absl::StatusOr<Codec::Decoded> decoded = HandleNext(timed_out, &unread);
  while (decoded.ok() && *decoded == Codec::Decoded::kRequest) {
    if (out_.size() >= kMaxUnsent) {
      const absl::Status status = Flush();
      if (!status.ok()) return status;
    }
    decoded = HandleNext(/*timed_out=*/false, &unread);
  }
  if (!decoded.ok()) codec_->Close(&out_);
  in_.erase(0, in_.size() - unread.size());
  const absl::Status status = Flush();
  return decoded.ok() ? status : decoded.status();
}

absl::StatusOr<Codec::Decoded> Connection::HandleNext(bool timed_out,
                                                      absl::string_view* in) {
  const absl::string_view before = *in;
  const size_t sent_before = out_.size();
  const absl::StatusOr<Codec::Decoded> decoded =
      timed_out ? codec_->OnReadTimeout(in, &request_, &out_)
                : codec_->Decode(in, &request_, &out_);
  absl::Duration duration;
  const bool has_request = decoded.ok() && *decoded == Codec::Decoded::kRequest;
  if (has_request) {
    const absl::Duration begin = clock_.Now();
    handler_.Handle(request_, &response_);
    codec_->Encode(request_, response_, &out_);
    duration = clock_.Now() - begin;
    metrics_.Count(request_, response_, duration);
  }
  if (metrics_.IsObserved()) {
    Publish(before.substr(0, before.size() - in->size()),
            absl::string_view(out_).substr(sent_before), has_request, duration);
  } else {
    pending_input_.clear();
  }
  return decoded;
}

void Connection::Publish(absl::string_view received, absl::string_view sent,
                         bool has_request, absl::Duration duration) {
  absl::StrAppend(&pending_input_, received);
  if (!has_request && sent.empty()) return;
  RequestEvent event;
  event.received = std::exchange(pending_input_, "");
  event.sent = std::string(sent);
  if (has_request) {
    event.request = request_;
    event.response = response_;
    event.duration = duration;
  }
  metrics_.Publish(std::move(event));
}

absl::Status Connection::Flush() {
  if (out_.empty()) return absl::OkStatus();
  absl::Status status = transport_->Write(out_);
  out_.clear();
  // A peer that closes its end while it is answered ends the connection like
  // one that closes it between two requests: that is not an error.
  if (absl::IsUnavailable(status)) {
    return absl::CancelledError("the peer has closed the connection");
  }
  return status;
}

absl::Status Connection::Notify(const Notification& notification) {
  MutexLock lock(mutex_);
  if (!opened_) {
    return absl::FailedPreconditionError("the connection is not open yet");
  }
  absl::Status status = codec_->EncodeNotification(notification, &out_);
  if (status.ok()) return Flush();
  out_.clear();
  return status;
}

// Never waits: while mutex_ is held, an answer may wait for a slow peer, which
// must not delay the caller.
void Connection::ForgetOldSnapshots() {
  if (!TryLock(mutex_)) return;
  handler_.ForgetOldSnapshots();
  Unlock(mutex_);
}

}  // namespace passpersist::internal
