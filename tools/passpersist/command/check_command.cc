// SPDX-License-Identifier: Apache-2.0
//
// check.

#include <algorithm>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "passpersist/oid.h"
#include "tools/passpersist/check/checker.h"
#include "tools/passpersist/check/report_text.h"
#include "tools/passpersist/command/run_commands.h"
#include "tools/passpersist/text/printable.h"
#include "tools/passpersist/text/value_parser.h"
#include "transport/pass_persist/pass_persist_set.h"

namespace passpersist::tool {
namespace {

// "OID=TYPE=VALUE"
absl::StatusOr<CheckOptions::Assignment> ParseAssignment(
    const std::string& text) {
  const std::vector<std::string> parts =
      absl::StrSplit(text, absl::MaxSplits('=', 2));
  if (parts.size() < 3) {
    return absl::InvalidArgumentError(
        absl::StrCat("--set=", text, " does not have the form OID=TYPE=VALUE"));
  }
  const absl::StatusOr<Oid> oid = Oid::Parse(parts[0]);
  if (!oid.ok()) return oid.status();
  const absl::StatusOr<Value> value = ParseValue(parts[1], parts[2]);
  if (!value.ok()) return value.status();
  const absl::StatusOr<std::string> line = PassPersistSetText(*value);
  if (!line.ok()) return line.status();
  return CheckOptions::Assignment{*oid, *line};
}

absl::StatusOr<CheckOptions> ReadOptions(const Context& context) {
  CheckOptions options;
  options.command = context.program();
  options.limit = context.options().limit;
  if (options.command.empty()) {
    return absl::InvalidArgumentError("no program given: check -- PROGRAM");
  }
  if (!context.options().base.empty()) {
    const absl::StatusOr<Oid> base = Oid::Parse(context.options().base);
    if (!base.ok()) return base.status();
    options.base = *base;
  }
  if (!context.options().set.empty()) {
    const absl::StatusOr<CheckOptions::Assignment> set =
        ParseAssignment(context.options().set);
    if (!set.ok()) return set.status();
    options.set = *set;
  }
  return options;
}

}  // namespace

absl::Status CheckCommand(Context& context, const Arguments& /*none*/) {
  const absl::StatusOr<CheckOptions> options = ReadOptions(context);
  if (!options.ok()) return options.status();
  const absl::StatusOr<CheckReport> report = CheckProgram(*options);
  if (!report.ok()) return absl::UnavailableError(report.status().message());
  const absl::Status status = context.Print(ToProto(*report), [&] {
    return ReportText(*report, context.console().palette());
  });
  if (!status.ok()) return status;
  const bool has_errors = std::any_of(
      report->findings.begin(), report->findings.end(),
      [](const Finding& f) { return f.severity == Finding::Severity::kError; });
  return has_errors ? absl::FailedPreconditionError("") : absl::OkStatus();
}

}  // namespace passpersist::tool
