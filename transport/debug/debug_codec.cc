// SPDX-License-Identifier: Apache-2.0

#include "transport/debug/debug_codec.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "passpersist/monitoring/agent_monitor.h"
#include "passpersist/value.h"
#include "transport/debug/debug.pb.h"
#include "transport/debug/debug_framing.h"
#include "transport/debug/debug_requests.h"
#include "transport/debug/debug_responses.h"
#include "transport/debug/monitor_requests.h"

namespace passpersist {
namespace {

constexpr size_t kMaxRequest = 1 << 20;
constexpr size_t kMaxAnswer = 16 << 20;

constexpr uint32_t kFirstPage = 32;  // entries
constexpr uint32_t kMaxPage = 256;
constexpr size_t kMaxPageBytes = 64 << 10;

constexpr size_t kMaxTransactions = 16;

// Appends the answer to a request that the agent cannot answer.
void AppendProblem(uint32_t id, const absl::Status& problem, std::string* out) {
  debug::Response answer;
  answer.set_id(id);
  answer.set_error(absl::IsResourceExhausted(problem) ? debug::TOO_BIG
                                                      : debug::GEN_ERR);
  answer.set_problem(std::string(problem.message()));
  AppendFrame(answer, out);
}

// Appends `answer`, or a problem if it is too large.
void AppendAnswer(const debug::Response& answer, std::string* out) {
  const size_t size = answer.ByteSizeLong();
  if (size <= kMaxAnswer) return AppendFrame(answer, out);
  AppendProblem(answer.id(),
                absl::ResourceExhaustedError(
                    absl::StrCat("an answer of ", size, " bytes, of which ",
                                 kMaxAnswer, " are allowed")),
                out);
}

// Reduces the rounds so that there are about kMaxDebugNames bindings.
void LimitRounds(GetBulk* get_bulk) {
  const size_t ranges = get_bulk->ranges.size();
  const size_t singles = std::min<size_t>(get_bulk->non_repeaters, ranges);
  if (singles == ranges) return;
  const size_t rounds =
      std::max<size_t>((kMaxDebugNames - singles) / (ranges - singles), 1);
  get_bulk->max_repetitions = static_cast<uint32_t>(
      std::min<size_t>(get_bulk->max_repetitions, rounds));
}

}  // namespace

CodecFactory DebugCodec::Factory() {
  return [] { return std::make_unique<DebugCodec>(); };
}

DebugCodec::DebugCodec() = default;
DebugCodec::~DebugCodec() = default;

void DebugCodec::Open(const CodecHost& host, std::string*) {
  host_ = host;
  monitor_requests_ = std::make_unique<transport_internal::MonitorRequests>(
      host.monitor, host.clock);
}

absl::Duration DebugCodec::ReadTimeout() const {
  return monitor_requests_->waiting() ? kPollInterval
                                      : absl::InfiniteDuration();
}

absl::Status DebugCodec::PollMonitorRequest(absl::string_view in,
                                            std::string* out) {
  debug::Response answer;
  if (monitor_requests_->Poll(&answer)) {
    AppendAnswer(answer, out);
    return absl::OkStatus();
  }
  // The bytes stay in the input until then.
  if (in.size() <= kMaxRequest) return absl::OkStatus();
  const absl::Status problem = absl::ResourceExhaustedError(
      absl::StrCat(in.size(), " bytes follow a request that waits, of which ",
                   kMaxRequest, " are allowed"));
  AppendProblem(monitor_requests_->waiting_id(), problem, out);
  return problem;
}

absl::StatusOr<Codec::Decoded> DebugCodec::Decode(absl::string_view* in,
                                                  Request* request,
                                                  std::string* out) {
  if (pages_) {
    *request = pages_->next;
    return Decoded::kPage;
  }
  if (monitor_requests_->waiting()) {
    const absl::Status status = PollMonitorRequest(*in, out);
    if (!status.ok()) return status;
  }
  absl::string_view message;
  while (!monitor_requests_->waiting()) {
    const absl::StatusOr<bool> taken = TakeFrame(kMaxRequest, in, &message);
    if (!taken.ok()) {
      AppendProblem(/*id=*/0, taken.status(), out);
      return taken.status();
    }
    if (!*taken) return Decoded::kIncomplete;
    debug::Request proto;
    if (!proto.ParseFromArray(message.data(),
                              static_cast<int>(message.size()))) {
      const absl::Status problem = absl::InvalidArgumentError(absl::StrCat(
          "a message of ", message.size(), " bytes is not a debug request"));
      AppendProblem(/*id=*/0, problem, out);
      return problem;
    }
    absl::Status status;
    if (transport_internal::MonitorRequests::IsMonitorRequest(proto)) {
      debug::Response answer;
      status = monitor_requests_->Handle(proto, &answer);
      if (status.ok() && !monitor_requests_->waiting()) {
        AppendAnswer(answer, out);
      }
    } else {
      status = FromProto(proto, request);
      if (status.ok()) status = CheckTransaction(*request);
      wants_instance_info_ = proto.instance_info();
      if (status.ok()) return Begin(request);
    }
    if (!status.ok()) AppendProblem(proto.id(), status, out);
  }
  return Decoded::kIncomplete;
}

absl::Status DebugCodec::CheckTransaction(const Request& request) const {
  const TransactionKey key = {request.session, request.transaction};
  if (!std::holds_alternative<TestSet>(request.operation) ||
      open_transactions_.size() < kMaxTransactions ||
      open_transactions_.count(key) > 0) {
    return absl::OkStatus();
  }
  return absl::ResourceExhaustedError(
      absl::StrCat(kMaxTransactions, " transactions are open"));
}

// Mirrors the set of transactions that the request handler holds.
void DebugCodec::UpdateTransactions(const Request& request,
                                    const Response& response) {
  const TransactionKey key = {request.session, request.transaction};
  const bool tests = std::holds_alternative<TestSet>(request.operation);
  if (tests && response.error == ErrorStatus::kNoError) {
    open_transactions_.insert(key);
  } else if (tests || std::holds_alternative<UndoSet>(request.operation) ||
             std::holds_alternative<CleanupSet>(request.operation)) {
    open_transactions_.erase(key);
  }
}

Codec::Decoded DebugCodec::Begin(Request* request) {
  if (auto* const get_bulk = std::get_if<GetBulk>(&request->operation)) {
    LimitRounds(get_bulk);
  }
  if (auto* const dump = std::get_if<Dump>(&request->operation)) {
    const uint32_t limit = dump->limit;
    dump->limit = std::min(limit, kFirstPage);
    pages_ = Pages{*request, limit};
    return Decoded::kPage;
  }
  return Decoded::kRequest;
}

absl::Status DebugCodec::CheckBinding(const Oid&, const Value&) const {
  return absl::OkStatus();
}

absl::Status DebugCodec::CheckRoot(const Oid&) const {
  return absl::OkStatus();
}

void DebugCodec::Encode(const Request& request, const Response& response,
                        std::string* out) {
  if (pages_) return EncodePage(response, out);
  UpdateTransactions(request, response);
  if (std::holds_alternative<CleanupSet>(request.operation)) return;
  debug::Response answer;
  answer.set_id(request.packet);
  ToProto(response, &answer);
  if (wants_instance_info_ && host_.monitor != nullptr) {
    MoveToEntries(response, &answer);
  }
  AppendAnswer(answer, out);
}

// The handler describes only the instances of a Dump: for a Get it would cost
// time in each request of snmpd.
void DebugCodec::MoveToEntries(const Response& response,
                               debug::Response* answer) const {
  answer->clear_bindings();
  for (const ResponseVarBind& binding : response.bindings) {
    ToProto(binding,
            IsException(binding.value)
                ? InstanceInfo()
                : host_.monitor->GetInstanceInfo(binding.oid),
            answer->add_entries());
  }
}

void DebugCodec::EncodePage(const Response& response, std::string* out) {
  debug::Response page;
  page.set_id(pages_->next.packet);
  page.set_error(static_cast<debug::ErrorStatus>(response.error));
  const size_t found = response.bindings.size();
  size_t bytes = 0;
  uint32_t sent = 0;
  while (sent < found && bytes < kMaxPageBytes) {
    debug::DumpEntry& entry = *page.add_entries();
    ToProto(response.bindings[sent], response.instance_info[sent], &entry);
    bytes += entry.ByteSizeLong();
    ++sent;
  }
  Dump& dump = std::get<Dump>(pages_->next.operation);
  pages_->entries_left -= sent;
  // Fewer bindings than requested: the range has no further instances.
  const bool all_found = sent == found && found < dump.limit;
  page.set_more(!all_found && pages_->entries_left > 0);
  AppendFrame(page, out);
  if (!page.more()) return pages_.reset();
  dump.range.start = response.bindings[sent - 1].oid;
  dump.range.inclusive = false;
  // If large entries fill a page early, the next page requests at most twice
  // the number sent, so that few instances are fetched and not sent.
  dump.limit = std::min({2 * sent, kMaxPage, pages_->entries_left});
}

absl::Status DebugCodec::EncodeNotification(const Notification&, std::string*) {
  return absl::UnimplementedError("the debug protocol has no notifications");
}

void DebugCodec::Close(std::string*) {}

}  // namespace passpersist
