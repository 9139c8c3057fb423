// SPDX-License-Identifier: Apache-2.0

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "tools/passpersist/check/checks.h"

namespace passpersist::tool {

void CheckEnd(Examination& examination) {
  examination.RunProgram([&](Conversation& conversation) {
    if (!conversation.client().Ping().ok()) return;
    conversation.CloseInput();
    if (conversation.program().Wait(examination.options().limit)) return;
    examination.Report(
        Finding::Severity::kError, "eof",
        absl::StrCat("still runs ",
                     absl::FormatDuration(examination.options().limit),
                     " after the end of its input"),
        conversation,
        "if snmpd crashes or is killed, the program stays, and the next snmpd "
        "starts another one (ucd-snmp/pass_persist.c, open_persist_pipe())");
  });
}

}  // namespace passpersist::tool
