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

// A folder of a test's own, which is the working folder of the process as long
// as this exists: the path of Bazel's folders is longer than that of a socket
// may be.
//
// Used by one thread at a time.
class ScopedTempDir {
 public:
  ScopedTempDir()
      : former_(std::filesystem::current_path()),
        // mkdtemp(3) wants six of them to put something else in their place.
        path_(testing::TempDir() + "/folder" + std::string(6, 'X')) {
    EXPECT_NE(mkdtemp(path_.data()), nullptr);
    // Others may go in, as far as the files' own modes let them.
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

  // True if there is nothing in it.
  bool empty() const { return std::filesystem::is_empty(path_); }

 private:
  const std::filesystem::path former_;
  std::string path_;
};

}  // namespace passpersist_testing

#endif  // TRANSPORT_TESTING_SCOPED_TEMP_DIR_H_
