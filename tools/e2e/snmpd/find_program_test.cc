// SPDX-License-Identifier: Apache-2.0

#include "tools/e2e/snmpd/find_program.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace passpersist_testing {
namespace {

using testing::HasSubstr;

TEST(FindProgramTest, NamesThePackageToInstall) {
  EXPECT_TRUE(FindProgram("sh", "dash").ok());
  EXPECT_THAT(FindProgram("snmpfrobnicate", "snmp").status().message(),
              HasSubstr("snmpfrobnicate is missing: install the Debian package "
                        "\"snmp\""));
}

}  // namespace
}  // namespace passpersist_testing
