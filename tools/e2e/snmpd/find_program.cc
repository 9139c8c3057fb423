// SPDX-License-Identifier: Apache-2.0

#include "tools/e2e/snmpd/find_program.h"

#include <cstdlib>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "tools/process/find_executable.h"

namespace passpersist_testing {

absl::StatusOr<std::string> FindProgram(absl::string_view name,
                                        absl::string_view package) {
  const char* const path = std::getenv("PATH");
  const std::optional<std::string> program = passpersist::tool::FindExecutable(
      name, absl::StrCat(path == nullptr ? "" : path, ":/usr/bin:/usr/sbin"));
  if (program) return *program;
  return absl::NotFoundError(
      absl::StrCat(name, " is missing: install the Debian package \"", package,
                   "\" (tools/setup does so)"));
}

}  // namespace passpersist_testing
