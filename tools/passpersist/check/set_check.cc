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

namespace passpersist {
namespace {

using Severity = Finding::Severity;

constexpr absl::string_view kOutOfStep =
    "snmpd takes the line too many for the answer to its next PING, and kills "
    "the program after each set (ucd-snmp/pass_persist.c, setPassPersist())";

struct SetCase {
  SetEnding ending;
  absl::string_view id;
  absl::string_view consequence;
};

constexpr SetCase kCases[] = {
    {SetEnding::kNewlineUpTo57, "set",
     "snmpd waits for the answer without a limit, or is out of step and kills "
     "the program (ucd-snmp/pass_persist.c, setPassPersist())"},
    {SetEnding::kTwoNewlines593, "set-blank-line",
     "snmpd 5.8 to 5.9.3, Debian 12's among them, sends a blank line behind "
     "each set; the answer to that is taken for the next PONG, and the program "
     "is killed (ucd-snmp/pass_persist.c, setPassPersist())"},
    {SetEnding::kNone510, "set-unterminated",
     "snmpd 5.10 ends no set by a newline, 5.9.4 on not those of 4086 bytes or "
     "more: it waits for the answer and the program for the newline, for ever "
     "(ucd-snmp/pass_persist.c, setPassPersist())"},
};

// The set that is tried.
struct Attempt {
  Oid oid;
  std::string text;
};

// A name at which there is nothing, so that a refusal is what is expected.
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
    // What answers blank lines answers other ones too.
    if (!examination_.Has("set-blank-line")) TryRest();
    if (examination_.Has("set-unterminated")) return;
    const Attempt cut = {HarmlessAttempt(examination_).oid,
                         absl::StrCat("string \"", std::string(5000, 'a'))};
    Try({SetEnding::kNewlineUnlessCut, "set-cut",
         "snmpd 5.9.4 to 5.9.5.2 cuts a long value and its newline: it waits "
         "for the answer and the program for the newline, for ever "
         "(ucd-snmp/pass_common.c, netsnmp_internal_pass_set_format())"},
        cut);
  }

 private:
  void TryRest() {
    const Attempt stale = {HarmlessAttempt(examination_).oid,
                           "integer 1000000\nINTEGER"};
    Try({SetEnding::kTwoNewlines593, "set-rest",
         "for a Counter64 or an Opaque snmpd sends the text of the set before, "
         "and after a text of 15 bytes a second line; the answer to that is "
         "taken for the next PONG, and the program is killed "
         "(ucd-snmp/pass_persist.c, setPassPersist())"},
        stale);
  }

  // False if there is no point in another set.
  bool Try(const SetCase& set, const Attempt& attempt) {
    bool may_set = false;
    examination_.Talk([&](Conversation& talk) {
      may_set = MaySet(attempt, talk);
      if (!may_set) return;
      const bool terminated = set.ending == SetEnding::kNewlineUpTo57 ||
                              set.ending == SetEnding::kTwoNewlines593;
      const CheckOptions& options = examination_.options();
      PassPersistClient client =
          talk.Client(set.ending, terminated ? options.limit : options.slow);
      const absl::StatusOr<std::string> reply =
          client.Set(attempt.oid.ToString(), attempt.text);
      if (!reply.ok()) return Report(set, reply.status(), talk);
      const absl::Status next = client.Ping();
      if (!next.ok()) return Report(set, next, talk);
      CheckReply(*reply, talk);
    });
    // What is wrong with that one is wrong with all others.
    return may_set && !examination_.Has("set");
  }

  void Report(const SetCase& set, const absl::Status& status,
              Conversation& talk) {
    examination_.Report(
        Severity::kError, set.id,
        absl::StrCat("a set as from snmpd ", ReleasesWith(set.ending), ": ",
                     status.message()),
        talk,
        absl::IsFailedPrecondition(status) &&
                set.ending != SetEnding::kTwoNewlines593
            ? kOutOfStep
            : set.consequence);
  }

  void CheckReply(const std::string& reply, const Conversation& talk) {
    if (absl::StartsWithIgnoreCase(reply, "DONE") ||
        ReadPassPersistSetReply(reply) != ErrorStatus::kNoError) {
      return;
    }
    examination_.Report(
        Severity::kError, "set-reply",
        absl::StrCat("answers a set by \"", absl::CEscape(reply),
                     "\", which is neither DONE nor an error that snmpd knows"),
        talk,
        "snmpd takes it for success: the client believes that the value was "
        "set (ucd-snmp/pass_common.c, netsnmp_internal_pass_str_to_errno())");
  }

  // Asks by get first, as snmpd does. The user's name has to be there, the
  // harmless one must not be. It also waits for the program's start, which may
  // take longer than the set.
  bool MaySet(const Attempt& attempt, Conversation& talk) {
    const absl::StatusOr<PassPersistReply> reply =
        talk.client().Get(attempt.oid.ToString());
    if (!reply.ok()) {
      examination_.ReportBroken(reply.status(), talk);
      return false;
    }
    const auto& set = examination_.options().set;
    const bool wanted = set && set->oid == attempt.oid;
    if (reply->absent() == !wanted) return true;
    if (wanted) {
      examination_.Report(
          Severity::kError, "set-get",
          absl::StrCat("get ", attempt.oid.ToString(),
                       " says NONE, so it can't be set"),
          talk,
          "snmpd asks by get before each set, and says notWritable if that is "
          "answered NONE (helpers/old_api.c, netsnmp_old_api_helper()); a type "
          "that it doesn't know lets a row be created");
    } else {
      examination_.Report(
          Severity::kWarning, "set-untried",
          absl::StrCat("get ", attempt.oid.ToString(),
                       ", where nothing is expected, doesn't say NONE, so a "
                       "set of it might change something"),
          talk,
          set ? "nothing can be said about sets of long values"
              : "nothing can be said about sets: name one that may be made by "
                "--set");
    }
    return false;
  }

  void CheckValue() {
    examination_.Talk([&](Conversation& talk) {
      const absl::StatusOr<std::string> reply =
          talk.client().Set(attempt_.oid.ToString(), attempt_.text);
      if (!reply.ok() ||
          ReadPassPersistSetReply(*reply) != ErrorStatus::kNoError) {
        return;
      }
      Value wanted;
      const absl::StatusOr<VarBind> got = talk.client().GetValue(attempt_.oid);
      if (!got.ok() ||
          ParsePassPersistSet(attempt_.text, &wanted) !=
              ErrorStatus::kNoError ||
          got->value == wanted) {
        return;
      }
      examination_.Report(
          Severity::kWarning, "set-value",
          absl::StrCat("a set of ", attempt_.oid.ToString(), " to ",
                       attempt_.text, " is answered by \"",
                       absl::CEscape(*reply), "\", but then get gives ",
                       ToString(got->value)),
          talk, "clients that look whether a set worked see that it didn't");
    });
  }

  Examination& examination_;
  Attempt attempt_;
};

}  // namespace

void CheckSets(Examination& examination) {
  // The answers to sets would stay in the buffer as well.
  if (!examination.Has("flush")) SetCheck(&examination).Run();
}

}  // namespace passpersist
