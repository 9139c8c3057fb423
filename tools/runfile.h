// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_RUNFILE_H_
#define TOOLS_RUNFILE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace passpersist_testing {

// The absolute path of a file that the test depends on ("data" of its target),
// given relative to the workspace. Without Bazel, that of the working folder.
std::string Runfile(absl::string_view path);

}  // namespace passpersist_testing

#endif  // TOOLS_RUNFILE_H_
