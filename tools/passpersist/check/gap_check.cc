// SPDX-License-Identifier: Apache-2.0

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "passpersist/oid.h"
#include "tools/passpersist/check/absent_names.h"
#include "tools/passpersist/check/checks.h"
#include "transport/pass_persist/pass_persist_reply.h"

namespace passpersist::tool {
namespace {

// "NONE" or a name.
std::string NameOf(const PassPersistReply& reply) {
  return reply.absent() ? "NONE" : ReadPassPersistName(reply.name).ToString();
}

// Checks getnext of `name`, which is absent. Returns false if no further
// request can be sent.
bool CheckGap(const Oid& name, Conversation& conversation,
              Examination& examination) {
  const auto after = InstanceAfter(examination.names(), name);
  const std::string expected = after == examination.names().instances.end()
                                   ? "NONE"
                                   : after->oid.ToString();
  const absl::StatusOr<PassPersistReply> answer =
      conversation.client().GetNext(name.ToString());
  if (!answer.ok()) {
    examination.ReportBroken(answer.status(), conversation);
    return false;
  }
  if (NameOf(*answer) == expected) return true;
  const std::string evidence = conversation.trace().Text();

  // Rows may have been added or removed since the walk: getnext of the instance
  // before the gap returns the name that comes next now.
  const absl::StatusOr<PassPersistReply> now = conversation.client().GetNext(
      NameBefore(examination.names(), name).ToString());
  if (!now.ok()) {
    examination.ReportBroken(now.status(), conversation);
    return false;
  }
  if (NameOf(*now) == NameOf(*answer)) return true;
  const Oid found = ReadPassPersistName(answer->name);
  if (found > name && found.StartsWith(examination.names().base) &&
      (after == examination.names().instances.end() || found < after->oid)) {
    examination.Report(
        {Finding::Severity::kError, "missed",
         absl::StrCat("the walk misses ", found.ToString(), ", which getnext ",
                      name.ToString(), " returns"),
         evidence,
         "snmpd passes on what getnext returns (ucd-snmp/pass_persist.c, "
         "var_extensible_pass_persist()): clients that walk don't see this "
         "name"});
  } else {
    examination.Report(
        {Finding::Severity::kError, "gap",
         absl::StrCat("getnext ", name.ToString(), " returns ", NameOf(*answer),
                      " instead of ", NameOf(*now)),
         evidence,
         "snmpd passes the name on unchecked (ucd-snmp/pass_persist.c): "
         "clients that begin at a column, or walk while a row is removed, miss "
         "the rest or loop"});
  }
  return true;
}

}  // namespace

void CheckGaps(Examination& examination) {
  if (!examination.in_sync() || examination.names().instances.empty() ||
      examination.names().walk == Names::Walk::kBroken) {
    return;
  }
  examination.RunProgram([&](Conversation& conversation) {
    for (const Oid& name : AbsentNames(examination.names())) {
      if (conversation.IsOlderThan(examination.options().round_limit) ||
          !CheckGap(name, conversation, examination)) {
        return;
      }
    }
  });
}

}  // namespace passpersist::tool
