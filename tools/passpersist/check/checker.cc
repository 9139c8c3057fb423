// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/check/checker.h"

#include "tools/passpersist/check/checks.h"

namespace passpersist::tool {
namespace {

// The order matters: later checks use the results of earlier ones, and what
// matters most is reported first.
constexpr void (*kChecks[])(Examination&) = {
    CheckStart,  FindBase,  CheckWalk, CheckMissedNames,
    CheckValues, CheckGets, CheckGaps, CheckAbsentNames,
    CheckStream, CheckSets, CheckEnd,
};

}  // namespace

absl::StatusOr<CheckReport> CheckProgram(const CheckOptions& options) {
  Examination examination(options);
  for (const auto check : kChecks) {
    if (!examination.stopped()) check(examination);
  }
  if (!examination.start_status().ok()) return examination.start_status();
  CheckReport report;
  report.base = examination.names().base;
  report.base_guessed = !options.base && !examination.names().base.empty();
  report.names = examination.names().instances.size();
  report.walk_cut = examination.names().walk == Names::Walk::kCut;
  report.findings = examination.Finish();
  return report;
}

}  // namespace passpersist::tool
