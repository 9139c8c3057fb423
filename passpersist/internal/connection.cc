#include "passpersist/internal/connection.h"

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace passpersist::internal {
namespace {

// Answers to requests that came together go out together, up to this size.
constexpr size_t kMaxUnsent = 64 << 10;

}  // namespace

Connection::Connection(std::unique_ptr<Transport> transport,
                       std::unique_ptr<Codec> codec,
                       const ManagedObjects* objects, const Clock* clock,
                       ErrorReporter* errors)
    : transport_(std::move(transport)),
      regions_(objects->regions()),
      codec_(std::move(codec)),
      handler_(objects, clock, errors,
               [codec = codec_.get()](const VarBind& binding) {
                 return codec->CheckBinding(binding);
               }) {}

absl::Status Connection::Serve() {
  absl::Status status = ServeRequests();
  return absl::IsCancelled(status) ? absl::OkStatus() : status;
}

absl::Status Connection::ServeRequests() {
  std::string received;
  absl::Duration silence_limit;
  {
    absl::MutexLock lock(&mutex_);
    codec_->Open(regions_, &out_);
    opened_ = true;
    const absl::Status status = Converse(/*silent=*/false);
    if (!status.ok()) return status;
    silence_limit = codec_->SilenceLimit();
  }
  while (true) {
    received.clear();
    const absl::StatusOr<size_t> read =
        transport_->Read(&received, silence_limit);
    const bool silent = absl::IsDeadlineExceeded(read.status());
    if (!silent && !read.ok()) return read.status();
    if (!silent && *read == 0) return absl::OkStatus();

    absl::MutexLock lock(&mutex_);
    in_.append(received);
    const absl::Status status = Converse(silent);
    if (!status.ok()) return status;
    silence_limit = codec_->SilenceLimit();
  }
}

// Answers every request that is whole.
absl::Status Connection::Converse(bool silent) {
  absl::string_view unread = in_;
  absl::StatusOr<Codec::Decoded> decoded =
      silent ? codec_->OnSilence(&unread, &request_, &out_)
             : codec_->Decode(&unread, &request_, &out_);
  while (decoded.ok() && *decoded == Codec::Decoded::kRequest) {
    handler_.Handle(request_, &response_);
    codec_->Encode(request_, response_, &out_);
    if (out_.size() >= kMaxUnsent) {
      const absl::Status status = Flush();
      if (!status.ok()) return status;
    }
    decoded = codec_->Decode(&unread, &request_, &out_);
  }
  if (!decoded.ok()) codec_->Close(&out_);
  in_.erase(0, in_.size() - unread.size());
  const absl::Status status = Flush();
  return decoded.ok() ? status : decoded.status();
}

absl::Status Connection::Flush() {
  if (out_.empty()) return absl::OkStatus();
  const absl::Status status = transport_->Write(out_);
  out_.clear();
  return status;
}

absl::Status Connection::Notify(const Notification& notification) {
  absl::MutexLock lock(&mutex_);
  if (!opened_) {
    return absl::FailedPreconditionError("the conversation has not begun");
  }
  absl::Status status = codec_->EncodeNotification(notification, &out_);
  if (status.ok()) return Flush();
  out_.clear();
  return status;
}

}  // namespace passpersist::internal
