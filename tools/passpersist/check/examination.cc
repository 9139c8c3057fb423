// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/check/examination.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "passpersist/pdu.h"
#include "passpersist/value.h"
#include "tools/passpersist/client/child_program.h"

namespace passpersist::tool {
namespace {

using Severity = Finding::Severity;

constexpr size_t kMaxQuote = 200;

// How a program ended: its exit status and its standard error, if known.
std::string Ending(Conversation& conversation) {
  std::string text;
  const std::optional<int> status =
      conversation.program().Wait(absl::Seconds(1));
  if (status) absl::StrAppend(&text, " (exit status ", *status, ")");
  const std::string error = conversation.program().standard_error();
  if (!error.empty()) {
    absl::StrAppend(
        &text, "; on standard error: \"",
        absl::CEscape(absl::StripAsciiWhitespace(error).substr(0, kMaxQuote)),
        "\"");
  }
  return text;
}

}  // namespace

bool IsPresent(const PassPersistReply& reply) {
  if (reply.absent()) return false;
  const absl::StatusOr<ValueOrException> value =
      ReadPassPersistValue(reply.type, reply.value);
  return !value.ok() || !IsException(*value);
}

Examination::Examination(CheckOptions options) : options_(std::move(options)) {
  names_.base = options_.base.value_or(Oid());
}

void Examination::RunProgram(absl::FunctionRef<void(Conversation&)> check) {
  absl::StatusOr<std::unique_ptr<ChildProgram>> program =
      ChildProgram::Start(options_.command);
  if (!program.ok()) {
    start_status_ = program.status();
    Stop();
    return;
  }
  Conversation conversation(*std::move(program), options_.limit);
  check(conversation);
  EvaluateRun(conversation);
}

void Examination::EvaluateRun(Conversation& conversation) {
  const TracingTransport& trace = conversation.trace();
  if (trace.slowest() > slowest_) {
    slowest_ = trace.slowest();
    slowest_request_ = trace.slowest_request();
  }
  // If the program has ended, its standard error is a part of the finding
  // "exits".
  const std::string error = conversation.standard_error();
  if (error.empty() || trace.ended()) return;
  Report(Severity::kError, "stderr",
         absl::StrCat("writes to standard error: \"",
                      absl::CEscape(error.substr(0, kMaxQuote)), "\""),
         conversation,
         "snmpd reads standard error as if it were an answer (util_funcs.c, "
         "get_exec_pipes_fork()): the request gets a wrong answer or none, and "
         "snmpd kills the program at the next PING");
}

void Examination::Report(Finding finding) {
  const auto [entry, is_new] = index_.try_emplace(finding.id, findings_.size());
  if (!is_new) {
    ++repeats_[entry->second];
    return;
  }
  findings_.push_back(std::move(finding));
  repeats_.push_back(0);
}

void Examination::Report(Severity severity, absl::string_view id,
                         std::string what, const Conversation& conversation,
                         absl::string_view consequence) {
  Report({severity, std::string(id), std::move(what),
          conversation.trace().Text(), std::string(consequence)});
}

void Examination::ReportSilence(std::string what, Conversation& conversation) {
  absl::string_view id = "silent";
  conversation.CloseInput();
  if (conversation.client().ReadLine(options_.slow).ok()) {
    id = "flush";
    absl::StrAppend(&what,
                    "; the answer comes when the input ends: the program "
                    "doesn't flush its output");
  }
  Report(Severity::kError, id, std::move(what), conversation,
         "snmpd waits without a time-out (ucd-snmp/pass_persist.c, fgets()): "
         "it answers no client and no other MIB, and not even SIGTERM stops "
         "it");
}

void Examination::ReportBroken(const absl::Status& status,
                               Conversation& conversation) {
  in_sync_ = false;
  const std::string what(status.message());
  switch (status.code()) {
    case absl::StatusCode::kDeadlineExceeded:
      return ReportSilence(what, conversation);
    case absl::StatusCode::kDataLoss:
      return Report(Severity::kError, "missing-lines", what, conversation,
                    "snmpd waits for the rest without a time-out "
                    "(ucd-snmp/pass_persist.c, fgets()): it answers no "
                    "request until the program is killed");
    case absl::StatusCode::kFailedPrecondition:
      return Report(
          Severity::kError, "extra-lines",
          absl::StrCat("answers with an extra line; ", what,
                       " (a newline within a value has the same effect)"),
          conversation,
          "snmpd takes the extra line for the answer to its next PING, kills "
          "the program and returns noSuchInstance (ucd-snmp/pass_persist.c, "
          "open_persist_pipe())");
    case absl::StatusCode::kUnavailable:
      return Report(
          Severity::kError, "exits", absl::StrCat(what, Ending(conversation)),
          conversation,
          "the request fails, a walk ends there without an error, and "
          "snmpd starts the program again for the next request "
          "(ucd-snmp/pass_persist.c, close_persist_pipe())");
    case absl::StatusCode::kOutOfRange:
      return Report(Severity::kError, "length", what, conversation,
                    "snmpd cuts the line after 4095 bytes, takes the rest for "
                    "further answers, and then kills the program "
                    "(ucd-snmp/pass_persist.c, SNMP_MAXBUF)");
    default:
      return Report(Severity::kError, "name", what, conversation,
                    "snmpd can't read the name, kills the program and returns "
                    "noSuchInstance; a walk ends there (util_funcs.c, "
                    "parse_miboid())");
  }
}

std::vector<Finding> Examination::Finish() {
  if (slowest_ > options_.slow) {
    Report(
        {Severity::kWarning, "slow",
         absl::StrCat(
             "takes ",
             absl::FormatDuration(absl::Trunc(slowest_, absl::Milliseconds(1))),
             " to answer \"", absl::CEscape(slowest_request_), "\""),
         "",
         "snmpd answers no other request meanwhile; clients repeat their "
         "request after a second, and snmpd carries out each repetition later "
         "(ucd-snmp/pass_persist.c, fgets())"});
  }
  std::vector<Finding> findings;
  for (size_t i = 0; i < findings_.size(); ++i) {
    if (explained_.count(findings_[i].id) > 0) continue;
    findings.push_back(findings_[i]);
    if (repeats_[i] == 0) continue;
    absl::StrAppend(&findings.back().what, " (and ", repeats_[i], " more)");
  }
  std::stable_partition(findings.begin(), findings.end(), [](const Finding& f) {
    return f.severity == Severity::kError;
  });
  return findings;
}

}  // namespace passpersist::tool
