// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "passpersist/oid.h"
#include "tools/passpersist/check/checks.h"
#include "transport/pass_persist/pass_persist_reply.h"

namespace passpersist {
namespace {

using Severity = Finding::Severity;

constexpr size_t kMaxInstances = 10'000;
constexpr size_t kMaxBaseArcs = 30;

// One walk, as long as everything is right.
class Walker {
 public:
  Walker(Examination* examination, Conversation* talk)
      : examination_(*examination),
        names_(examination->names()),
        talk_(*talk) {}

  void Run() {
    while (true) {
      if (names_.instances.size() >= kMaxInstances ||
          talk_.IsOlderThan(examination_.options().patience)) {
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
      if (!IsRight(name)) return;
      names_.instances.push_back({std::move(name), *std::move(reply)});
    }
  }

 private:
  const Oid& last() const {
    return names_.instances.empty() ? names_.base : names_.instances.back().oid;
  }

  // Behind a name, what fails should have been NONE, as far as can be seen.
  void ReportFailure(const absl::Status& status) {
    const bool silent = absl::IsDeadlineExceeded(status);
    if (names_.instances.empty() ||
        (!silent && !absl::IsInvalidArgument(status))) {
      return examination_.ReportBroken(status, talk_);
    }
    Report("end",
           absl::StrCat("the walk doesn't end by NONE: ", status.message()),
           silent ? "snmpd waits without a limit (ucd-snmp/pass_persist.c, "
                    "fgets()): each walk makes all of it stand still"
                  : "snmpd kills the program there, in each walk, and clients "
                    "see nothing of the pass_persist lines behind this one "
                    "(ucd-snmp/pass_persist.c, var_extensible_pass_persist())");
  }

  bool IsRight(const Oid& name) {
    if (name.size() > Oid::kMaxArcs) {
      Report(
          "arcs",
          absl::StrCat("a name of ", name.size(), " arcs: ", name.ToString()),
          "snmpd overruns an array of 128 (util_funcs.c, parse_miboid()): "
          "clients can't read the answer, or snmpd aborts");
    } else if (name <= last()) {
      Report("order",
             absl::StrCat(
                 "the name behind ", last().ToString(),
                 name == last() ? " is that name again" : " is a lesser one, "),
             "snmpd passes it on unseen (ucd-snmp/pass_persist.c): snmpwalk "
             "stops with \"OID not increasing\", and a GETBULK runs in circles",
             name == last() ? "" : name.ToString());
    } else if (!name.StartsWith(names_.base)) {
      Report("base",
             absl::StrCat("the name behind ", last().ToString(),
                          " lies outside of ", names_.base.ToString(), ": "),
             "snmpd drops it and goes on behind the base (snmp_agent.c, "
             "check_getnext_results()): names that come after it are lost",
             name.ToString());
    } else {
      return true;
    }
    return false;
  }

  void Report(absl::string_view id, std::string what,
              absl::string_view consequence, absl::string_view name = "") {
    examination_.Report(Severity::kError, id, absl::StrCat(what, name), talk_,
                        consequence);
  }

  Examination& examination_;
  Names& names_;
  Conversation& talk_;
};

}  // namespace

void CheckWalk(Examination& examination) {
  examination.Talk([&](Conversation& talk) {
    const Oid& base = examination.names().base;
    if (base.size() > kMaxBaseArcs) {
      examination.Report(
          Severity::kError, "base-arcs",
          absl::StrCat("a base of ", base.size(), " arcs: ", base.ToString()),
          talk,
          "snmpd overruns its heap when it reads snmpd.conf (struct.h, MIBMAX) "
          "and aborts");
    }
    Walker(&examination, &talk).Run();
    if (examination.names().instances.empty() &&
        examination.names().walk == Names::Walk::kWhole) {
      examination.Report(
          Severity::kWarning, "empty",
          absl::StrCat("nothing below ", base.ToString()), talk,
          "all requests are answered by noSuchInstance; is the base right?");
    }
  });
}

}  // namespace passpersist
