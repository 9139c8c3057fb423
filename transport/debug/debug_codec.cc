// SPDX-License-Identifier: Apache-2.0

#include "transport/debug/debug_codec.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "transport/debug/debug.pb.h"
#include "transport/debug/debug_framing.h"
#include "transport/debug/debug_reports.h"
#include "transport/debug/debug_requests.h"
#include "transport/debug/debug_responses.h"

namespace passpersist {
namespace {

constexpr size_t kMaxRequest = 1 << 20;
constexpr size_t kMaxAnswer = 16 << 20;

constexpr uint32_t kFirstPage = 32;  // entries
constexpr uint32_t kMaxPage = 256;
constexpr size_t kMaxPageBytes = 64 << 10;

constexpr size_t kMaxTransactions = 16;
constexpr uint32_t kMaxEvents = 256;
constexpr absl::Duration kMaxWatch = absl::Seconds(30);
constexpr absl::Duration kMaxUpdate = absl::Minutes(10);

// Appends the answer to a request that the agent cannot answer.
void AppendProblem(uint32_t id, const absl::Status& problem, std::string* out) {
  debug::Response answer;
  answer.set_id(id);
  answer.set_error(absl::IsResourceExhausted(problem) ? debug::TOO_BIG
                                                      : debug::GEN_ERR);
  answer.set_problem(std::string(problem.message()));
  AppendFrame(answer, out);
}

// Reduces operations that would take too long or too much memory.
class Limiter {
 public:
  void operator()(GetBulk& get_bulk) const {
    const size_t ranges = get_bulk.ranges.size();
    const size_t singles = std::min<size_t>(get_bulk.non_repeaters, ranges);
    if (singles == ranges) return;
    const size_t rounds =
        std::max<size_t>((kMaxDebugNames - singles) / (ranges - singles), 1);
    get_bulk.max_repetitions = static_cast<uint32_t>(
        std::min<size_t>(get_bulk.max_repetitions, rounds));
  }
  void operator()(Watch& watch) const {
    if (watch.max_events == 0) watch.max_events = kMaxEvents;
    watch.max_events = std::min(watch.max_events, kMaxEvents);
    Limit(kMaxWatch, &watch.wait);
  }
  void operator()(RunUpdate& run_update) const {
    Limit(kMaxUpdate, &run_update.wait);
  }
  template <typename Operation>
  void operator()(Operation&) const {}

 private:
  static void Limit(absl::Duration most, absl::Duration* wait) {
    *wait = std::clamp(*wait, absl::ZeroDuration(), most);
  }
};

}  // namespace

CodecFactory DebugCodec::Factory() {
  return [] { return std::make_unique<DebugCodec>(); };
}

void DebugCodec::Open(const Regions&, std::string*) {}

absl::StatusOr<Codec::Decoded> DebugCodec::Decode(absl::string_view* in,
                                                  Request* request,
                                                  std::string* out) {
  if (pages_) {
    *request = pages_->next;
    return Decoded::kRequest;
  }
  absl::string_view message;
  while (true) {
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
    absl::Status status = FromProto(proto, request);
    if (status.ok()) status = CheckTransaction(*request);
    if (status.ok()) return Begin(request);
    AppendProblem(proto.id(), status, out);
  }
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
  std::visit(Limiter(), request->operation);
  if (auto* const dump = std::get_if<Dump>(&request->operation)) {
    const uint32_t limit = dump->limit;
    dump->limit = std::min(limit, kFirstPage);
    pages_ = Pages{*request, limit};
  }
  return Decoded::kRequest;
}

absl::Status DebugCodec::CheckBinding(const VarBind&) const {
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
  if (response.inspection != nullptr) ToProto(*response.inspection, &answer);
  const size_t size = answer.ByteSizeLong();
  if (size > kMaxAnswer) {
    return AppendProblem(request.packet,
                         absl::ResourceExhaustedError(absl::StrCat(
                             "an answer of ", size, " bytes, of which ",
                             kMaxAnswer, " are allowed")),
                         out);
  }
  AppendFrame(answer, out);
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
