// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/command/commands.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/passpersist/command/command_line.h"
#include "tools/passpersist/command/options.h"
#include "tools/passpersist/command/testing/command_fixture.h"

namespace passpersist_testing {
namespace {

using passpersist::tool::Command;
using passpersist::tool::CommandGroup;
using passpersist::tool::CommandGroups;
using passpersist::tool::CommandLine;
using passpersist::tool::FlagNames;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

using CommandsTest = CommandTest;

TEST_F(CommandsTest, FlagsWithoutEffectAreErrors) {
  for (const auto& [command, flag] :
       std::vector<std::pair<std::string, std::string>>{
           {"get", "watch"},
           {"update", "limit"},
           {"exec", "socket"},
           {"transcript", "format"},
           {"help", "limit"}}) {
    CommandLine line;
    line.words = {command, "file"};
    line.flags = {flag};
    EXPECT_EQ(RunLine(line), 2);
    EXPECT_EQ(error(), absl::StrCat(command, " doesn't take --", flag,
                                    "; see passpersist help ", command));
  }
  EXPECT_THAT(agent_.requests, IsEmpty());
}

TEST_F(CommandsTest, FlagsWithAnEffectAreAccepted) {
  CommandLine line;
  line.words = {"get", ".1.3"};
  line.flags = {"limit", "socket", "format", "color"};
  Answer("bindings { oid: '.1.3' integer: 5 }");
  EXPECT_EQ(RunLine(line), 0);
  EXPECT_EQ(output(), ".1.3 = INTEGER: 5\n");
}

TEST_F(CommandsTest, AnAgentAndAProgramTogetherAreAnError) {
  CommandLine line;
  line.words = {"walk"};
  line.program = {"program"};
  line.flags = {"socket"};
  EXPECT_EQ(RunLine(line), 2);
  EXPECT_THAT(error(), StartsWith("--socket names an agent"));
}

TEST_F(CommandsTest, HelpIsShownWhateverElseTheLineSays) {
  CommandLine line;
  line.words = {"walk", "two", "words"};
  line.flags = {"pings"};
  line.help = true;
  EXPECT_EQ(RunLine(line), 0);
  EXPECT_THAT(output(), StartsWith("passpersist walk [OID]"));
  line.words.clear();
  EXPECT_EQ(RunLine(line), 0);
  EXPECT_THAT(output(), HasSubstr("Inside a running agent"));
}

TEST_F(CommandsTest, SomeCommandTakesEachFlag) {
  std::set<absl::string_view> taken;
  for (const CommandGroup& group : CommandGroups()) {
    for (const Command& command : group.commands) {
      for (const absl::string_view flag : FlagsOf(command)) taken.insert(flag);
    }
  }
  EXPECT_EQ(taken, std::set<absl::string_view>(FlagNames().begin(),
                                               FlagNames().end()));
}

}  // namespace
}  // namespace passpersist_testing
