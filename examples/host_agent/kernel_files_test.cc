// SPDX-License-Identifier: Apache-2.0

#include "examples/host_agent/kernel_files.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"

namespace host_agent {
namespace {

using passpersist_testing::StatusIs;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class KernelFilesTest : public testing::Test {
 protected:
  KernelFilesTest() {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
  }

  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(directory_ + "/" + name) << text;
    return directory_ + "/" + name;
  }

  const std::string directory_ = testing::TempDir() + "/kernel_files";
};

TEST_F(KernelFilesTest, ReadsAFileThatIsLongerThanTheBuffer) {
  const std::string text(10000, 'x');
  EXPECT_EQ(*ReadKernelFile(Write("long", text + "\n")), text + "\n");
  EXPECT_EQ(*ReadKernelLine(directory_ + "/long"), text);
}

TEST_F(KernelFilesTest, AMissingFileIsNotFoundAndNamed) {
  EXPECT_THAT(ReadKernelFile(directory_ + "/none"),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("cannot read " + directory_ + "/none")));
  EXPECT_THAT(ListKernelDirectory(directory_ + "/none"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("/none")));
}

TEST_F(KernelFilesTest, AFileThatCannotBeReadIsNotAnEmptyFile) {
  EXPECT_THAT(ReadKernelFile(directory_),  // a directory can be opened: EISDIR
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("cannot read " + directory_)));
}

TEST_F(KernelFilesTest, ReadsNumbersToTheirLimits) {
  EXPECT_EQ(*ReadKernelNumber(Write("speed", "-1\n")), -1);
  EXPECT_EQ(*ReadKernelCounter(Write("rx_bytes", "18446744073709551615\n")),
            18446744073709551615u);
}

TEST_F(KernelFilesTest, QuotesTextThatIsNotANumber) {
  EXPECT_THAT(ReadKernelCounter(Write("count", "1 2\n3\n")),
              StatusIs(absl::StatusCode::kDataLoss,
                       directory_ + "/count: cannot understand \"1 2\\n3\""));
  EXPECT_THAT(ReadKernelCounter(Write("empty", "")),
              StatusIs(absl::StatusCode::kDataLoss,
                       directory_ + "/empty: cannot understand \"\""));
}

TEST_F(KernelFilesTest, ListsTheNamesInADirectory) {
  Write("a", "");
  Write("b", "");
  EXPECT_THAT(*ListKernelDirectory(directory_), UnorderedElementsAre("a", "b"));
}

}  // namespace
}  // namespace host_agent
