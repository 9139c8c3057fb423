// SPDX-License-Identifier: Apache-2.0

#include "tools/runfile.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "gtest/gtest.h"

namespace passpersist_testing {
namespace {

TEST(RunfileTest, FindsADataFileOfTheTest) {
  const std::string path = Runfile("tools/runfile.h");
  EXPECT_TRUE(std::filesystem::path(path).is_absolute());
  std::string line;
  EXPECT_TRUE(std::getline(std::ifstream(path), line));
  EXPECT_EQ(line, "// SPDX-License-Identifier: Apache-2.0");
}

TEST(RunfileTest, UsesTheWorkingDirectoryWithoutBazel) {
  unsetenv("TEST_WORKSPACE");
  EXPECT_EQ(Runfile("tools/runfile.h"),
            std::filesystem::current_path() / "tools/runfile.h");
}

}  // namespace
}  // namespace passpersist_testing
