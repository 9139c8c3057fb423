// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "passpersist/oid.h"
#include "tools/passpersist/check/checks.h"
#include "transport/pass_persist/pass_persist_reply.h"

namespace passpersist {
namespace {

// Where programs have their names, from the widest. Some say NONE to whatever
// lies before their own base, so all are tried.
constexpr const char* kStarts[] = {".1", ".1.3.6.1", ".1.3.6.1.4.1",
                                   ".1.3.6.1.2.1", ".1.3.6.1.3"};

// As many arcs of `base` as `name` has, too.
void Narrow(const Oid& name, Oid* base) {
  size_t common = 0;
  while (common < base->size() && common < name.size() &&
         (*base)[common] == name[common]) {
    ++common;
  }
  base->Truncate(common);
}

// What the names behind `start` have in common; empty if there are none.
Oid GuessFrom(const std::string& start, Conversation& talk,
              absl::Duration patience, absl::Status* status) {
  Oid base;
  Oid last;
  std::string asked = start;
  while (!talk.IsOlderThan(patience)) {
    const absl::StatusOr<PassPersistReply> reply = talk.client().GetNext(asked);
    if (!reply.ok()) *status = reply.status();
    if (!reply.ok() || reply->absent()) break;
    const Oid name = ReadPassPersistName(reply->name);
    if (name <= last) break;
    if (base.empty()) base = name;
    Narrow(name, &base);
    last = name;
    asked = name.ToString();
  }
  // An instance is not the base that it lies in.
  if (base == last && !base.empty()) base.Truncate(base.size() - 1);
  return base;
}

}  // namespace

void FindBase(Examination& examination) {
  if (!examination.names().base.empty()) return;
  std::string evidence;
  for (const char* const start : kStarts) {
    absl::Status status;
    examination.Talk([&](Conversation& talk) {
      examination.names().base =
          GuessFrom(start, talk, examination.options().patience, &status);
      if (!examination.names().base.empty()) return;
      if (!status.ok()) examination.ReportBroken(status, talk);
      evidence = talk.transcript().Text();
    });
    if (!examination.names().base.empty() || examination.stopped()) return;
    if (!status.ok()) break;
  }
  examination.Stop();
  examination.Report({Finding::Severity::kWarning, "no-base",
                      "no name is found from .1 on: say by --base which one "
                      "snmpd.conf has",
                      evidence,
                      "nothing can be said about names, values and sets"});
}

}  // namespace passpersist
