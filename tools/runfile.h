// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_RUNFILE_H_
#define TOOLS_RUNFILE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace passpersist_testing {

// Returns the absolute path of a file that the test depends on ("data" of its
// target). `path` is relative to the workspace; without Bazel, it is relative
// to the working directory.
std::string Runfile(absl::string_view path);

}  // namespace passpersist_testing

#endif  // TOOLS_RUNFILE_H_
