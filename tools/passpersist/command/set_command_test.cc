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
using testing::HasSubstr;
using testing::IsEmpty;

using SetCommandTest = CommandTest;

TEST_F(SetCommandTest, PrintsWhatIsServedThen) {
  Answer("id: 7");
  Answer("id: 8 bindings { oid: '.1.3.1' integer: 1 }");
  EXPECT_EQ(Run({"set", ".1.3.1", "i", "-5"}), 0);
  EXPECT_EQ(output(), ".1.3.1 = INTEGER: 1\n");
  EXPECT_THAT(agent_.requests,
              ElementsAre("set { bindings { oid: \".1.3.1\" integer: -5 } }",
                          "get { oids: \".1.3.1\" }"));
}

TEST_F(SetCommandTest, JsonIsTheResponse) {
  options_.format = Format::kJson;
  Answer("id: 7");
  EXPECT_EQ(Run({"set", ".1.3.1", "i", "-5"}), 0);
  EXPECT_EQ(output(), "{}\n");
  EXPECT_EQ(agent_.requests.size(), 1u);
}

TEST_F(SetCommandTest, ARefusalNamesTheError) {
  Answer("error: WRONG_VALUE error_index: 1");
  EXPECT_EQ(Run({"set", ".1.3.1", "string", "two words"}), 1);
  EXPECT_EQ(error(), "the agent refused: wrongValue for .1.3.1");
  EXPECT_EQ(output(), "");
}

TEST_F(SetCommandTest, JsonIsTheResponseAlsoForARefusal) {
  options_.format = Format::kJson;
  Answer("error: WRONG_VALUE error_index: 1");
  EXPECT_EQ(Run({"set", ".1.3.1", "s", ""}), 1);
  EXPECT_EQ(output(), "{\"error\":\"WRONG_VALUE\",\"error_index\":1}\n");
}

TEST_F(SetCommandTest, InvalidArgumentsSendNoRequest) {
  EXPECT_EQ(Run({"set", ".1.3.1", "i", "five"}), 2);
  EXPECT_THAT(error(), HasSubstr("\"five\" is not a number"));
  EXPECT_EQ(Run({"set", ".1.3.1", "i"}), 2);
  EXPECT_EQ(error(), "usage: passpersist set OID TYPE VALUE");
  EXPECT_THAT(agent_.requests, IsEmpty());
}

}  // namespace
}  // namespace passpersist_testing
