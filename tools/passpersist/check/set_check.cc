// SPDX-License-Identifier: Apache-2.0

#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/value.h"
#include "tools/passpersist/check/checks.h"
#include "transport/pass_persist/pass_persist_client.h"
#include "transport/pass_persist/pass_persist_reply.h"
#include "transport/pass_persist/pass_persist_set.h"
#include "transport/pass_persist/pass_persist_value.h"

namespace passpersist::tool {
namespace {

using Severity = Finding::Severity;

constexpr absl::string_view kExtraLine =
    "snmpd takes the extra line for the answer to its next PING, and kills "
    "the program after each set (ucd-snmp/pass_persist.c, setPassPersist())";

struct SetCase {
  SetEnding ending;
  absl::string_view id;
  absl::string_view consequence;
};

constexpr SetCase kCases[] = {
    {SetEnding::kNewlineUpTo57, "set",
     "snmpd waits for the answer without a time-out, or takes a line for the "
     "answer to another request and kills the program "
     "(ucd-snmp/pass_persist.c, setPassPersist())"},
    {SetEnding::kTwoNewlines593, "set-blank-line",
     "snmpd 5.8 to 5.9.3, including Debian 12's, sends a blank line after each "
     "set; it takes the answer to that line for the next PONG, and kills the "
     "program (ucd-snmp/pass_persist.c, setPassPersist())"},
    {SetEnding::kNone510, "set-unterminated",
     "snmpd 5.10 sends no newline after a set, and 5.9.4 and later none after "
     "a set of 4086 bytes or more: snmpd waits for the answer and the program "
     "for the newline, forever (ucd-snmp/pass_persist.c, setPassPersist())"},
};

// A set that the check sends.
struct Attempt {
  Oid oid;
  std::string text;
};

// Sets a name at which no instance is expected, so the program should refuse.
Attempt HarmlessAttempt(const Examination& examination) {
  Oid oid = examination.names().base;
  oid.Append({std::numeric_limits<uint32_t>::max(), 0});
  return {std::move(oid), "integer 0"};
}

class SetCheck {
 public:
  explicit SetCheck(Examination* examination)
      : examination_(*examination), attempt_(HarmlessAttempt(*examination)) {
    const auto& set = examination_.options().set;
    if (set) attempt_ = {set->oid, set->text};
  }

  void Run() {
    for (const SetCase& set : kCases) {
      if (!Try(set, attempt_)) return;
    }
    if (examination_.options().set) CheckValue();
    // A program that answers blank lines answers other lines, too.
    if (!examination_.Has("set-blank-line")) TryRest();
    if (examination_.Has("set-unterminated")) return;
    const Attempt cut = {HarmlessAttempt(examination_).oid,
                         absl::StrCat("string \"", std::string(5000, 'a'))};
    Try({SetEnding::kNewlineUnlessCut, "set-cut",
         "snmpd 5.9.4 to 5.9.5.2 cuts a long value and its newline: snmpd "
         "waits "
         "for the answer and the program for the newline, forever "
         "(ucd-snmp/pass_common.c, netsnmp_internal_pass_set_format())"},
        cut);
  }

 private:
  void TryRest() {
    const Attempt stale = {HarmlessAttempt(examination_).oid,
                           "integer 1000000\nINTEGER"};
    Try({SetEnding::kTwoNewlines593, "set-rest",
         "for a Counter64 or an Opaque snmpd sends the text of the previous "
         "set, and after a text of 15 bytes a second line; it takes the answer "
         "to that line for the next PONG, and kills the program "
         "(ucd-snmp/pass_persist.c, setPassPersist())"},
        stale);
  }

  // Sends a set. Returns false if other sets would have the same result.
  bool Try(const SetCase& set, const Attempt& attempt) {
    bool may_set = false;
    examination_.RunProgram([&](Conversation& conversation) {
      may_set = MaySet(attempt, conversation);
      if (!may_set) return;
      const bool terminated = set.ending == SetEnding::kNewlineUpTo57 ||
                              set.ending == SetEnding::kTwoNewlines593;
      const CheckOptions& options = examination_.options();
      conversation.Configure(set.ending,
                             terminated ? options.limit : options.slow);
      PassPersistClient& client = conversation.client();
      const absl::StatusOr<std::string> reply =
          client.Set(attempt.oid.ToString(), attempt.text);
      if (!reply.ok()) return Report(set, reply.status(), conversation);
      const absl::Status next = client.Ping();
      if (!next.ok()) return Report(set, next, conversation);
      CheckReply(*reply, conversation);
    });
    // Other sets would have the problem of the finding "set", too.
    return may_set && !examination_.Has("set");
  }

  void Report(const SetCase& set, const absl::Status& status,
              Conversation& conversation) {
    // The program answers each request by an extra line.
    if (absl::IsFailedPrecondition(status) && examination_.Has("extra-lines")) {
      examination_.Explain(set.id);
    }
    examination_.Report(
        Severity::kError, set.id,
        absl::StrCat("a set as sent by snmpd ", ReleasesWith(set.ending), ": ",
                     status.message()),
        conversation,
        absl::IsFailedPrecondition(status) &&
                set.ending != SetEnding::kTwoNewlines593
            ? kExtraLine
            : set.consequence);
  }

  void CheckReply(const std::string& reply, const Conversation& conversation) {
    if (absl::StartsWithIgnoreCase(reply, "DONE") ||
        ReadPassPersistSetReply(reply) != ErrorStatus::kNoError) {
      return;
    }
    examination_.Report(
        Severity::kError, "set-reply",
        absl::StrCat("answers a set with \"", absl::CEscape(reply),
                     "\", which is neither DONE nor an error that snmpd knows"),
        conversation,
        "snmpd takes it for success: the client believes that the value was "
        "set (ucd-snmp/pass_common.c, netsnmp_internal_pass_str_to_errno())");
  }

  // Sends a get of the name before the set, as snmpd does. The name of the
  // options must be present, the name of HarmlessAttempt() must be absent. The
  // get also waits for the program's start, which may take longer than the set.
  bool MaySet(const Attempt& attempt, Conversation& conversation) {
    const absl::StatusOr<PassPersistReply> reply =
        conversation.client().Get(attempt.oid.ToString());
    if (!reply.ok()) {
      examination_.ReportBroken(reply.status(), conversation);
      return false;
    }
    const auto& set = examination_.options().set;
    const bool wanted = set && set->oid == attempt.oid;
    if (reply->absent() == !wanted) return true;
    if (wanted) {
      examination_.Report(
          Severity::kError, "set-get",
          absl::StrCat("get ", attempt.oid.ToString(),
                       " returns NONE, so it can't be set"),
          conversation,
          "snmpd sends a get before each set, and returns notWritable if the "
          "answer is NONE (helpers/old_api.c, netsnmp_old_api_helper()); an "
          "answer with a type that it doesn't know lets a row be created");
    } else {
      examination_.Report(
          Severity::kWarning, "set-untried",
          absl::StrCat("get ", attempt.oid.ToString(),
                       " doesn't return NONE although no instance is expected "
                       "there, so a set of it might change something"),
          conversation,
          set ? "sets of long values were not checked"
              : "sets were not checked: name a set that may be carried out "
                "with --set");
    }
    return false;
  }

  void CheckValue() {
    examination_.RunProgram([&](Conversation& conversation) {
      const absl::StatusOr<std::string> reply =
          conversation.client().Set(attempt_.oid.ToString(), attempt_.text);
      if (!reply.ok() ||
          ReadPassPersistSetReply(*reply) != ErrorStatus::kNoError) {
        return;
      }
      Value wanted;
      const absl::StatusOr<ResponseVarBind> got =
          conversation.client().GetValue(attempt_.oid);
      if (!got.ok() ||
          ParsePassPersistSet(attempt_.text, &wanted) !=
              ErrorStatus::kNoError ||
          got->value == ValueOrException(wanted)) {
        return;
      }
      examination_.Report(
          Severity::kWarning, "set-value",
          absl::StrCat("a set of ", attempt_.oid.ToString(), " to ",
                       attempt_.text, " is answered with \"",
                       absl::CEscape(*reply), "\", but then get returns ",
                       ToString(got->value)),
          conversation,
          "clients that read the value back see that the set had no effect");
    });
  }

  Examination& examination_;
  Attempt attempt_;
};

}  // namespace

void CheckSets(Examination& examination) {
  // With "flush", the answers to sets would stay in the program's buffer, too.
  if (!examination.Has("flush")) SetCheck(&examination).Run();
}

}  // namespace passpersist::tool
