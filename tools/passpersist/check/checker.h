// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_CHECK_CHECKER_H_
#define TOOLS_PASSPERSIST_CHECK_CHECKER_H_

#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"
#include "passpersist/oid.h"
#include "tools/passpersist/check/examination.h"
#include "tools/passpersist/check/finding.h"

namespace passpersist::tool {

struct CheckReport {
  Oid base;  // empty if unknown
  bool base_guessed = false;
  size_t names = 0;       // the number of names that were found
  bool walk_cut = false;  // there were too many names, or they came too slowly
  // Errors before warnings, and then by importance. A finding that another one
  // explains is left out.
  std::vector<Finding> findings;
};

// Plays the role of snmpd for a `pass_persist` program in any language, and
// reports what would go wrong in production. The program is started about a
// dozen times. A correct program takes a few tenths of a second in all; each
// request without an answer takes options.limit.
//
// Returns an error if the program can't be started.
absl::StatusOr<CheckReport> CheckProgram(const CheckOptions& options);

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_CHECK_CHECKER_H_
