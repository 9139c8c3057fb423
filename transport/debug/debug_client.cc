// SPDX-License-Identifier: Apache-2.0

#include "transport/debug/debug_client.h"

#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "transport/debug/debug_framing.h"
#include "transport/debug/debug_values.h"

namespace passpersist {
namespace {

constexpr size_t kMaxRequest = 1 << 20;  // the limit of the agent
// Agents send at most 16 MiB; a newer agent may have a higher limit.
constexpr size_t kMaxAnswer = 64 << 20;

// The time that the request allows the agent to wait.
absl::Duration WaitOf(const debug::Request& request) {
  if (request.has_watch()) return FromProto(request.watch().wait());
  if (request.has_run_update()) return FromProto(request.run_update().wait());
  return absl::ZeroDuration();
}

}  // namespace

DebugClient::DebugClient(Transport* transport)
    : DebugClient(transport, Options()) {}

DebugClient::DebugClient(Transport* transport, Options options)
    : transport_(transport), options_(options) {}

absl::StatusOr<debug::Response> DebugClient::Call(debug::Request request) {
  if (request.has_dump()) {
    return absl::InvalidArgumentError("a Dump has more than one answer");
  }
  const absl::Status status = Send(&request);
  if (!status.ok()) return status;
  if (request.has_cleanup_set()) return debug::Response();
  return Receive(options_.limit + WaitOf(request));
}

absl::Status DebugClient::Dump(
    const debug::Dump& dump,
    absl::FunctionRef<absl::Status(const debug::DumpEntry&)> take) {
  debug::Request request;
  *request.mutable_dump() = dump;
  absl::Status status = Send(&request);
  if (!status.ok()) return status;
  bool more = true;
  while (more) {
    const absl::StatusOr<debug::Response> page = Receive(options_.limit);
    if (!page.ok()) return page.status();
    if (page->error() != debug::NO_ERROR) {
      return absl::FailedPreconditionError(absl::StrCat(
          "the agent refused: ", debug::ErrorStatus_Name(page->error())));
    }
    for (const debug::DumpEntry& entry : page->entries()) {
      status = take(entry);
      if (!status.ok()) return status;
    }
    more = page->more();
  }
  return absl::OkStatus();
}

absl::Status DebugClient::Send(debug::Request* request) {
  request->set_id(++id_);
  const size_t size = request->ByteSizeLong();
  if (size > kMaxRequest) {
    return absl::ResourceExhaustedError(
        absl::StrCat("a request of ", size, " bytes, of which ", kMaxRequest,
                     " are allowed"));
  }
  std::string bytes;
  AppendFrame(*request, &bytes);
  const absl::Status status = transport_->Write(bytes);
  if (status.ok()) return status;
  // The agent may have sent the reason before it closed the connection.
  const absl::Status why = Receive(options_.limit).status();
  if (absl::IsInvalidArgument(why) || absl::IsResourceExhausted(why)) {
    return why;
  }
  return Gone(
      absl::StrCat("the agent closed the connection: ", status.message()));
}

absl::Status DebugClient::Gone(std::string what) const {
  // UnixListener closes the connection of a rejected client without a message.
  if (!received_any_) {
    absl::StrAppend(&what,
                    " (does it have too many clients, or does it accept only "
                    "its own user and root?)");
  }
  return absl::UnavailableError(what);
}

absl::StatusOr<debug::Response> DebugClient::Receive(absl::Duration limit) {
  const absl::Duration deadline = clock_.Now() + limit;
  while (true) {
    absl::StatusOr<debug::Response> answer = ReadMessage(deadline);
    if (absl::IsDeadlineExceeded(answer.status())) {
      return absl::DeadlineExceededError(absl::StrCat(
          "no answer from the agent within ", absl::FormatDuration(limit)));
    }
    if (!answer.ok()) return answer;
    // The id is 0 if the agent could not read the request.
    if (answer->id() != id_ && answer->id() != 0) continue;
    if (answer->problem().empty()) return answer;
    return answer->error() == debug::TOO_BIG
               ? absl::ResourceExhaustedError(answer->problem())
               : absl::InvalidArgumentError(answer->problem());
  }
}

absl::StatusOr<debug::Response> DebugClient::ReadMessage(
    absl::Duration deadline) {
  while (true) {
    absl::string_view unread = pending_input_;
    absl::string_view message;
    const absl::StatusOr<bool> taken = TakeFrame(kMaxAnswer, &unread, &message);
    if (absl::IsOutOfRange(taken.status())) {
      return absl::ResourceExhaustedError(taken.status().message());
    }
    if (!taken.ok()) return absl::DataLossError(taken.status().message());
    if (*taken) {
      debug::Response answer;
      if (!answer.ParseFromArray(message.data(),
                                 static_cast<int>(message.size()))) {
        return absl::DataLossError(absl::StrCat("a message of ", message.size(),
                                                " bytes is not a debug "
                                                "response"));
      }
      pending_input_.erase(0, pending_input_.size() - unread.size());
      return answer;
    }
    const absl::StatusOr<size_t> count =
        transport_->Read(&pending_input_, deadline - clock_.Now());
    if (absl::IsDeadlineExceeded(count.status())) return count.status();
    if (!count.ok()) {
      return Gone(absl::StrCat("the connection to the agent broke: ",
                               count.status().message()));
    }
    if (*count == 0) {
      return Gone(pending_input_.empty()
                      ? "the agent closed the connection"
                      : "the agent closed the connection within an answer");
    }
    received_any_ = true;
  }
}

}  // namespace passpersist
