// SPDX-License-Identifier: Apache-2.0

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "tools/passpersist/check/checks.h"

namespace passpersist {
void CheckEnd(Examination& examination) {
  examination.Talk([&](Conversation& talk) {
    if (!talk.client().Ping().ok()) return;
    talk.CloseInput();
    if (talk.program().Wait(examination.options().limit)) return;
    examination.Report(
        Finding::Severity::kError, "eof",
        absl::StrCat("still runs ",
                     absl::FormatDuration(examination.options().limit),
                     " after the end of its input"),
        talk,
        "a snmpd that crashes or is killed leaves it behind, and the next one "
        "starts another (ucd-snmp/pass_persist.c, open_persist_pipe())");
  });
}

}  // namespace passpersist
