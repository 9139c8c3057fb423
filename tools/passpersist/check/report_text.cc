// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/check/report_text.h"

#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "tools/passpersist/check/finding.h"
#include "tools/passpersist/text/printable.h"
#include "transport/debug/debug_values.h"

namespace passpersist::tool {
namespace {

bool IsError(const Finding& finding) {
  return finding.severity == Finding::Severity::kError;
}

// "1 error", "2 errors"
std::string Count(size_t count, absl::string_view what) {
  return absl::StrCat(count, " ", what, count == 1 ? "" : "s");
}

constexpr size_t kLineWidth = 78;

// Appends `text` wrapped to lines of kLineWidth, each after `indent`.
void AppendWords(absl::string_view indent, absl::string_view text,
                 std::string* out) {
  std::string line(indent);
  for (const absl::string_view word : absl::StrSplit(text, ' ')) {
    if (line.size() > indent.size()) {
      if (line.size() + 1 + word.size() > kLineWidth) {
        absl::StrAppend(out, line, "\n");
        line = std::string(indent);
      } else {
        line.push_back(' ');
      }
    }
    absl::StrAppend(&line, word);
  }
  absl::StrAppend(out, line, "\n");
}

// Appends the lines of `text`, each after `indent`.
void AppendLines(absl::string_view indent, absl::string_view text,
                 std::string* out) {
  for (const absl::string_view line :
       absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    absl::StrAppend(out, indent, Printable(line), "\n");
  }
}

void AppendFinding(const Finding& finding, const Palette& palette,
                   std::string* out) {
  absl::StrAppend(out,
                  IsError(finding)
                      ? palette.Paint(Palette::Style::kRed, "error")
                      : palette.Paint(Palette::Style::kYellow, "warning"),
                  " ", palette.Paint(Palette::Style::kBold, finding.id), ": ",
                  Printable(finding.what), "\n");
  AppendLines("    ", finding.evidence, out);
  AppendWords("  ", Printable(finding.consequence), out);
  absl::StrAppend(out, "\n");
}

std::string Summary(const CheckReport& report, const Palette& palette) {
  size_t errors = 0;
  for (const Finding& finding : report.findings) {
    if (IsError(finding)) ++errors;
  }
  const size_t warnings = report.findings.size() - errors;
  std::string out = report.findings.empty()
                        ? palette.Paint(Palette::Style::kGreen, "no findings")
                        : absl::StrCat(Count(errors, "error"), ", ",
                                       Count(warnings, "warning"));
  absl::StrAppend(&out, " in ", Count(report.names, "name"));
  if (!report.base.empty()) {
    absl::StrAppend(&out, " below ", report.base.ToString());
  }
  if (report.base_guessed) {
    absl::StrAppend(&out, " (guessed; set it with --base=OID)");
  }
  if (report.walk_cut) absl::StrAppend(&out, "; there are more names");
  return out;
}

}  // namespace

std::string ReportText(const CheckReport& report, const Palette& palette) {
  std::string out;
  for (const Finding& finding : report.findings) {
    AppendFinding(finding, palette, &out);
  }
  absl::StrAppend(&out, Summary(report, palette), "\n");
  return out;
}

report::CheckReport ToProto(const CheckReport& report) {
  report::CheckReport proto;
  proto.set_base(ToProto(report.base));
  proto.set_base_guessed(report.base_guessed);
  proto.set_names(report.names);
  proto.set_walk_cut(report.walk_cut);
  for (const Finding& finding : report.findings) {
    report::Finding* const added = proto.add_findings();
    added->set_severity(IsError(finding) ? report::Finding::ERROR
                                         : report::Finding::WARNING);
    added->set_id(finding.id);
    added->set_what(ToUtf8(finding.what));
    added->set_evidence(ToUtf8(finding.evidence));
    added->set_consequence(ToUtf8(finding.consequence));
  }
  return proto;
}

}  // namespace passpersist::tool
