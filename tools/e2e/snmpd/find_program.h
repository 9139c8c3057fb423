// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_E2E_SNMPD_FIND_PROGRAM_H_
#define TOOLS_E2E_SNMPD_FIND_PROGRAM_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace passpersist_testing {

// Returns the path of a program in PATH or in /usr/sbin, which is not in every
// user's PATH. Returns NotFound, naming the Debian package, if it is missing.
absl::StatusOr<std::string> FindProgram(absl::string_view name,
                                        absl::string_view package);

}  // namespace passpersist_testing

#endif  // TOOLS_E2E_SNMPD_FIND_PROGRAM_H_
