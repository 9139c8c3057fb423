// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PROCESS_FIND_EXECUTABLE_H_
#define TOOLS_PROCESS_FIND_EXECUTABLE_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace passpersist {

// The path of a file `name` that this process may execute, in the first of
// `folders` that has one; none if no folder has. `folders` is a list like PATH:
// separated by ':', an empty one is the working folder.
std::optional<std::string> FindExecutable(absl::string_view name,
                                          absl::string_view folders);

}  // namespace passpersist

#endif  // TOOLS_PROCESS_FIND_EXECUTABLE_H_
