// SPDX-License-Identifier: Apache-2.0

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "passpersist/oid.h"
#include "passpersist/value.h"
#include "tools/passpersist/check/absent_names.h"
#include "tools/passpersist/check/checks.h"
#include "transport/pass_persist/pass_persist_reply.h"

namespace passpersist {

void CheckAbsentNames(Examination& examination) {
  if (!examination.in_step() ||
      examination.names().walk == Names::Walk::kBroken) {
    return;
  }
  std::vector<Oid> names = AbsentNames(examination.names());
  names.push_back(examination.names().base);
  examination.Talk([&](Conversation& talk) {
    for (const Oid& name : names) {
      if (talk.IsOlderThan(examination.options().patience)) return;
      const absl::StatusOr<PassPersistReply> answer =
          talk.client().Get(name.ToString());
      if (!answer.ok()) {
        return examination.ReportBroken(answer.status(), talk);
      }
      if (answer->absent()) continue;
      // A type that snmpd doesn't know is how rows can be created.
      const absl::StatusOr<Value> value =
          ReadPassPersistValue(answer->type, answer->value);
      if (value.ok() && IsException(*value)) continue;
      const std::string evidence = talk.transcript().Text();
      // A row that has just come is there for getnext, too.
      const absl::StatusOr<PassPersistReply> again = talk.client().GetNext(
          NameBefore(examination.names(), name).ToString());
      if (again.ok() && ReadPassPersistName(again->name) == name) continue;
      examination.Report(
          {Finding::Severity::kError, "get-absent",
           absl::StrCat("get ", name.ToString(),
                        ", which getnext doesn't give, is answered by ",
                        ShownLine(answer->name)),
           evidence,
           "snmpd passes any answer to a get on, with the name in it "
           "(helpers/old_api.c, netsnmp_old_api_helper()), and sets that name "
           "in a set"});
    }
  });
}

}  // namespace passpersist
