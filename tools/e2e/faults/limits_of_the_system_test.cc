// SPDX-License-Identifier: Apache-2.0
//
// A system that has fewer threads than an agent has subtrees.

#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/e2e/snmpd/playpen.h"

namespace passpersist_testing {
namespace {

using testing::ElementsAreArray;

class LimitsOfTheSystemTest : public PlaypenTest {
 protected:
  // Expects that an agent with this limit serves its 40 subtrees.
  void ExpectService(const std::string& name, const std::string& limit) {
    StartSnmpd({AgentLine(kPlaypen, "faults/limited_agent",
                          {name, limit, PathOf("errors")})});
    ASSERT_FALSE(HasFatalFailure());
    std::vector<std::string> bindings;
    for (int i = 1; i <= 40; ++i) {
      bindings.push_back(absl::StrCat(i, ".0 = INTEGER: 1"));
    }
    EXPECT_THAT(client().Walk("").bindings, ElementsAreArray(bindings));
  }

  std::string Errors() const {
    std::stringstream text;
    text << std::ifstream(PathOf("errors")).rdbuf();
    return text.str();
  }
};

TEST_F(LimitsOfTheSystemTest, FewerThreadsThanSubtreesServeThemAll) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become an unused user";
  ExpectService("processes", "20");
}

// One thread serves snmpd, and the updates share the others.
TEST_F(LimitsOfTheSystemTest, TheLackOfThreadsIsReportedOnce) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become an unused user";
  for (const int limit : {2, 4}) {
    ExpectService("processes", absl::StrCat(limit));
    EXPECT_EQ(Errors(), absl::StrCat("RESOURCE_EXHAUSTED: cannot start a "
                                     "thread: Resource temporarily "
                                     "unavailable; all tasks share ",
                                     limit - 1, " threads\n"));
  }
}

TEST_F(LimitsOfTheSystemTest, LittleAddressSpaceServesThemAll) {
  ExpectService("memory", "307200000");  // ulimit -v 300000
}

}  // namespace
}  // namespace passpersist_testing
