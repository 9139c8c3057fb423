// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/check/examination.h"

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "tools/passpersist/client/child_program.h"

namespace passpersist {
namespace {

using Severity = Finding::Severity;

constexpr size_t kMaxQuote = 200;

// How a program ended, as far as that can be seen.
std::string Ending(Conversation& talk) {
  std::string text;
  const std::optional<int> status = talk.program().Wait(absl::Seconds(1));
  if (status) absl::StrAppend(&text, " (exit status ", *status, ")");
  const std::string error = talk.program().standard_error();
  if (!error.empty()) {
    absl::StrAppend(
        &text, "; on standard error: \"",
        absl::CEscape(absl::StripAsciiWhitespace(error).substr(0, kMaxQuote)),
        "\"");
  }
  return text;
}

}  // namespace

Examination::Examination(CheckOptions options) : options_(std::move(options)) {
  names_.base = options_.base.value_or(Oid());
}

void Examination::Talk(absl::FunctionRef<void(Conversation&)> talk) {
  absl::StatusOr<std::unique_ptr<ChildProgram>> program =
      ChildProgram::Start(options_.command, ChildProgram::StandardError::kKeep);
  if (!program.ok()) {
    start_status_ = program.status();
    Stop();
    return;
  }
  Conversation conversation(*std::move(program), options_.limit);
  talk(conversation);
  LookBackAt(conversation);
}

void Examination::LookBackAt(Conversation& talk) {
  const Transcript& transcript = talk.transcript();
  if (transcript.slowest() > slowest_) {
    slowest_ = transcript.slowest();
    slowest_request_ = transcript.slowest_request();
  }
  // What a program says when it dies belongs to that.
  const std::string error = talk.standard_error();
  if (error.empty() || transcript.ended()) return;
  Report(Severity::kError, "stderr",
         absl::StrCat("writes to standard error: \"",
                      absl::CEscape(error.substr(0, kMaxQuote)), "\""),
         talk,
         "snmpd reads standard error as if it were an answer (util_funcs.c, "
         "get_exec_pipes_fork()): the request gets a wrong answer or none, and "
         "the program is killed at the next PING");
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
                         std::string what, const Conversation& talk,
                         absl::string_view consequence) {
  Report({severity, std::string(id), std::move(what), talk.transcript().Text(),
          std::string(consequence)});
}

void Examination::ReportSilence(std::string what, Conversation& talk) {
  absl::string_view id = "silent";
  talk.CloseInput();
  if (talk.client().ReadLine(options_.slow).ok()) {
    id = "flush";
    absl::StrAppend(&what,
                    "; it comes when the input ends: the program doesn't flush "
                    "its output");
  }
  Report(Severity::kError, id, std::move(what), talk,
         "snmpd waits without a limit (ucd-snmp/pass_persist.c, fgets()): all "
         "of it stands still, for every client and every other MIB, and can't "
         "even be stopped by SIGTERM");
}

void Examination::ReportBroken(const absl::Status& status, Conversation& talk) {
  in_step_ = false;
  const std::string what(status.message());
  switch (status.code()) {
    case absl::StatusCode::kDeadlineExceeded:
      return ReportSilence(what, talk);
    case absl::StatusCode::kDataLoss:
      return Report(Severity::kError, "missing-lines", what, talk,
                    "snmpd waits for the rest without a limit "
                    "(ucd-snmp/pass_persist.c, fgets()): all of it stands "
                    "still until the program is killed");
    case absl::StatusCode::kFailedPrecondition:
      return Report(
          Severity::kError, "extra-lines",
          absl::StrCat("answers by a line too many; ", what,
                       " (a newline within a value does this, too)"),
          talk,
          "snmpd takes the line for the answer to its next PING, kills the "
          "program and says noSuchInstance (ucd-snmp/pass_persist.c, "
          "open_persist_pipe())");
    case absl::StatusCode::kUnavailable:
      return Report(
          Severity::kError, "exits", absl::StrCat(what, Ending(talk)), talk,
          "the request fails, a walk ends there without an error, and "
          "snmpd starts the program anew for the next one "
          "(ucd-snmp/pass_persist.c, close_persist_pipe())");
    case absl::StatusCode::kOutOfRange:
      return Report(Severity::kError, "length", what, talk,
                    "snmpd cuts it after 4095 bytes and takes the rest for "
                    "further answers, whereupon it kills the program "
                    "(ucd-snmp/pass_persist.c, SNMP_MAXBUF)");
    default:
      return Report(Severity::kError, "name", what, talk,
                    "snmpd can't read the name, kills the program and says "
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
         "snmpd answers nobody else meanwhile; clients ask again after a "
         "second, and each of those requests is carried out as well, later "
         "(ucd-snmp/pass_persist.c, fgets())"});
  }
  std::vector<Finding> findings = findings_;
  for (size_t i = 0; i < findings.size(); ++i) {
    if (repeats_[i] == 0) continue;
    absl::StrAppend(&findings[i].what, " (and ", repeats_[i], " more)");
  }
  return findings;
}

}  // namespace passpersist
