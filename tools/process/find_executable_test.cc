// SPDX-License-Identifier: Apache-2.0

#include "tools/process/find_executable.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "gtest/gtest.h"
#include "transport/testing/scoped_temp_dir.h"

namespace passpersist::tool {
namespace {

using passpersist_testing::ScopedTempDir;

void MakeFile(const std::string& path, mode_t mode) {
  std::ofstream file(path);
  EXPECT_EQ(chmod(path.c_str(), mode), 0);
}

TEST(FindExecutableTest, FindsTheFileInTheFirstDirectory) {
  const ScopedTempDir directory;
  for (const char* const name : {"a", "b", "c"}) {
    std::filesystem::create_directory(name);
  }
  MakeFile("b/tool", 0700);
  MakeFile("c/tool", 0700);
  EXPECT_EQ(FindExecutable("tool", "/no/such:a:b:c"), "b/tool");
  EXPECT_EQ(FindExecutable("tool", "c:b"), "c/tool");
  EXPECT_EQ(FindExecutable("tool", "a"), std::nullopt);
}

TEST(FindExecutableTest, AnEmptyElementIsTheWorkingDirectory) {
  const ScopedTempDir directory;
  MakeFile("tool", 0700);
  EXPECT_EQ(FindExecutable("tool", "/no/such:"), "./tool");
  EXPECT_EQ(FindExecutable("tool", ""), "./tool");
}

TEST(FindExecutableTest, SkipsFilesThatAreNotExecutable) {
  const ScopedTempDir directory;
  std::filesystem::create_directories("a/tool");
  std::filesystem::create_directory("b");
  MakeFile("b/tool", 0600);
  EXPECT_EQ(FindExecutable("tool", "a:b"), std::nullopt);
}

}  // namespace
}  // namespace passpersist::tool
