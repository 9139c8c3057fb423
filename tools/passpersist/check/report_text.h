// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_CHECK_REPORT_TEXT_H_
#define TOOLS_PASSPERSIST_CHECK_REPORT_TEXT_H_

#include <string>

#include "tools/passpersist/check/checker.h"
#include "tools/passpersist/check/report.pb.h"
#include "tools/passpersist/text/palette.h"

namespace passpersist::tool {

// Formats a report for people: each finding with its evidence and its
// consequence, then a summary line:
//
//   error order: .1.3.10 comes before .1.3.9
//       > getnext
//       > .1.3.10
//       < .1.3.9
//     A walk ends there: ...
//
//   1 error, 0 warnings in 12 names below .1.3
std::string ReportText(const CheckReport& report, const Palette& palette);

// Converts a report to a message, for programs.
report::CheckReport ToProto(const CheckReport& report);

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_CHECK_REPORT_TEXT_H_
