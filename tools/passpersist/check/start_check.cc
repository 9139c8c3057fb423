// SPDX-License-Identifier: Apache-2.0

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "tools/passpersist/check/checks.h"

namespace passpersist::tool {
namespace {

using Severity = Finding::Severity;

constexpr absl::string_view kKilled =
    "snmpd compares the first line with PONG. If it begins otherwise, snmpd "
    "kills the program, returns noSuchInstance, and starts the program again "
    "for the next request, without a line in its log "
    "(ucd-snmp/pass_persist.c, open_persist_pipe())";

// An extra line usually arrives together with the line before it.
constexpr absl::Duration kPause = absl::Milliseconds(20);

// Reads lines until a PONG. Returns false if none comes.
bool FindsPong(Conversation& conversation, absl::Duration limit) {
  while (true) {
    const absl::StatusOr<std::string> line =
        conversation.client().ReadLine(limit);
    if (!line.ok()) return false;
    if (absl::StartsWith(*line, "PONG")) return true;
  }
}

void ReportNoPong(const absl::Status& status, Conversation& conversation,
                  Examination& examination) {
  if (!absl::IsFailedPrecondition(status)) {
    return examination.ReportBroken(status, conversation);
  }
  const std::string what(status.message());
  if (FindsPong(conversation, examination.options().slow)) {
    return examination.Report(
        Severity::kError, "chatter",
        absl::StrCat("writes something else before PONG; ", what), conversation,
        kKilled);
  }
  examination.Report(Severity::kError, "pong", what, conversation, kKilled);
}

}  // namespace

void CheckStart(Examination& examination) {
  examination.RunProgram([&](Conversation& conversation) {
    const absl::Status first = conversation.client().Ping();
    if (!first.ok()) {
      examination.Stop();
      return ReportNoPong(first, conversation, examination);
    }
    const absl::Status second = conversation.client().Ping();
    const bool more =
        second.ok() && conversation.client().ReadLine(kPause).ok();
    if (second.ok() && !more) return;
    examination.Stop();
    examination.Report(
        Severity::kError, "ping",
        absl::StrCat("doesn't answer each PING with one PONG; ",
                     more ? "there are more lines" : second.message()),
        conversation,
        "snmpd expects a PONG before each request, not once, and takes an "
        "extra PONG for an answer (ucd-snmp/pass_persist.c, "
        "open_persist_pipe()): requests fail, and snmpd kills the program");
  });
}

}  // namespace passpersist::tool
