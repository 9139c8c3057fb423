// SPDX-License-Identifier: Apache-2.0

#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/passpersist/command/testing/command_fixture.h"
#include "tools/passpersist/text/message_text.h"
#include "transport/debug/debug.pb.h"
#include "transport/debug/testing/debug_test_messages.h"

namespace passpersist_testing {
namespace {

using passpersist::tool::Format;
using testing::ElementsAre;
using testing::HasSubstr;

class DumpCommandTest : public CommandTest {
 protected:
  void Add(const std::string& entry) {
    agent_.entries.push_back(FromText<passpersist::debug::DumpEntry>(entry));
  }
};

TEST_F(DumpCommandTest, AlignsValuesWithTheirLabelAgeAndSubtree) {
  Add("binding { oid: '.1.3.1.1' integer: 5 } label: 'five' root: '.1.3' "
      "age { seconds: 3 }");
  Add("binding { oid: '.1.3.2.0' octet_string: 'a' } root: '.1.3' computed: "
      "true "
      "age { seconds: 3 }");
  Add("binding { oid: '.1.4.10' counter64: 1 } label: '\\033[2J' root: '.1.4'");
  EXPECT_EQ(Run({"dump"}), 0);
  EXPECT_EQ(output(),
            "OID       TYPE       VALUE  LABEL    AGE       SUBTREE\n"
            ".1.3.1.1  INTEGER    5      five     3.00s     .1.3\n"
            ".1.3.2.0  STRING     \"a\"             computed  .1.3\n"
            ".1.4.10   Counter64  1      \\x1b[2J            .1.4\n");
  EXPECT_THAT(agent_.requests, ElementsAre("dump { range { } }"));
}

TEST_F(DumpCommandTest, RequestsOnlyTheSubtree) {
  EXPECT_EQ(Run({"dump", ".1.3.1"}), 0);
  EXPECT_EQ(output(), "");
  EXPECT_THAT(agent_.requests,
              ElementsAre("dump { range { start: \".1.3.1\" inclusive: true "
                          "end: \".1.3.2\" } }"));
}

TEST_F(DumpCommandTest, AProgramHasOnlyNamesAndValues) {
  program_ = {"program"};
  Add("binding { oid: '.1.3' integer: 5 }");
  EXPECT_EQ(Run({"dump"}), 0);
  EXPECT_EQ(output(), "OID   TYPE     VALUE\n.1.3  INTEGER  5\n");
}

TEST_F(DumpCommandTest, PrintsLongDumpsInBlocks) {
  for (int i = 1; i <= 1000; ++i) {
    Add("binding { oid: '.1." + std::to_string(i) + "' integer: 5 }");
  }
  agent_.dump_end = absl::UnavailableError("the agent closed the connection");
  EXPECT_EQ(Run({"dump"}), 3);
  EXPECT_THAT(output(), HasSubstr("\n.1.256  INTEGER  5\n"));
  EXPECT_THAT(output(), HasSubstr("\n.1.1000  INTEGER  5\n"));
}

TEST_F(DumpCommandTest, JsonIsALineForEachEntry) {
  options_.format = Format::kJson;
  Add("binding { oid: '.1.3' integer: 5 } label: 'five'");
  Add("binding { oid: '.1.4' integer: 6 }");
  EXPECT_EQ(Run({"dump"}), 0);
  EXPECT_EQ(output(),
            "{\"binding\":{\"oid\":\".1.3\",\"integer\":5},\"label\":\"five\"}"
            "\n{\"binding\":{\"oid\":\".1.4\",\"integer\":6}}\n");
}

}  // namespace
}  // namespace passpersist_testing
