// SPDX-License-Identifier: Apache-2.0
//
// Values that are absent when they are old, and values that a request fetches.

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/e2e/snmpd/playpen.h"
#include "tools/process/testing/wait.h"

namespace passpersist_testing {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class FreshTest : public PlaypenTest {
 protected:
  void StartAgent() {
    StartSnmpd({AgentLine(kPlaypen, "faults/fresh_agent", {PathOf("")})});
  }
  void Create(const std::string& file) { std::ofstream(PathOf(file)) << "\n"; }
  void Remove(const std::string& file) { std::remove(PathOf(file).c_str()); }

  std::vector<std::string> Walk() { return client().Walk("").bindings; }
};

TEST_F(FreshTest, OldValuesAreGoneUntilAnUpdateSucceeds) {
  StartAgent();
  ASSERT_FALSE(HasFatalFailure());
  const std::vector<std::string> all = {"1.0 = INTEGER: 1", "2.0 = INTEGER: 1",
                                        "3.0 = INTEGER: 3"};
  const std::vector<std::string> others = {all[1], all[2]};
  EXPECT_EQ(Walk(), all);
  Create("fail");
  EXPECT_TRUE(Eventually([&] { return Walk() == others; }));
  EXPECT_THAT(client().Get({"1.0", "3.0"}).bindings,
              ElementsAre(HasSubstr("No Such Instance"), all[2]));
  Remove("fail");
  EXPECT_TRUE(Eventually([&] { return Walk() == all; }));
}

TEST_F(FreshTest, ARequestFetchesValuesOnDemandOnce) {
  StartAgent();
  ASSERT_FALSE(HasFatalFailure());
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(client().Get({"2.0"}).bindings,
                ElementsAre("2.0 = INTEGER: 1"));
  }
}

TEST_F(FreshTest, ARunThatHangsIsWaitedForOnceAndGoesOn) {
  Create("hang");
  StartAgent();
  ASSERT_FALSE(HasFatalFailure());
  EXPECT_THAT(client().Get({"2.0", "3.0"}).bindings,
              ElementsAre(HasSubstr("No Such Instance"), "3.0 = INTEGER: 3"));
  EXPECT_THAT(client().Get({"2.0", "3.0"}).bindings,
              ElementsAre(HasSubstr("No Such Instance"), "3.0 = INTEGER: 3"));
  Remove("hang");
  EXPECT_TRUE(Eventually([&] {
    return client().Get({"2.0"}).bindings ==
           std::vector<std::string>{"2.0 = INTEGER: 1"};
  }));
}

}  // namespace
}  // namespace passpersist_testing
