// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/connection.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/base/attributes.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/base/mutex_lock.h"

// Functions that each request passes through once are inline: their calls would
// cost it a tenth of its instructions.

namespace passpersist::internal {
namespace {

// Answers to requests that arrive together are written together, up to this
// size.
constexpr size_t kMaxUnsent = 64 << 10;

// By how much the waiting limit may be exceeded for calls that began a moment
// ago: most functions return at once.
constexpr Nanoseconds kGrace = Nanoseconds::Milliseconds(50);

bool IsRequest(Codec::Decoded what) {
  return what == Codec::Decoded::kRequest || what == Codec::Decoded::kPage;
}

absl::Status PeerHasClosed() {
  return absl::CancelledError("the peer has closed its end");
}

}  // namespace

Connection::Connection(std::unique_ptr<Transport> transport,
                       std::unique_ptr<Codec> codec,
                       const RequestHandler::Shared* shared,
                       AgentMonitor* monitor, RequestMetrics* metrics,
                       absl::Duration idle_limit)
    : transport_(std::move(transport)),
      host_{shared->objects->CodecRegions(), monitor, shared->clock,
            metrics->observed_flag()},
      clock_(*shared->clock),
      metrics_(*metrics),
      waiting_limit_(shared->waiting_limit),
      idle_limit_(idle_limit),
      request_is_pdu_(codec->RequestIsPdu()),
      max_pending_(codec->MaxPendingRequests()),
      // With one pending request, nothing is read while it waits.
      waker_(std::make_shared<Waker>(
          shared->clock, max_pending_ > 1 ? transport_.get() : nullptr)),
      codec_(std::move(codec)),
      handler_(
          shared,
          [codec = codec_.get()](const Oid& oid, const Value& value) {
            return codec->CheckBinding(oid, value);
          },
          request_is_pdu_),
      budget_(shared->waiting_limit) {}

Connection::~Connection() {
  waker_->Detach();
  MutexLock lock(mutex_);
  for (const auto& pending : waiting_) handler_.Abandon(pending.get());
}

void Connection::Shutdown() {
  shut_down_ = true;
  transport_->Shutdown();
  waker_->Wake();
}

absl::Status Connection::Serve() {
  absl::Status status = ServeRequests();
  return absl::IsCancelled(status) ? absl::OkStatus() : status;
}

absl::Status Connection::ServeRequests() {
  Silence silence;
  Wait wait;
  {
    MutexLock lock(mutex_);
    const absl::Status status = OpenCodec();
    if (!status.ok()) return status;
    wait = NextWait();
  }
  while (true) {
    const size_t unread = in_.size();
    absl::Status status = Await(wait, &silence);
    if (!status.ok()) return status;

    MutexLock lock(mutex_);
    const bool has_input = in_.size() > unread;
    bool timed_out = false;
    if (!has_input) {
      if (silence.of_peer >= idle_limit_) handler_.ForgetWalks();
      timed_out = silence.of_codec >= wait.read_timeout;
      if (timed_out) silence.of_codec = absl::ZeroDuration();
    }
    const bool has_room = !waiting_.empty() && AdvanceWaiting();
    if (has_input || has_room || timed_out) {
      status = ProcessInput(timed_out);
      if (!status.ok()) return status;
    }
    wait = NextWait();
  }
}

absl::Status Connection::OpenCodec() {
  codec_->Open(host_, &out_);
  opened_ = true;
  if (metrics_.IsObserved()) Record("", 0, Codec::Decoded::kIncomplete);
  return ProcessInput(/*timed_out=*/false);
}

inline Connection::Wait Connection::NextWait() const {
  Wait wait = {waiting_.size() < max_pending_, codec_->ReadTimeout(),
               Nanoseconds::Infinite()};
  for (const auto& pending : waiting_) {
    wait.wake_at = std::min(wait.wake_at, pending->read.asker.NextAsk());
  }
  return wait;
}

ABSL_ATTRIBUTE_ALWAYS_INLINE inline absl::Status Connection::Await(
    const Wait& wait, Silence* silence) {
  if (!wait.reads) {
    waker_->WaitUntil(wait.wake_at.ToDuration());
    if (shut_down_) return absl::CancelledError("the agent shuts down");
    return absl::OkStatus();
  }
  // Usually nothing limits the wait for the next request.
  absl::Duration timeout = idle_limit_;
  if (wait.read_timeout != absl::InfiniteDuration()) {
    timeout = std::min(timeout, wait.read_timeout - silence->of_codec);
  }
  if (wait.wake_at != Nanoseconds::Infinite()) {
    timeout = std::min(timeout, (wait.wake_at - Now()).ToDuration());
  }
  timeout = std::max(timeout, absl::ZeroDuration());
  const absl::StatusOr<size_t> read = transport_->Read(&in_, timeout);
  if (!read.ok()) return OnReadError(read.status(), timeout, silence);
  *silence = Silence();
  return *read > 0 ? absl::OkStatus() : PeerHasClosed();
}

// Returns OK if the connection goes on.
absl::Status Connection::OnReadError(const absl::Status& error,
                                     absl::Duration timeout, Silence* silence) {
  if (absl::IsAborted(error)) return absl::OkStatus();
  if (!absl::IsDeadlineExceeded(error)) return error;
  silence->of_peer += timeout;
  silence->of_codec += timeout;
  return absl::OkStatus();
}

// Answers all complete requests in in_, as long as fewer wait than may wait.
absl::Status Connection::ProcessInput(bool timed_out) {
  absl::string_view unread = in_;
  while (waiting_.size() < max_pending_) {
    if (out_.size() >= kMaxUnsent) {
      const absl::Status status = Flush();
      if (!status.ok()) return status;
    }
    const absl::StatusOr<Codec::Decoded> decoded =
        HandleNext(std::exchange(timed_out, false), &unread);
    if (!decoded.ok()) {
      codec_->Close(&out_);
      Flush().IgnoreError();  // that of the codec says more
      return decoded.status();
    }
    if (*decoded == Codec::Decoded::kIncomplete) break;
    if (*decoded != Codec::Decoded::kPage && unread.empty()) break;
  }
  if (unread.empty()) {
    in_.clear();  // the usual case; erase() costs more
  } else {
    in_.erase(0, in_.size() - unread.size());
  }
  return Flush();
}

ABSL_ATTRIBUTE_ALWAYS_INLINE inline absl::StatusOr<Codec::Decoded>
Connection::HandleNext(bool timed_out, absl::string_view* in) {
  if (next_ == nullptr) next_ = std::make_unique<Pending>();
  const absl::string_view before = *in;
  const size_t sent_before = out_.size();
  const absl::StatusOr<Codec::Decoded> decoded =
      timed_out ? codec_->OnReadTimeout(in, &next_->request, &out_)
                : codec_->Decode(in, &next_->request, &out_);
  // An error ends the connection. It makes no event.
  const Codec::Decoded what =
      decoded.ok() ? *decoded : Codec::Decoded::kIncomplete;
  if (metrics_.IsObserved()) {
    Record(before.substr(0, before.size() - in->size()), sent_before, what);
  } else {
    pending_input_.clear();
  }
  if (IsRequest(what)) {
    Begin(next_.get());
    if (!Advance(next_.get())) waiting_.push_back(std::move(next_));
  }
  return decoded;
}

inline void Connection::Begin(Pending* pending) {
  const Nanoseconds now = Now();
  pending->begun = now;
  ComputedValueRunner::Asker& asker = pending->read.asker;
  if (asker.waker == nullptr) asker.waker = waker_;
  asker.now = now;
  asker.wait_begun = Nanoseconds::Infinite();
  if (request_is_pdu_) {
    asker.deadline = now + waiting_limit_;
    asker.grace_deadline = asker.deadline + kGrace;
  } else {
    budget_.SetDeadlines(now, kGrace, &asker.deadline, &asker.grace_deadline);
  }
  handler_.Begin(pending);
}

bool Connection::Advance(Pending* pending) {
  ComputedValueRunner::Asker& asker = pending->read.asker;
  if (handler_.Advance(pending) == RequestHandler::Progress::kWaiting) {
    asker.wait_begun = std::min(asker.wait_begun, asker.now);
    return false;
  }
  if (asker.wait_begun < asker.now) {
    budget_.Spend(asker.wait_begun, asker.now);
    if (asker.now >= asker.deadline) metrics_.CountLate();
  }
  const size_t sent_before = out_.size();
  codec_->Encode(pending->request, pending->response, &out_);
  const Nanoseconds now = Now();
  handler_.OnAnswer(now);
  const Nanoseconds duration = now - pending->begun;
  metrics_.Count(pending->request, pending->response, duration);
  if (pending->event) Publish(pending, sent_before, duration);
  return true;
}

// Publishes the event of a request that was observed when it was decoded.
void Connection::Publish(Pending* pending, size_t sent_before,
                         Nanoseconds duration) {
  RequestEvent event = *std::exchange(pending->event, std::nullopt);
  if (!metrics_.IsObserved()) return;
  event.sent.append(out_, sent_before);
  event.request = pending->request;
  event.response = pending->response;
  event.duration = duration.ToDuration();
  metrics_.Publish(std::move(event));
}

bool Connection::AdvanceWaiting() {
  const size_t before = waiting_.size();
  for (auto& pending : waiting_) {
    pending->read.asker.now = Now();
    if (Advance(pending.get())) next_ = std::move(pending);
  }
  waiting_.erase(std::remove(waiting_.begin(), waiting_.end(), nullptr),
                 waiting_.end());
  return waiting_.size() < before;
}

void Connection::Record(absl::string_view received, size_t sent_before,
                        Codec::Decoded what) {
  absl::StrAppend(&pending_input_, received);
  if (what == Codec::Decoded::kIncomplete && out_.size() == sent_before) return;
  RequestEvent event;
  event.received = std::exchange(pending_input_, "");
  event.sent = out_.substr(sent_before);
  if (IsRequest(what)) {
    next_->event = std::move(event);
  } else {
    metrics_.Publish(std::move(event));
  }
}

inline absl::Status Connection::Flush() {
  if (out_.empty()) return absl::OkStatus();
  absl::Status status = transport_->Write(out_);
  out_.clear();
  if (status.ok()) return status;
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
