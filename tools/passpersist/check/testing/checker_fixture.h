// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_CHECK_TESTING_CHECKER_FIXTURE_H_
#define TOOLS_PASSPERSIST_CHECK_TESTING_CHECKER_FIXTURE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "tools/passpersist/check/checker.h"
#include "tools/runfile.h"

namespace passpersist::tool {

inline Oid FaultyBase() { return {1, 3, 6, 1, 4, 1, 8072, 9999, 9999, 77}; }

// The limits are long enough for a busy machine. Only a program that doesn't
// answer makes a test wait so long.
inline CheckOptions Options(std::vector<std::string> command) {
  CheckOptions options;
  options.command = std::move(command);
  options.limit = absl::Seconds(2);
  options.slow = absl::Seconds(2);
  options.round_limit = absl::Seconds(60);
  return options;
}

inline CheckOptions FaultyOptions(const std::string& fault) {
  CheckOptions options =
      Options({passpersist_testing::Runfile(
                   "tools/passpersist/check/testing/faulty_agent"),
               fault});
  options.base = FaultyBase();
  return options;
}

inline CheckReport Check(const CheckOptions& options) {
  absl::StatusOr<CheckReport> report = CheckProgram(options);
  EXPECT_TRUE(report.ok()) << report.status();
  return report.ok() ? *std::move(report) : CheckReport();
}

inline std::vector<std::string> Ids(const CheckReport& report) {
  std::vector<std::string> ids;
  for (const Finding& finding : report.findings) ids.push_back(finding.id);
  return ids;
}

// The findings as text, for the message of a failed test.
inline std::string Text(const CheckReport& report) {
  std::string text;
  for (const Finding& finding : report.findings) {
    absl::StrAppend(&text, finding.id, ": ", finding.what, "\n",
                    finding.evidence);
  }
  return text;
}

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_CHECK_TESTING_CHECKER_FIXTURE_H_
