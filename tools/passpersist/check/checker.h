// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_CHECK_CHECKER_H_
#define TOOLS_PASSPERSIST_CHECK_CHECKER_H_

#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"
#include "passpersist/oid.h"
#include "tools/passpersist/check/examination.h"
#include "tools/passpersist/check/finding.h"

namespace passpersist {

struct CheckReport {
  Oid base;  // empty if it is not known
  bool base_guessed = false;
  size_t names = 0;       // that the walk found
  bool walk_cut = false;  // because there were too many, or too slowly
  std::vector<Finding> findings;
};

// Plays snmpd to a program of a `pass_persist` line, in whatever language, and
// says what would go wrong in production. The program is started about a dozen
// times; a right one takes a few tenths of a second in all, and each request
// that isn't answered the limit of the options.
//
// An error if the program can't be started.
absl::StatusOr<CheckReport> CheckProgram(const CheckOptions& options);

}  // namespace passpersist

#endif  // TOOLS_PASSPERSIST_CHECK_CHECKER_H_
