// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "passpersist/oid.h"
#include "tools/passpersist/check/checks.h"
#include "transport/pass_persist/pass_persist_reply.h"

namespace passpersist::tool {
namespace {

// Where the search for names begins, from the widest subtree. Some programs
// return NONE for any name before their own base, so all are tried.
constexpr const char* kStarts[] = {".1", ".1.3.6.1", ".1.3.6.1.4.1",
                                   ".1.3.6.1.2.1", ".1.3.6.1.3"};

// Truncates *base to its common prefix with `name`.
void Narrow(const Oid& name, Oid* base) {
  size_t common = 0;
  while (common < base->size() && common < name.size() &&
         (*base)[common] == name[common]) {
    ++common;
  }
  base->Truncate(common);
}

// Returns the common prefix of the names after `start`; empty if there are
// none.
Oid GuessFrom(const std::string& start, Conversation& conversation,
              absl::Duration round_limit, absl::Status* status) {
  Oid base;
  Oid last;
  std::string request = start;
  while (!conversation.IsOlderThan(round_limit)) {
    const absl::StatusOr<PassPersistReply> reply =
        conversation.client().GetNext(request);
    if (!reply.ok()) *status = reply.status();
    if (!reply.ok() || reply->absent()) break;
    const Oid name = ReadPassPersistName(reply->name);
    if (name <= last) break;
    if (base.empty()) base = name;
    Narrow(name, &base);
    last = name;
    request = name.ToString();
  }
  // With one instance the common prefix is its name, and a base is shorter.
  if (base == last && !base.empty()) base.Truncate(base.size() - 1);
  return base;
}

}  // namespace

void FindBase(Examination& examination) {
  if (!examination.names().base.empty()) return;
  std::string evidence;
  for (const char* const start : kStarts) {
    absl::Status status;
    examination.RunProgram([&](Conversation& conversation) {
      examination.names().base = GuessFrom(
          start, conversation, examination.options().round_limit, &status);
      if (!examination.names().base.empty()) return;
      if (!status.ok()) examination.ReportBroken(status, conversation);
      evidence = conversation.trace().Text();
    });
    if (!examination.names().base.empty() || examination.stopped()) return;
    if (!status.ok()) break;
  }
  examination.Stop();
  examination.Report({Finding::Severity::kWarning, "no-base",
                      "no name found from .1 on: give the base of snmpd.conf "
                      "with --base",
                      evidence, "names, values and sets were not checked"});
}

}  // namespace passpersist::tool
