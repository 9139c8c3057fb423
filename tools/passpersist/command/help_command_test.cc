// SPDX-License-Identifier: Apache-2.0

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/passpersist/command/testing/command_fixture.h"

namespace passpersist_testing {
namespace {

using testing::HasSubstr;

using HelpCommandTest = CommandTest;

TEST_F(HelpCommandTest, NamesEveryCommandInEightyColumns) {
  EXPECT_EQ(Run({"help"}), 0);
  for (const passpersist::tool::CommandGroup& group :
       passpersist::tool::CommandGroups()) {
    for (const passpersist::tool::Command& command : group.commands) {
      EXPECT_THAT(output(), HasSubstr("\n  " + std::string(command.name)));
    }
  }
  EXPECT_THAT(output(), HasSubstr("PASSPERSIST_SOCKET"));
  EXPECT_THAT(output(), testing::Not(testing::ContainsRegex("[^\n]{81}")));
}

TEST_F(HelpCommandTest, DescribesACommandAndItsFlags) {
  EXPECT_EQ(Run({"help", "stats"}), 0);
  EXPECT_THAT(output(), HasSubstr("passpersist stats\n"));
  EXPECT_THAT(output(), HasSubstr("Percentiles are"));
  EXPECT_THAT(output(), HasSubstr("--interval"));
  EXPECT_THAT(output(), HasSubstr("--socket"));
  EXPECT_THAT(output(), testing::Not(HasSubstr("--pings")));
  EXPECT_EQ(Run({"help", "update"}), 0);
  EXPECT_THAT(output(), testing::Not(HasSubstr("--limit")));
}

TEST_F(HelpCommandTest, EveryCommandHasHelpInEightyColumns) {
  for (const passpersist::tool::CommandGroup& group :
       passpersist::tool::CommandGroups()) {
    for (const passpersist::tool::Command& command : group.commands) {
      EXPECT_EQ(Run({"help", std::string(command.name)}), 0);
      EXPECT_THAT(output(), testing::Not(testing::ContainsRegex("[^\n]{81}")));
    }
  }
}

TEST_F(HelpCommandTest, AnUnknownCommandSuggestsTheNearestOne) {
  EXPECT_EQ(Run({"wlak"}), 2);
  EXPECT_EQ(error(), "unknown command \"wlak\"; did you mean walk?");
  EXPECT_EQ(Run({"help", "stat"}), 2);
  EXPECT_EQ(error(), "unknown command \"stat\"; did you mean stats?");
  EXPECT_EQ(Run({"restart"}), 2);
  EXPECT_EQ(error(), "unknown command \"restart\"; see passpersist help");
  EXPECT_EQ(Run({}), 2);
  EXPECT_EQ(error(), "no command; see passpersist help");
}

}  // namespace
}  // namespace passpersist_testing
