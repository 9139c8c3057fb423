// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PROCESS_FIND_EXECUTABLE_H_
#define TOOLS_PROCESS_FIND_EXECUTABLE_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace passpersist::tool {

// Returns the path of the first file called `name` in `directories` that this
// process may execute; nullopt if there is none. `directories` is a list like
// PATH: separated by ':', an empty element is the working directory.
std::optional<std::string> FindExecutable(absl::string_view name,
                                          absl::string_view directories);

}  // namespace passpersist::tool

#endif  // TOOLS_PROCESS_FIND_EXECUTABLE_H_
