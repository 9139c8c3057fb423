// SPDX-License-Identifier: Apache-2.0

#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/passpersist/command/testing/command_fixture.h"

namespace passpersist_testing {
namespace {

using testing::HasSubstr;

class ExecCommandTest : public CommandTest {
 protected:
  ExecCommandTest() {
    options_.socket = "";
    program_ = {"program"};
  }
};

TEST_F(ExecCommandTest, RunsACommandOnTheProgram) {
  Answer("bindings { oid: '.1.3.1' integer: 5 }");
  EXPECT_EQ(Run({"exec", "get", ".1.3.1"}), 0);
  EXPECT_EQ(output(), ".1.3.1 = INTEGER: 5\n");
}

TEST_F(ExecCommandTest, ReadsCommandsLineByLine) {
  input_ = "get .1.3.1\n\nset .1.3.1 s 'two words'\nquit\nget .1.3.2\n";
  Answer("bindings { oid: '.1.3.1' integer: 5 }");
  Answer("");
  Answer("bindings { oid: '.1.3.1' octet_string: 'two words' }");
  EXPECT_EQ(Run({"exec"}), 0);
  EXPECT_EQ(output(), ".1.3.1 = INTEGER: 5\n.1.3.1 = STRING: \"two words\"\n");
  EXPECT_EQ(agent_.requests.size(), 3u);
}

TEST_F(ExecCommandTest, ContinuesAfterAnErrorAndReturnsTheWorst) {
  input_ = "gte .1.3.1\nset .1.3.1 i 5\nget 'x\nget .1.3.1\n";
  Answer("error: NOT_WRITABLE error_index: 1");
  Answer("bindings { oid: '.1.3.1' integer: 5 }");
  EXPECT_EQ(Run({"exec"}), 2);
  EXPECT_EQ(output(), ".1.3.1 = INTEGER: 5\n");
  EXPECT_EQ(errors(),
            "passpersist: unknown command \"gte\"; did you mean get?\n"
            "passpersist: the agent refused: notWritable for .1.3.1\n"
            "passpersist: unterminated quote: get 'x\n");
  EXPECT_EQ(error(), "");
}

TEST_F(ExecCommandTest, PromptsOnlyAtATerminal) {
  input_ = "quit\n";
  EXPECT_EQ(Run({"exec"}), 0);
  EXPECT_EQ(output(), "");
  prompt_ = true;
  EXPECT_EQ(Run({"exec"}), 0);
  EXPECT_EQ(output(), "passpersist> ");
  input_ = "";
  EXPECT_EQ(Run({"exec"}), 0);
  EXPECT_EQ(output(), "passpersist> \n");
}

TEST_F(ExecCommandTest, NeedsAProgramThatCanBeStarted) {
  connect_status_ = absl::NotFoundError("can't start program");
  EXPECT_EQ(Run({"exec"}), 3);
  EXPECT_EQ(error(), "can't start program");
  program_.clear();
  EXPECT_EQ(Run({"exec", "get", ".1.3"}), 2);
  EXPECT_EQ(error(), "no program given: exec ... -- PROGRAM");
}

TEST_F(ExecCommandTest, CheckReadsItsOptionsBeforeItStartsTheProgram) {
  options_.set = ".1.3.1=i";
  EXPECT_EQ(Run({"check"}), 2);
  EXPECT_EQ(error(), "--set=.1.3.1=i does not have the form OID=TYPE=VALUE");
  options_.set = ".1.3.1=C=5";
  EXPECT_EQ(Run({"check"}), 2);
  EXPECT_THAT(error(), HasSubstr("Counter64"));
  options_.base = "x";
  EXPECT_EQ(Run({"check"}), 2);
  program_.clear();
  EXPECT_EQ(Run({"check"}), 2);
  EXPECT_EQ(error(), "no program given: check -- PROGRAM");
}

}  // namespace
}  // namespace passpersist_testing
