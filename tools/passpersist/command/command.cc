// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/command/command.h"

#include <utility>

#include "tools/passpersist/client/response_error.h"
#include "tools/passpersist/text/message_text.h"

namespace passpersist::tool {

absl::StatusOr<AgentClient*> Context::Client() {
  if (client_ != nullptr) return client_.get();
  if (program().empty() && options().socket.empty()) {
    return absl::InvalidArgumentError(
        "no agent given: name its socket with --socket=PATH or "
        "PASSPERSIST_SOCKET, or start a program with exec ... -- PROGRAM");
  }
  absl::StatusOr<std::unique_ptr<AgentClient>> client = parts_.connect(*this);
  if (!client.ok()) return absl::UnavailableError(client.status().message());
  client_ = *std::move(client);
  return client_.get();
}

absl::StatusOr<debug::Response> Context::Ask(debug::Request request) {
  const absl::StatusOr<AgentClient*> client = Client();
  if (!client.ok()) return client.status();
  absl::StatusOr<debug::Response> response =
      (*client)->Call(std::move(request));
  if (!response.ok()) return FromAgent(response.status());
  return response;
}

absl::StatusOr<debug::Response> Context::Call(debug::Request request) {
  absl::StatusOr<debug::Response> response = Ask(std::move(request));
  if (response.ok() && response->error() != debug::NO_ERROR) {
    return ErrorFromResponse(*response, {});
  }
  return response;
}

absl::Status Context::Print(const google::protobuf::Message& message,
                            absl::FunctionRef<std::string()> text) const {
  const Format format = options().format;
  return console().Print(
      format == Format::kText ? text() : MessageLine(message, format));
}

absl::Status FromAgent(const absl::Status& status) {
  if (!absl::IsInvalidArgument(status)) return status;
  return absl::FailedPreconditionError(status.message());
}

int ExitStatus(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
    case absl::StatusCode::kCancelled:
      return 0;
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kUnimplemented:
      return 1;
    case absl::StatusCode::kInvalidArgument:
      return 2;
    default:
      return 3;
  }
}

}  // namespace passpersist::tool
