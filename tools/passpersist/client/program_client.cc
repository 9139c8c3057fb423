// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/client/program_client.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tools/passpersist/client/walk.h"
#include "tools/passpersist/text/message_text.h"
#include "transport/debug/debug_values.h"
#include "transport/pass_persist/pass_persist_set.h"

namespace passpersist::tool {
namespace {

// Any error in an answer breaks the connection, as with snmpd, so its code must
// be one that AgentClient defines as a failed connection.
absl::Status AsBroken(const absl::Status& status) {
  if (absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status)) {
    return status;
  }
  return absl::DataLossError(status.message());
}

}  // namespace

absl::StatusOr<std::unique_ptr<ProgramClient>> ProgramClient::Start(
    std::vector<std::string> command, Options options) {
  std::unique_ptr<ProgramClient> client(
      new ProgramClient(std::move(command), std::move(options)));
  const absl::Status status = client->StartProgram();
  if (!status.ok()) return status;
  return client;
}

ProgramClient::ProgramClient(std::vector<std::string> command, Options options)
    : command_(std::move(command)), options_(std::move(options)) {}

absl::StatusOr<debug::Response> ProgramClient::Call(debug::Request request) {
  debug::Response response;
  absl::Status status = std::exchange(pending_error_, absl::OkStatus());
  if (status.ok()) status = StartProgram();
  if (!status.ok()) return status;
  switch (request.operation_case()) {
    case debug::Request::kGet:
      status = Get(request.get(), &response);
      break;
    case debug::Request::kGetNext:
      status = GetNext(request.get_next(), &response);
      break;
    case debug::Request::kGetBulk:
      status = GetBulk(request.get_bulk(), &response);
      break;
    case debug::Request::kSet:
      status = Set(request.set(), &response);
      break;
    default:
      status = absl::UnimplementedError(
          absl::StrCat("a pass_persist program doesn't support ",
                       OneofField(request, "operation")));
  }
  ShowStandardError();
  if (!status.ok()) return status;
  return response;
}

absl::Status ProgramClient::Dump(
    const debug::Dump& dump,
    absl::FunctionRef<absl::Status(const debug::DumpEntry&)> take) {
  uint32_t count = 0;
  const absl::Status status =
      Walk(*this, dump.range(), [&](const debug::DumpEntry& entry) {
        const absl::Status taken = take(entry);
        if (!taken.ok()) return taken;
        return ++count == dump.limit() ? absl::OutOfRangeError("the limit")
                                       : absl::OkStatus();
      });
  const bool limit_reached = count > 0 && count == dump.limit();
  return limit_reached && absl::IsOutOfRange(status) ? absl::OkStatus()
                                                     : status;
}

absl::Status ProgramClient::StartProgram() {
  if (program_ != nullptr) return absl::OkStatus();
  absl::StatusOr<std::unique_ptr<ChildProgram>> program =
      ChildProgram::Start(command_);
  if (!program.ok()) return program.status();
  program_ = *std::move(program);
  shown_bytes_ = 0;
  PassPersistClient::Options options;
  options.limit = options_.limit;
  client_ =
      std::make_unique<PassPersistClient>(&program_->transport(), options);
  return absl::OkStatus();
}

absl::Status ProgramClient::Finish(absl::Status status) {
  if (status.ok()) return status;
  ShowStandardError();
  client_.reset();
  program_.reset();
  return AsBroken(status);
}

void ProgramClient::ShowStandardError() {
  if (program_ == nullptr || !options_.standard_error) return;
  const std::string text = program_->standard_error();
  if (text.size() == shown_bytes_) return;
  options_.standard_error(absl::string_view(text).substr(shown_bytes_));
  shown_bytes_ = text.size();
}

absl::Status ProgramClient::Get(const debug::Get& get,
                                debug::Response* response) {
  Oid oid;
  for (const std::string& name : get.oids()) {
    const absl::Status status = FromProto(name, &oid);
    if (!status.ok()) return status;
    const absl::StatusOr<ResponseVarBind> binding = client_->GetValue(oid);
    if (!binding.ok()) return Finish(binding.status());
    ToProto(*binding, response->add_bindings());
  }
  return absl::OkStatus();
}

absl::Status ProgramClient::GetNext(const debug::GetNext& get_next,
                                    debug::Response* response) {
  SearchRange range;
  for (const debug::SearchRange& proto : get_next.ranges()) {
    const absl::Status status = FromProto(proto, &range);
    if (!status.ok()) return status;
    const absl::StatusOr<ResponseVarBind> binding = First(range);
    if (!binding.ok()) return Finish(binding.status());
    ToProto(*binding, response->add_bindings());
  }
  return absl::OkStatus();
}

absl::Status ProgramClient::GetBulk(const debug::GetBulk& get_bulk,
                                    debug::Response* response) {
  std::vector<SearchRange> ranges(static_cast<size_t>(get_bulk.ranges_size()));
  for (size_t i = 0; i < ranges.size(); ++i) {
    const absl::Status status =
        FromProto(get_bulk.ranges(static_cast<int>(i)), &ranges[i]);
    if (!status.ok()) return status;
  }
  const size_t once = std::min<size_t>(get_bulk.non_repeaters(), ranges.size());
  // Answers the ranges from `first` to `end` once. Returns false if all of them
  // are at their end.
  const auto ask = [&](size_t first, size_t end) -> absl::StatusOr<bool> {
    bool more = false;
    for (size_t i = first; i < end; ++i) {
      const absl::StatusOr<ResponseVarBind> binding = First(ranges[i]);
      if (!binding.ok()) return binding.status();
      ToProto(*binding, response->add_bindings());
      more |= !IsException(binding->value);
      ranges[i].start = binding->oid;
      ranges[i].inclusive = false;
    }
    return more;
  };
  absl::StatusOr<bool> more = ask(0, once);
  for (uint32_t round = 0; more.ok() && round < get_bulk.max_repetitions();
       ++round) {
    more = ask(once, ranges.size());
    if (more.ok() && !*more) break;
  }
  if (more.ok()) return absl::OkStatus();
  const absl::Status error = Finish(more.status());
  if (response->bindings().empty()) return error;
  // The bindings that arrived are returned first, the error by the next Call().
  pending_error_ = error;
  return absl::OkStatus();
}

absl::Status ProgramClient::Set(const debug::Set& set,
                                debug::Response* response) {
  VarBind binding;
  uint32_t index = 0;
  for (const debug::VarBind& proto : set.bindings()) {
    ++index;
    const absl::Status status = FromProto(proto, &binding);
    if (!status.ok()) return status;
    const absl::StatusOr<std::string> text = PassPersistSetText(binding.value);
    if (!text.ok()) return text.status();
    const absl::StatusOr<ErrorStatus> error = client_->SetValue(binding);
    if (!error.ok()) return Finish(error.status());
    if (*error == ErrorStatus::kNoError) continue;
    response->set_error(static_cast<debug::ErrorStatus>(*error));
    response->set_error_index(index);
    break;
  }
  return absl::OkStatus();
}

absl::StatusOr<ResponseVarBind> ProgramClient::First(const SearchRange& range) {
  if (range.inclusive && !range.start.empty()) {
    absl::StatusOr<ResponseVarBind> binding = client_->GetValue(range.start);
    if (!binding.ok() || !IsException(binding->value)) return binding;
  }
  const Oid& start = range.start.empty() ? options_.base : range.start;
  absl::StatusOr<ResponseVarBind> next = client_->GetNextValue(start);
  if (!next.ok()) return next;
  if (!range.end.empty() && next->oid >= range.end) {
    next->value = Exception::kEndOfMibView;
  }
  if (IsException(next->value)) next->oid = start;
  return next;
}

}  // namespace passpersist::tool
