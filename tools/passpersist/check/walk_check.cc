// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "passpersist/oid.h"
#include "tools/passpersist/check/absent_names.h"
#include "tools/passpersist/check/checks.h"
#include "transport/pass_persist/pass_persist_reply.h"

namespace passpersist::tool {
namespace {

using Severity = Finding::Severity;

constexpr size_t kMaxInstances = 10'000;
constexpr size_t kMaxBaseArcs = 30;

// A walk that ends at the first problem.
class Walker {
 public:
  Walker(Examination* examination, Conversation* conversation)
      : examination_(*examination),
        names_(examination->names()),
        talk_(*conversation) {}

  void Run() {
    while (true) {
      if (names_.instances.size() >= kMaxInstances ||
          talk_.IsOlderThan(examination_.options().round_limit)) {
        names_.walk = Names::Walk::kCut;
        return;
      }
      absl::StatusOr<PassPersistReply> reply =
          talk_.client().GetNext(last().ToString());
      if (!reply.ok()) return ReportFailure(reply.status());
      if (reply->absent()) {
        names_.walk = Names::Walk::kWhole;
        return;
      }
      Oid name = ReadPassPersistName(reply->name);
      if (!CheckName(name)) return;
      names_.instances.push_back({std::move(name), *std::move(reply)});
    }
  }

 private:
  const Oid& last() const {
    return names_.instances.empty() ? names_.base : names_.instances.back().oid;
  }

  // After the first name, a request without an answer or with an invalid name
  // is taken for a missing NONE at the end.
  void ReportFailure(const absl::Status& status) {
    const bool silent = absl::IsDeadlineExceeded(status);
    if (names_.instances.empty() ||
        (!silent && !absl::IsInvalidArgument(status))) {
      return examination_.ReportBroken(status, talk_);
    }
    Report("end",
           absl::StrCat("the walk doesn't end with NONE: ", status.message()),
           silent ? "snmpd waits without a time-out (ucd-snmp/pass_persist.c, "
                    "fgets()): after a walk it answers no request"
                  : "snmpd kills the program there, in each walk, and clients "
                    "see nothing of the pass_persist lines after this one "
                    "(ucd-snmp/pass_persist.c, var_extensible_pass_persist())");
  }

  // Reports what is wrong with the next name. Returns true if it is right.
  bool CheckName(const Oid& name) {
    if (name.size() > Oid::kMaxArcs) {
      Report(
          "arcs",
          absl::StrCat("a name of ", name.size(), " arcs: ", name.ToString()),
          "snmpd overruns an array of 128 arcs (util_funcs.c, "
          "parse_miboid()): "
          "clients can't read the answer, or snmpd aborts");
    } else if (name <= last()) {
      Report(
          "order",
          absl::StrCat("the name after ", last().ToString(),
                       name == last() ? " is the same name" : " is smaller: "),
          "snmpd passes the name on unchecked (ucd-snmp/pass_persist.c): "
          "snmpwalk stops with \"OID not increasing\", and a GETBULK loops",
          name == last() ? "" : name.ToString(),
          AreReversedAsText(name, last()) ? kSortedAsText : "");
    } else if (!name.StartsWith(names_.base)) {
      Report("base",
             absl::StrCat("the name after ", last().ToString(),
                          " is not below ", names_.base.ToString(), ": "),
             "snmpd drops the name and continues after the base "
             "(snmp_agent.c, check_getnext_results()): later names of the "
             "program are lost",
             name.ToString());
    } else {
      return true;
    }
    return false;
  }

  void Report(absl::string_view id, std::string what,
              absl::string_view consequence, absl::string_view name = "",
              absl::string_view cause = "") {
    examination_.Report(Severity::kError, id, absl::StrCat(what, name, cause),
                        talk_, consequence);
  }

  Examination& examination_;
  Names& names_;
  Conversation& talk_;
};

}  // namespace

void CheckWalk(Examination& examination) {
  examination.RunProgram([&](Conversation& conversation) {
    const Oid& base = examination.names().base;
    if (base.size() > kMaxBaseArcs) {
      examination.Report(
          Severity::kError, "base-arcs",
          absl::StrCat("a base of ", base.size(), " arcs: ", base.ToString()),
          conversation,
          "snmpd overruns its heap when it reads snmpd.conf (struct.h, MIBMAX) "
          "and aborts");
    }
    Walker(&examination, &conversation).Run();
    if (examination.names().instances.empty() &&
        examination.names().walk == Names::Walk::kWhole) {
      examination.Report(
          Severity::kWarning, "empty",
          absl::StrCat("nothing below ", base.ToString()), conversation,
          "snmpd answers all requests with noSuchInstance; is the base right?");
    }
  });
}

}  // namespace passpersist::tool
