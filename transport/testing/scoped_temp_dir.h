// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_TESTING_SCOPED_TEMP_DIR_H_
#define TRANSPORT_TESTING_SCOPED_TEMP_DIR_H_

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "gtest/gtest.h"

namespace passpersist_testing {

// A temporary directory that is the working directory of the process during the
// lifetime of the object. (The paths of Bazel's directories are longer than the
// path of a socket may be.)
//
// Used by one thread at a time.
class ScopedTempDir {
 public:
  ScopedTempDir()
      : former_(std::filesystem::current_path()),
        // mkdtemp(3) requires six X, and replaces them.
        path_(testing::TempDir() + "/dir" + std::string(6, 'X')) {
    EXPECT_NE(mkdtemp(path_.data()), nullptr);
    // Other users may enter; the modes of the files decide on their access.
    EXPECT_EQ(chmod(path_.c_str(), 0711), 0);
    std::filesystem::current_path(path_);
  }

  ~ScopedTempDir() {
    std::filesystem::current_path(former_);
    std::filesystem::remove_all(path_);
  }

  ScopedTempDir(const ScopedTempDir&) = delete;
  ScopedTempDir& operator=(const ScopedTempDir&) = delete;

  const std::string& path() const { return path_; }

  // Returns true if the directory contains no files.
  bool empty() const { return std::filesystem::is_empty(path_); }

 private:
  const std::filesystem::path former_;
  std::string path_;
};

}  // namespace passpersist_testing

#endif  // TRANSPORT_TESTING_SCOPED_TEMP_DIR_H_
