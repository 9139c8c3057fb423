// SPDX-License-Identifier: Apache-2.0

// The modules of testdata/mibs.

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tools/e2e/snmpd/find_program.h"
#include "tools/process/subprocess.h"
#include "tools/process/testing/wait.h"
#include "tools/runfile.h"

namespace passpersist_testing {
namespace {

using passpersist::tool::Subprocess;

class MibModulesTest : public testing::TestWithParam<std::string> {};

TEST_P(MibModulesTest, IsCleanUnderSmilint) {
  const auto smilint = FindProgram("smilint", "smitools");
  ASSERT_TRUE(smilint.ok()) << smilint.status();
  const std::string mibs = Runfile("testdata/mibs");
  Subprocess::Options options;
  options.command = {*smilint, "-c/dev/null", "-l6", "-s",
                     absl::StrCat(mibs, "/", GetParam(), ".txt")};
  options.environment = {"LC_ALL=C",
                         absl::StrCat("SMIPATH=", mibs, ":", mibs, "/stand_ins",
                                      ":/usr/share/snmp/mibs")};
  const absl::StatusOr<std::unique_ptr<Subprocess>> process =
      Subprocess::Start(options);
  ASSERT_TRUE(process.ok()) << process.status();
  EXPECT_EQ((*process)->Wait(kTimeout), 0);
  EXPECT_EQ((*process)->standard_output(), "");
  EXPECT_EQ((*process)->standard_error(), "");
}

INSTANTIATE_TEST_SUITE_P(Modules, MibModulesTest,
                         testing::Values("PASSPERSIST-EXAMPLES-MIB",
                                         "PASSPERSIST-HEALTH-MIB",
                                         "PASSPERSIST-HOST-MIB"));

}  // namespace
}  // namespace passpersist_testing
