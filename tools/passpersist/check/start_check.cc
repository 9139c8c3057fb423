// SPDX-License-Identifier: Apache-2.0

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "tools/passpersist/check/checks.h"

namespace passpersist {
namespace {

using Severity = Finding::Severity;

constexpr absl::string_view kKilled =
    "snmpd compares the first line with PONG, kills the program if it begins "
    "otherwise, says noSuchInstance, and starts the program again for the next "
    "request, without a line in its log (ucd-snmp/pass_persist.c, "
    "open_persist_pipe())";

// A line too many comes with the one before, as a rule.
constexpr absl::Duration kPause = absl::Milliseconds(20);

// True if a PONG is among the next lines.
bool FindsPong(Conversation& talk, absl::Duration limit) {
  while (true) {
    const absl::StatusOr<std::string> line = talk.client().ReadLine(limit);
    if (!line.ok()) return false;
    if (absl::StartsWith(*line, "PONG")) return true;
  }
}

void ReportNoPong(const absl::Status& status, Conversation& talk,
                  Examination& examination) {
  if (!absl::IsFailedPrecondition(status)) {
    return examination.ReportBroken(status, talk);
  }
  const std::string what(status.message());
  if (FindsPong(talk, examination.options().slow)) {
    return examination.Report(
        Severity::kError, "chatter",
        absl::StrCat("writes something else before PONG; ", what), talk,
        kKilled);
  }
  examination.Report(Severity::kError, "pong", what, talk, kKilled);
}

}  // namespace

void CheckStart(Examination& examination) {
  examination.Talk([&](Conversation& talk) {
    const absl::Status first = talk.client().Ping();
    if (!first.ok()) {
      examination.Stop();
      return ReportNoPong(first, talk, examination);
    }
    const absl::Status second = talk.client().Ping();
    const bool more = second.ok() && talk.client().ReadLine(kPause).ok();
    if (second.ok() && !more) return;
    examination.Stop();
    examination.Report(
        Severity::kError, "ping",
        absl::StrCat("doesn't give each PING one PONG; ",
                     more ? "there are more" : second.message()),
        talk,
        "snmpd asks for a PONG before each request, not once, and takes one "
        "more for an answer (ucd-snmp/pass_persist.c, open_persist_pipe()): "
        "requests fail, and the program is killed");
  });
}

}  // namespace passpersist
