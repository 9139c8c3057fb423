// SPDX-License-Identifier: Apache-2.0

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "passpersist/oid.h"
#include "tools/passpersist/check/absent_names.h"
#include "tools/passpersist/check/checks.h"
#include "transport/pass_persist/pass_persist_reply.h"

namespace passpersist::tool {

void CheckAbsentNames(Examination& examination) {
  if (!examination.in_sync() ||
      examination.names().walk == Names::Walk::kBroken) {
    return;
  }
  std::vector<Oid> names = AbsentNames(examination.names());
  names.push_back(examination.names().base);
  examination.RunProgram([&](Conversation& conversation) {
    for (const Oid& name : names) {
      if (conversation.IsOlderThan(examination.options().round_limit)) return;
      const absl::StatusOr<PassPersistReply> answer =
          conversation.client().Get(name.ToString());
      if (!answer.ok()) {
        return examination.ReportBroken(answer.status(), conversation);
      }
      if (!IsPresent(*answer)) continue;
      // Another name that the walk misses, or the value at the base.
      if (ReadPassPersistName(answer->name) == name &&
          examination.Has(name == names.back() ? "base-value" : "missed")) {
        continue;
      }
      const std::string evidence = conversation.trace().Text();
      // If the row has just been added, getnext returns it, too.
      const absl::StatusOr<PassPersistReply> again =
          conversation.client().GetNext(
              NameBefore(examination.names(), name).ToString());
      if (again.ok() && ReadPassPersistName(again->name) == name) continue;
      examination.Report(
          {Finding::Severity::kError, "get-absent",
           absl::StrCat("get ", name.ToString(),
                        ", which getnext doesn't return, is answered with ",
                        ShownLine(answer->name)),
           evidence,
           "snmpd passes on any answer to a get, with the name in it "
           "(helpers/old_api.c, netsnmp_old_api_helper()), and in a set it "
           "sets that name"});
    }
  });
}

}  // namespace passpersist::tool
