// SPDX-License-Identifier: Apache-2.0
//
// Several subtrees, in one agent and in two.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/e2e/snmpd/playpen.h"
#include "tools/process/process.h"
#include "tools/process/testing/wait.h"

namespace passpersist_testing {
namespace {

using passpersist::tool::Process;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// Two roots; the text of one is a prefix of the text of the other.
constexpr char kEight[] = ".1.3.6.1.3.53.8";
constexpr char kEighty[] = ".1.3.6.1.3.53.80";
constexpr char kAbove[] = ".1.3.6.1.3.53";

class SubtreesTest : public PlaypenTest {
 protected:
  // What roots_agent serves below `roots`, without the pids.
  void ExpectWalk(const std::string& name,
                  const std::vector<std::string>& roots) {
    std::vector<std::string> expected;
    for (const std::string& root : roots) {
      expected.push_back(absl::StrCat(root, ".1.0 = OID: ", root));
      expected.push_back(absl::StrCat(root, ".2.0"));
    }
    for (const SnmpClient& asking : {client(), client().V1()}) {
      EXPECT_THAT(Shown(asking.Walk(name)), ElementsAreArray(expected));
    }
    for (const int max_repetitions : {1, 2, 3, 10}) {
      EXPECT_THAT(Shown(client().BulkWalk(name, max_repetitions)),
                  ElementsAreArray(expected));
    }
  }

  static std::vector<std::string> Shown(const SnmpResult& walk) {
    EXPECT_EQ(walk.exit_status, 0) << walk;
    std::vector<std::string> shown;
    for (const std::string& binding : walk.bindings) {
      shown.push_back(binding.substr(0, binding.find(" = Gauge32")));
    }
    return shown;
  }
};

TEST_F(SubtreesTest, OneAgentServesTwoOfThemBelowOneBase) {
  const std::string first = absl::StrCat(kPlaypen, ".1");
  const std::string second = absl::StrCat(kPlaypen, ".3");
  StartSnmpd({AgentLine(kPlaypen, "reads/roots_agent", {first, second})});
  ASSERT_FALSE(HasFatalFailure());
  EXPECT_THAT(client().Walk("").bindings,
              ElementsAre("1.1.0 = OID: " + first, HasSubstr("1.2.0 = "),
                          "3.1.0 = OID: " + second, HasSubstr("3.2.0 = ")));
  EXPECT_THAT(client().Walk("1").bindings, SizeIs(2));
  EXPECT_THAT(client().Walk("2").bindings, IsEmpty());
  EXPECT_THAT(client().Walk("3").bindings, SizeIs(2));
  EXPECT_THAT(client().GetNext({"2.5", "1.2.0"}).bindings,
              ElementsAre("3.1.0 = OID: " + second, "3.1.0 = OID: " + second));
  EXPECT_THAT(
      client().Get({"3.1.0", "2.1.0", "1.1.0"}).bindings,
      ElementsAre("3.1.0 = OID: " + second, HasSubstr("No Such Instance"),
                  "1.1.0 = OID: " + first));
  EXPECT_THAT(snmpd().Agents(), SizeIs(1));
}

TEST_F(SubtreesTest, OneTextIsAPrefixOfTheOther) {
  StartSnmpd({AgentLine(kAbove, "reads/roots_agent", {kEighty, kEight})});
  ASSERT_FALSE(HasFatalFailure());
  ExpectWalk(kEight, {kEight});
  ExpectWalk(kEighty, {kEighty});
  ExpectWalk(kAbove, {kEight, kEighty});
  EXPECT_THAT(snmpd().Agents(), SizeIs(1));
}

TEST_F(SubtreesTest, TwoLinesAreTwoProcesses) {
  StartSnmpd({AgentLine(kEight, "reads/roots_agent", {kEight}),
              AgentLine(kEighty, "reads/roots_agent", {kEighty})});
  ASSERT_FALSE(HasFatalFailure());
  ExpectWalk(kEight, {kEight});
  ExpectWalk(kEighty, {kEighty});
  ExpectWalk(kAbove, {kEight, kEighty});
  const std::vector<Process> agents = snmpd().Agents();
  ASSERT_THAT(agents, SizeIs(2));
  std::vector<std::string> pids;
  for (const std::string root : {kEight, kEighty}) {
    pids.push_back(client().Get({root + ".2.0"}).bindings[0]);
  }
  EXPECT_THAT(pids, testing::UnorderedElementsAre(
                        HasSubstr(absl::StrCat(": ", agents[0].pid())),
                        HasSubstr(absl::StrCat(": ", agents[1].pid()))));
}

// snmpd drops the answers of each process outside its own line.
TEST_F(SubtreesTest, TwoLinesForOneProgramThatServesBoth) {
  StartSnmpd({AgentLine(kEight, "reads/roots_agent", {kEight, kEighty}),
              AgentLine(kEighty, "reads/roots_agent", {kEight, kEighty})});
  ASSERT_FALSE(HasFatalFailure());
  ExpectWalk(kEight, {kEight});
  ExpectWalk(kEighty, {kEighty});
  ExpectWalk(kAbove, {kEight, kEighty});
}

TEST_F(SubtreesTest, KillOfOneAgentDoesNotAffectTheOther) {
  StartSnmpd({AgentLine(kEight, "reads/roots_agent", {kEight}),
              AgentLine(kEighty, "reads/roots_agent", {kEighty})});
  ASSERT_FALSE(HasFatalFailure());
  client().Get({absl::StrCat(kEight, ".1.0")});
  const Process eight = Agent();
  const SnmpResult eighty = client().Get({absl::StrCat(kEighty, ".2.0")});
  eight.Signal(SIGKILL);
  ASSERT_TRUE(eight.AwaitEnd(kTimeout));
  ExpectWalk(kAbove, {kEight, kEighty});
  EXPECT_EQ(client().Get({absl::StrCat(kEighty, ".2.0")}).bindings,
            eighty.bindings);
}

TEST_F(SubtreesTest, AgentThatCanNotBeBuiltDoesNotAffectTheOther) {
  StartSnmpd({AgentLine(kEight, "reads/roots_agent", {"no-oid", kEight}),
              AgentLine(kEighty, "reads/roots_agent", {kEighty})});
  ASSERT_FALSE(HasFatalFailure());
  EXPECT_THAT(client().Get({absl::StrCat(kEight, ".1.0")}).bindings,
              ElementsAre(HasSubstr("No Such Instance")));
  ExpectWalk(kEighty, {kEighty});
}

// snmpd requests only names below the line's base, and drops later names.
TEST_F(SubtreesTest, LineBelowTheBaseShowsThatPart) {
  StartSnmpd(
      {AgentLine(absl::StrCat(kEight, ".1"), "reads/roots_agent", {kEight})});
  ASSERT_FALSE(HasFatalFailure());
  const auto shown = ElementsAre(absl::StrCat(kEight, ".1.0 = OID: ", kEight));
  EXPECT_THAT(client().Walk(kAbove).bindings, shown);
  EXPECT_THAT(client().BulkWalk(kAbove, 10).bindings, shown);
  EXPECT_THAT(client().Get({absl::StrCat(kEight, ".1.0")}).bindings, shown);
  EXPECT_THAT(client().Get({absl::StrCat(kEight, ".2.0")}).bindings,
              ElementsAre(HasSubstr("No Such")));
}

// The longest base that snmpd accepts.
TEST_F(SubtreesTest, BaseOf30Arcs) {
  std::string root = kPlaypen;
  for (int i = 9; i < 30; ++i) absl::StrAppend(&root, ".4294967295");
  StartSnmpd({AgentLine(root, "reads/roots_agent", {root})});
  ASSERT_FALSE(HasFatalFailure());
  EXPECT_THAT(client().Get({root + ".1.0"}).bindings,
              ElementsAre(HasSubstr(".1.0 = OID: " + root)));
  EXPECT_THAT(client().Walk(root).bindings, SizeIs(2));
}

}  // namespace
}  // namespace passpersist_testing
