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
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }

  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ + "/" + name) << text;
    return folder_ + "/" + name;
  }

  const std::string folder_ = testing::TempDir() + "/kernel_files";
};

TEST_F(KernelFilesTest, ReadsAFileThatIsLongerThanTheBuffer) {
  const std::string text(10000, 'x');
  EXPECT_EQ(*ReadKernelFile(Write("long", text + "\n")), text + "\n");
  EXPECT_EQ(*ReadKernelLine(folder_ + "/long"), text);
}

TEST_F(KernelFilesTest, AMissingFileIsNotFoundAndNamed) {
  EXPECT_THAT(ReadKernelFile(folder_ + "/none"),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("cannot read " + folder_ + "/none")));
  EXPECT_THAT(ListKernelFolder(folder_ + "/none"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("/none")));
}

TEST_F(KernelFilesTest, AFileThatFailsWhenItIsReadIsNoEmptyFile) {
  EXPECT_THAT(ReadKernelFile(folder_),  // a folder can be opened: EISDIR
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("cannot read " + folder_)));
}

TEST_F(KernelFilesTest, ReadsNumbersToTheirLimits) {
  EXPECT_EQ(*ReadKernelNumber(Write("speed", "-1\n")), -1);
  EXPECT_EQ(*ReadKernelCounter(Write("rx_bytes", "18446744073709551615\n")),
            18446744073709551615u);
}

TEST_F(KernelFilesTest, WhatIsNoNumberIsQuoted) {
  EXPECT_THAT(ReadKernelCounter(Write("count", "1 2\n3\n")),
              StatusIs(absl::StatusCode::kDataLoss,
                       folder_ + "/count: cannot understand \"1 2\\n3\""));
  EXPECT_THAT(ReadKernelCounter(Write("empty", "")),
              StatusIs(absl::StatusCode::kDataLoss,
                       folder_ + "/empty: cannot understand \"\""));
}

TEST_F(KernelFilesTest, ListsTheNamesInAFolder) {
  Write("a", "");
  Write("b", "");
  EXPECT_THAT(*ListKernelFolder(folder_), UnorderedElementsAre("a", "b"));
}

}  // namespace
}  // namespace host_agent
