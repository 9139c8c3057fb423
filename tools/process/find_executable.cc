// SPDX-License-Identifier: Apache-2.0

#include "tools/process/find_executable.h"

#include <sys/stat.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace passpersist {

std::optional<std::string> FindExecutable(absl::string_view name,
                                          absl::string_view folders) {
  for (const absl::string_view folder : absl::StrSplit(folders, ':')) {
    std::string path = absl::StrCat(folder.empty() ? "." : folder, "/", name);
    struct stat file = {};
    // A folder may be "executed", too.
    if (stat(path.c_str(), &file) == 0 && S_ISREG(file.st_mode) &&
        access(path.c_str(), X_OK) == 0) {
      return path;
    }
  }
  return std::nullopt;
}

}  // namespace passpersist
