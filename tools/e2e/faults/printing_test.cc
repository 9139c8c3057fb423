// SPDX-License-Identifier: Apache-2.0
//
// An agent that prints to standard output and standard error in several ways.

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/e2e/snmpd/playpen.h"
#include "tools/process/testing/wait.h"

namespace passpersist_testing {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

class PrintingTest : public PlaypenTest {
 protected:
  void SetUp() override {
    StartSnmpd(
        {AgentLine(kPlaypen, "faults/printing_agent", {PathOf("printed")})});
  }

  std::string Printed() const {
    std::ifstream file(PathOf("printed"));
    return std::string(std::istreambuf_iterator<char>(file), {});
  }

  static std::vector<std::string> Rows() {
    std::vector<std::string> rows;
    for (int row = 1; row <= 20; ++row) {
      rows.push_back(absl::StrCat("1.", row, " = Gauge32: ", row));
    }
    rows.push_back("1.100 = INTEGER: 0");
    rows.push_back("1.200 = STRING: \"[]\"");
    return rows;
  }
};

TEST_F(PrintingTest, DoesNotDisturbWalks) {
  for (int i = 0; i < 3; ++i) {
    const SnmpResult walk = client().Walk("");
    EXPECT_THAT(walk.bindings, ElementsAreArray(Rows())) << walk;
    const SnmpResult bulk_walk = client().BulkWalk("");
    EXPECT_THAT(bulk_walk.bindings, ElementsAreArray(Rows())) << bulk_walk;
  }
}

TEST_F(PrintingTest, DoesNotDisturbSets) {
  for (const char* const value : {"1", "2", "3"}) {
    EXPECT_EQ(client().Set("1.100", "i", value).exit_status, 0);
    EXPECT_THAT(client().Get({"1.100", "1.7"}).bindings,
                ElementsAre(absl::StrCat("1.100 = INTEGER: ", value),
                            "1.7 = Gauge32: 7"));
  }
}

TEST_F(PrintingTest, ChildrenOfTheAgentReadNothing) {
  EXPECT_THAT(client().Get({"1.200", "1.1"}).bindings,
              ElementsAre("1.200 = STRING: \"[]\"", "1.1 = Gauge32: 1"));
}

TEST_F(PrintingTest, OneAgentPrintsEverythingToTheGivenFile) {
  client().Get({"1.1"});
  const pid_t pid = Agent().pid();
  client().Walk("");
  client().Set("1.100", "i", "1");
  EXPECT_EQ(Agent().pid(), pid);
  for (const std::string who : {"main", "row", "update", "setter"}) {
    for (const std::string way : {"printf", "cout", "cerr", "write to 1",
                                  "write to 2", "echo", "echo >&2"}) {
      if (who == "main" && absl::StartsWith(way, "echo")) continue;
      EXPECT_TRUE(Eventually([&] {
        return absl::StrContains(Printed(), who + ": " + way + "\n");
      })) << who
          << ": " << way;
    }
  }
}

}  // namespace
}  // namespace passpersist_testing
