// SPDX-License-Identifier: Apache-2.0

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/passpersist/command/testing/command_fixture.h"
#include "tools/passpersist/text/message_text.h"

namespace passpersist_testing {
namespace {

using passpersist::tool::Format;
using testing::ElementsAre;

using UpdateCommandTest = CommandTest;

TEST_F(UpdateCommandTest, RunsTheUpdateOfTheGivenRoot) {
  Answer("update { root: '.1.3' instances: 300 duration { nanos: 1200000 } }");
  EXPECT_EQ(Run({"update", "1.3"}), 0);
  EXPECT_EQ(output(), ".1.3: 300 instances, updated in 1.20ms\n");
  EXPECT_THAT(
      agent_.requests,
      ElementsAre("run_update { root: \".1.3\" wait { seconds: 600 } }"));
}

TEST_F(UpdateCommandTest, RunsAllUpdates) {
  Answer(
      "description { subtrees { root: '.1.3' period { seconds: 1 } } "
      "subtrees { root: '.1.4' } "
      "subtrees { root: '.1.5' period { seconds: 1 } } }");
  Answer("update { root: '.1.3' status { code: 5 message: 'no file' } }");
  Answer("update { root: '.1.5' instances: 1 duration { nanos: 1000 } }");
  EXPECT_EQ(Run({"update"}), 1);
  EXPECT_EQ(output(), ".1.5: 1 instance, updated in 1.00us\n");
  EXPECT_EQ(errors(),
            "passpersist: update of .1.3 failed: NOT_FOUND: no file\n");
  EXPECT_EQ(error(), "");
  EXPECT_EQ(agent_.requests.size(), 3u);
}

TEST_F(UpdateCommandTest, FailsIfThereAreNoUpdates) {
  Answer("description { subtrees { root: '.1.4' } }");
  EXPECT_EQ(Run({"update"}), 1);
  EXPECT_EQ(error(), "the agent has no subtree with periodic updates");
}

TEST_F(UpdateCommandTest, ARefusalIsAnError) {
  Answer("error: RESOURCE_UNAVAILABLE");
  EXPECT_EQ(Run({"update", ".1.3"}), 1);
  EXPECT_EQ(output(), "");
  EXPECT_EQ(error(), "the agent refused: resourceUnavailable");
}

TEST_F(UpdateCommandTest, JsonHasFailuresToo) {
  options_.format = Format::kJson;
  Answer("update { root: '.1.3' status { code: 5 message: 'no file' } }");
  EXPECT_EQ(Run({"update", ".1.3"}), 1);
  EXPECT_EQ(output(),
            "{\"root\":\".1.3\",\"status\":{\"code\":5,\"message\":\"no "
            "file\"}}\n");
}

}  // namespace
}  // namespace passpersist_testing
