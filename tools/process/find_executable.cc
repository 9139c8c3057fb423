// SPDX-License-Identifier: Apache-2.0

#include "tools/process/find_executable.h"

#include <sys/stat.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace passpersist::tool {

std::optional<std::string> FindExecutable(absl::string_view name,
                                          absl::string_view directories) {
  for (const absl::string_view directory : absl::StrSplit(directories, ':')) {
    std::string path =
        absl::StrCat(directory.empty() ? "." : directory, "/", name);
    struct stat file = {};
    // access() also returns 0 for a directory that may be searched.
    if (stat(path.c_str(), &file) == 0 && S_ISREG(file.st_mode) &&
        access(path.c_str(), X_OK) == 0) {
      return path;
    }
  }
  return std::nullopt;
}

}  // namespace passpersist::tool
