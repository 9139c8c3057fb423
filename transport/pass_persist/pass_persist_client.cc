// SPDX-License-Identifier: Apache-2.0

#include "transport/pass_persist/pass_persist_client.h"

#include <cstddef>
#include <utility>
#include <variant>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace passpersist {
namespace {

// Bounds the memory for a program that sends no newline.
constexpr size_t kMaxLine = 1 << 20;

}  // namespace

PassPersistClient::PassPersistClient(Transport* transport)
    : PassPersistClient(transport, Options()) {}

PassPersistClient::PassPersistClient(Transport* transport, Options options)
    : transport_(transport), options_(options) {}

absl::StatusOr<PassPersistReply> PassPersistClient::Get(
    absl::string_view name) {
  return Ask("get", name);
}

absl::StatusOr<PassPersistReply> PassPersistClient::GetNext(
    absl::string_view name) {
  return Ask("getnext", name);
}

absl::StatusOr<std::string> PassPersistClient::Set(absl::string_view name,
                                                   absl::string_view text) {
  absl::Status status = Ping();
  if (!status.ok()) return status;
  status = Begin(absl::StrCat("set ", name),
                 PassPersistSetMessage(name, text, options_.set_ending));
  if (!status.ok()) return status;
  return ReadFirstAnswerLine();
}

absl::StatusOr<ResponseVarBind> PassPersistClient::GetValue(const Oid& oid) {
  const absl::StatusOr<PassPersistReply> reply = Get(oid.ToString());
  if (!reply.ok()) return reply.status();
  if (reply->absent()) return ResponseVarBind{oid, Exception::kNoSuchInstance};
  return ReadPassPersistReply(*reply);
}

absl::StatusOr<ResponseVarBind> PassPersistClient::GetNextValue(
    const Oid& oid) {
  const absl::StatusOr<PassPersistReply> reply = GetNext(oid.ToString());
  if (!reply.ok()) return reply.status();
  if (reply->absent()) return ResponseVarBind{oid, Exception::kEndOfMibView};
  absl::StatusOr<ResponseVarBind> binding = ReadPassPersistReply(*reply);
  if (binding.ok() && IsException(binding->value)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "snmpd knows no type \"", absl::CEscape(reply->type), "\""));
  }
  return binding;
}

absl::StatusOr<ErrorStatus> PassPersistClient::SetValue(
    const VarBind& binding) {
  const absl::StatusOr<std::string> text = PassPersistSetText(binding.value);
  if (!text.ok()) return text.status();
  const absl::StatusOr<PassPersistReply> present = Get(binding.oid.ToString());
  if (!present.ok()) return present.status();
  if (present->absent()) return ErrorStatus::kNotWritable;
  // snmpd sets the name in the answer to the get, not the requested name
  // (agent/helpers/old_api.c, netsnmp_old_api_helper()).
  const absl::StatusOr<std::string> reply =
      Set(ReadPassPersistName(present->name).ToString(), *text);
  if (!reply.ok()) return reply.status();
  return ReadPassPersistSetReply(*reply);
}

absl::Status PassPersistClient::Ping() {
  const absl::Status status = Begin("PING", "PING\n");
  if (!status.ok()) return status;
  const absl::StatusOr<std::string> line = ReadAnswerLine();
  if (!line.ok()) return line.status();
  // snmpd compares four characters (ucd-snmp/pass_persist.c,
  // open_persist_pipe()).
  if (absl::StartsWith(*line, "PONG")) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("no PONG: \"", absl::CEscape(*line), "\""));
}

absl::Status PassPersistClient::Send(absl::string_view bytes) {
  const absl::Status status = transport_->Write(bytes);
  if (status.ok()) return status;
  return absl::UnavailableError(
      absl::StrCat("the program has ended: ", status.message()));
}

absl::StatusOr<std::string> PassPersistClient::ReadLine(absl::Duration limit) {
  return ReadLineUntil(clock_.Now() + limit);
}

absl::Status PassPersistClient::Begin(std::string request,
                                      absl::string_view bytes) {
  request_ = std::move(request);
  answer_.clear();
  deadline_ = clock_.Now() + options_.limit;
  return Send(bytes);
}

// A program may send a PONG before its PING, which Ping() has then read. A PONG
// that comes here answers the same PING again.
absl::StatusOr<std::string> PassPersistClient::ReadFirstAnswerLine() {
  absl::StatusOr<std::string> line = ReadAnswerLine();
  if (line.ok() && absl::StartsWith(*line, "PONG")) {
    return absl::FailedPreconditionError(
        absl::StrCat("a second PONG instead of the answer to ", request_));
  }
  return line;
}

absl::StatusOr<std::string> PassPersistClient::ReadAnswerLine() {
  absl::StatusOr<std::string> line = ReadLineUntil(deadline_);
  if (line.ok()) {
    absl::StrAppend(&answer_, *line, "\n");
    return line;
  }
  absl::StrAppend(&answer_, pending_input_);
  if (!absl::IsDeadlineExceeded(line.status())) {
    return absl::Status(line.status().code(),
                        absl::StrCat(line.status().message(),
                                     " instead of answering ", request_));
  }
  const std::string limit = absl::FormatDuration(options_.limit);
  if (answer_.empty()) {
    return absl::DeadlineExceededError(
        absl::StrCat("no answer to ", request_, " within ", limit));
  }
  return absl::DataLossError(absl::StrCat("only \"", absl::CEscape(answer_),
                                          "\" of the answer to ", request_,
                                          " within ", limit));
}

absl::StatusOr<PassPersistReply> PassPersistClient::Ask(
    absl::string_view command, absl::string_view name) {
  absl::Status status = Ping();
  if (!status.ok()) return status;
  status = Begin(absl::StrCat(command, " ", name),
                 absl::StrCat(command, "\n", name, "\n"));
  if (!status.ok()) return status;
  PassPersistReply reply;
  for (std::string* const part : {&reply.name, &reply.type, &reply.value}) {
    absl::StatusOr<std::string> line =
        part == &reply.name ? ReadFirstAnswerLine() : ReadAnswerLine();
    if (!line.ok()) return line.status();
    *part = *std::move(line);
    if (reply.absent()) break;
    // snmpd reads no further lines of such an answer.
    if (ReadPassPersistName(reply.name).empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("no name in the answer to ", request_, ": \"",
                       absl::CEscape(reply.name), "\""));
    }
  }
  return reply;
}

absl::StatusOr<std::string> PassPersistClient::ReadLineUntil(
    absl::Duration deadline) {
  size_t end = pending_input_.find('\n');
  while (end == std::string::npos) {
    const size_t begin = pending_input_.size();
    if (begin > kMaxLine) {
      return absl::OutOfRangeError(
          absl::StrCat("a line of more than ", kMaxLine, " bytes"));
    }
    const absl::StatusOr<size_t> count =
        transport_->Read(&pending_input_, deadline - clock_.Now());
    if (!count.ok()) return count.status();
    if (*count == 0) {
      if (begin > 0) return std::exchange(pending_input_, "");
      return absl::UnavailableError("the program has ended");
    }
    end = pending_input_.find('\n', begin);
  }
  std::string line = pending_input_.substr(0, end);
  pending_input_.erase(0, end + 1);
  return line;
}

}  // namespace passpersist
