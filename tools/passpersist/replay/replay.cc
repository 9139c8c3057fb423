// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/replay/replay.h"

#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "passpersist/pdu.h"
#include "tools/passpersist/text/message_text.h"
#include "tools/passpersist/text/printable.h"
#include "tools/passpersist/text/request_text.h"
#include "tools/passpersist/text/value_text.h"
#include "transport/debug/debug.pb.h"
#include "transport/debug/debug_values.h"

namespace passpersist::tool {
namespace {

enum class Result { kSame, kOtherValue, kOther };

bool IsAbsent(const debug::VarBind& binding) {
  return binding.exception() == debug::NO_SUCH_OBJECT ||
         binding.exception() == debug::NO_SUCH_INSTANCE;
}

bool IsEnd(const debug::VarBind& binding) {
  return binding.exception() == debug::END_OF_MIB_VIEW;
}

Result Compare(const debug::VarBind& recorded, const debug::VarBind& now) {
  if (IsAbsent(recorded) && IsAbsent(now)) return Result::kSame;
  if (IsEnd(recorded) && IsEnd(now)) return Result::kSame;
  if (recorded.has_exception() || now.has_exception() ||
      recorded.value_case() != now.value_case() ||
      recorded.oid() != now.oid()) {
    return Result::kOther;
  }
  return recorded.SerializeAsString() == now.SerializeAsString()
             ? Result::kSame
             : Result::kOtherValue;
}

bool IsSet(const debug::Request& request) {
  return request.has_set() || request.has_test_set() ||
         request.has_commit_set() || request.has_undo_set() ||
         request.has_cleanup_set();
}

bool IsRead(const debug::Request& request) {
  return request.has_get() || request.has_get_next() || request.has_get_bulk();
}

// "octet_string": the field's name.
std::string TypeText(const debug::VarBind& binding) {
  const std::string type = OneofField(binding, "value");
  return type.empty() ? "nothing" : type;
}

std::string ErrorText(const debug::Response& response) {
  std::string text(ErrorStatusName(static_cast<ErrorStatus>(response.error())));
  if (response.error_index() > 0) {
    absl::StrAppend(&text, " of binding ", response.error_index());
  }
  return text;
}

// "1 difference", "2 differences".
std::string Count(uint64_t count, absl::string_view thing) {
  return absl::StrCat(count, " ", thing, count == 1 ? "" : "s");
}

std::string BindingCount(const debug::Response& response) {
  return Count(static_cast<uint64_t>(response.bindings_size()), "binding");
}

// Compares answers, and adds the differences to a report.
class Comparison {
 public:
  Comparison(bool show_values, report::ReplayReport* report)
      : show_values_(show_values), report_(*report) {}

  void Compare(const debug::Event& event, const debug::Response& now) {
    const debug::Response& recorded = event.request_event().response();
    if (recorded.error() != now.error() ||
        recorded.error_index() != now.error_index()) {
      Add(event, ErrorText(recorded), ErrorText(now));
      return;
    }
    if (recorded.bindings_size() != now.bindings_size()) {
      Add(event, BindingCount(recorded), BindingCount(now));
      return;
    }
    for (int i = 0; i < now.bindings_size(); ++i) {
      Compare(event, recorded.bindings(i), now.bindings(i));
    }
  }

  void AddUnanswered(const debug::Event& event, const absl::Status& error) {
    const debug::Response& recorded = event.request_event().response();
    std::string answer = BindingCount(recorded);
    if (recorded.error() != debug::NO_ERROR) {
      answer = ErrorText(recorded);
    } else if (recorded.bindings_size() == 1) {
      answer = Text(recorded.bindings(0));
    }
    Add(event, std::move(answer), absl::StrCat("no answer: ", error.message()));
  }

 private:
  void Compare(const debug::Event& event, const debug::VarBind& recorded,
               const debug::VarBind& now) {
    const Result result = tool::Compare(recorded, now);
    const bool value_only = result == Result::kOtherValue;
    if (value_only) {
      if (report_.values_redacted()) return;
      report_.set_value_differences(report_.value_differences() + 1);
    }
    if (result == Result::kOther || (value_only && show_values_)) {
      Add(event, Text(recorded), Text(now), value_only);
    }
  }

  std::string Text(const debug::VarBind& binding) const {
    if (!report_.values_redacted() || binding.has_exception()) {
      return BindingText(binding);
    }
    return absl::StrCat(Printable(binding.oid()), " = ", TypeText(binding));
  }

  void Add(const debug::Event& event, std::string recorded, std::string now,
           bool value_only = false) {
    report::ReplayReport::Difference& difference = *report_.add_differences();
    *difference.mutable_time() = event.time();
    difference.set_request(TextOf(event.request_event().request()).ToString());
    difference.set_recorded(std::move(recorded));
    difference.set_now(std::move(now));
    difference.set_value_only(value_only);
  }

  const bool show_values_;
  report::ReplayReport& report_;
};

std::string TimeText(absl::Time time, absl::TimeZone zone) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%E3S", time, zone);
}

}  // namespace

absl::Status Replay(RecordingReader* reader, AgentClient* client,
                    const ReplayOptions& options,
                    report::ReplayReport* report) {
  report->set_values_redacted(reader->header().values_redacted());
  if (options.sets && report->values_redacted()) {
    return absl::FailedPreconditionError(absl::StrCat(
        reader->path(), ": values were redacted, so sets can't be replayed"));
  }
  Comparison comparison(options.values, report);
  debug::Event event;
  while (true) {
    const absl::StatusOr<bool> read = reader->Next(&event);
    if (!read.ok()) {
      return absl::InvalidArgumentError(read.status().message());
    }
    if (!*read) break;
    const debug::Request& request = event.request_event().request();
    if (IsSet(request) && !options.sets) {
      report->set_sets_skipped(report->sets_skipped() + 1);
    } else if (IsSet(request) || IsRead(request)) {
      report->set_requests(report->requests() + 1);
      const absl::StatusOr<debug::Response> now = client->Call(request);
      if (!now.ok()) {
        comparison.AddUnanswered(event, now.status());
        return now.status();
      }
      comparison.Compare(event, *now);
    }
  }
  report->set_lost(reader->lost());
  report->set_cut_bytes(reader->cut_bytes());
  return absl::OkStatus();
}

std::string ReplayText(const report::ReplayReport& report,
                       absl::TimeZone zone) {
  std::string text;
  uint64_t differences = 0;  // without those in values only
  for (const report::ReplayReport::Difference& difference :
       report.differences()) {
    if (!difference.value_only()) ++differences;
    absl::StrAppend(&text, TimeText(FromProto(difference.time()), zone), "  ",
                    difference.request(), "\n  recorded  ",
                    difference.recorded(), "\n  now       ", difference.now(),
                    "\n");
  }
  if (!text.empty()) text.push_back('\n');
  const bool shown =
      static_cast<uint64_t>(report.differences_size()) > differences;
  absl::StrAppend(&text, Count(report.requests(), "request"),
                  " replayed: ", Count(differences, "difference"));
  if (report.value_differences() > 0) {
    absl::StrAppend(&text, ", and ", report.value_differences(),
                    " in values only", shown ? "" : " (--values shows them)");
  }
  text.push_back('\n');
  if (report.values_redacted()) {
    text.append("no values were recorded: only types were compared\n");
  }
  if (report.sets_skipped() > 0) {
    absl::StrAppend(&text, Count(report.sets_skipped(), "set"),
                    " not replayed, since a set would change the agent "
                    "(--sets replays them)\n");
  }
  if (report.lost() > 0) {
    absl::StrAppend(&text, Count(report.lost(), "event"),
                    " missing from the recording: the disk was too slow, or "
                    "full\n");
  }
  if (report.cut_bytes() > 0) {
    text.append("the recording ends within an entry: its program was killed\n");
  }
  return text;
}

}  // namespace passpersist::tool
