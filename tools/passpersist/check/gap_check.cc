// SPDX-License-Identifier: Apache-2.0

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "passpersist/oid.h"
#include "tools/passpersist/check/absent_names.h"
#include "tools/passpersist/check/checks.h"
#include "transport/pass_persist/pass_persist_reply.h"

namespace passpersist {
namespace {

// "NONE" or a name.
std::string NameOf(const PassPersistReply& reply) {
  return reply.absent() ? "NONE" : ReadPassPersistName(reply.name).ToString();
}

// Goes on behind `name`. False if the conversation is over.
bool CheckGap(const Oid& name, Conversation& talk, Examination& examination) {
  const auto behind = InstanceBehind(examination.names(), name);
  const std::string expected = behind == examination.names().instances.end()
                                   ? "NONE"
                                   : behind->oid.ToString();
  const absl::StatusOr<PassPersistReply> answer =
      talk.client().GetNext(name.ToString());
  if (!answer.ok()) {
    examination.ReportBroken(answer.status(), talk);
    return false;
  }
  if (NameOf(*answer) == expected) return true;
  const std::string evidence = talk.transcript().Text();

  // Rows come and go: the last one before the gap knows what is next now.
  const absl::StatusOr<PassPersistReply> now =
      talk.client().GetNext(NameBefore(examination.names(), name).ToString());
  if (!now.ok()) {
    examination.ReportBroken(now.status(), talk);
    return false;
  }
  if (NameOf(*now) != NameOf(*answer)) {
    examination.Report(
        {Finding::Severity::kError, "gap",
         absl::StrCat("getnext ", name.ToString(), " gives ", NameOf(*answer),
                      " instead of ", NameOf(*now)),
         evidence,
         "snmpd passes it on unseen (ucd-snmp/pass_persist.c): clients that "
         "begin at a column, or walk while a row goes away, miss the rest or "
         "go in circles"});
  }
  return true;
}

}  // namespace

void CheckGaps(Examination& examination) {
  if (!examination.in_step() || examination.names().instances.empty() ||
      examination.names().walk == Names::Walk::kBroken) {
    return;
  }
  examination.Talk([&](Conversation& talk) {
    for (const Oid& name : AbsentNames(examination.names())) {
      if (talk.IsOlderThan(examination.options().patience) ||
          !CheckGap(name, talk, examination)) {
        return;
      }
    }
  });
}

}  // namespace passpersist
