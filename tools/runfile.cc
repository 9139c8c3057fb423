// SPDX-License-Identifier: Apache-2.0

#include "tools/runfile.h"

#include <cstdlib>
#include <filesystem>

#include "absl/strings/str_cat.h"

namespace passpersist_testing {

std::string Runfile(absl::string_view path) {
  const char* const runfiles = std::getenv("TEST_SRCDIR");
  const char* const workspace = std::getenv("TEST_WORKSPACE");
  if (runfiles == nullptr || workspace == nullptr) {
    return std::filesystem::absolute(std::string(path)).string();
  }
  return absl::StrCat(runfiles, "/", workspace, "/", path);
}

}  // namespace passpersist_testing
