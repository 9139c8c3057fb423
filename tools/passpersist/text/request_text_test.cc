// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/text/request_text.h"

#include <string>

#include "gtest/gtest.h"
#include "transport/debug/debug.pb.h"
#include "transport/debug/testing/debug_test_messages.h"

namespace passpersist::tool {
namespace {

using passpersist_testing::FromText;

std::string Text(const std::string& request) {
  return TextOf(FromText<debug::Request>(request)).ToString();
}

TEST(RequestTextTest, HasTheNamesOfReadRequests) {
  EXPECT_EQ(Text("get { oids: '.1.3.1' oids: '.1.3.2' }"),
            "get .1.3.1, .1.3.2");
  EXPECT_EQ(Text("get_next { ranges { start: '.1.3' } ranges { } }"),
            "getnext .1.3, .");
}

TEST(RequestTextTest, HasTheRepetitionsOfAGetBulk) {
  EXPECT_EQ(Text("get_bulk { max_repetitions: 10 ranges { start: '.1.3' } }"),
            "getbulk .1.3 ×10");
  EXPECT_EQ(Text("get_bulk { non_repeaters: 1 max_repetitions: 10 "
                 "ranges { start: '.1.3' } ranges { start: '.1.4' } "
                 "ranges { } }"),
            "getbulk .1.3, .1.4 ×10, . ×10");
  EXPECT_EQ(Text("get_bulk { non_repeaters: 4000000000 max_repetitions: 10 "
                 "ranges { start: '.1.3' } }"),
            "getbulk .1.3");
}

TEST(RequestTextTest, HasTheBindingsAndThePhaseOfASet) {
  EXPECT_EQ(Text("set { bindings { oid: '.1.3' integer: 5 } "
                 "bindings { oid: '.1.4' gauge32: 6 } }"),
            "set .1.3 = INTEGER: 5, .1.4 = Gauge32: 6");
  EXPECT_EQ(Text("test_set { bindings { oid: '.1.3' integer: 5 } }"),
            "testset .1.3 = INTEGER: 5");
  EXPECT_EQ(Text("commit_set { }"), "commitset");
  EXPECT_EQ(Text("undo_set { }"), "undoset");
  EXPECT_EQ(Text("cleanup_set { }"), "cleanupset");
}

TEST(RequestTextTest, AnOperationOfANewerAgentIsUnknown) {
  EXPECT_EQ(Text(""), "unknown");
}

TEST(RequestTextTest, NamesCanNotControlTheTerminal) {
  EXPECT_EQ(Text("get { oids: '\033[2J' }"), "get \\x1b[2J");
  EXPECT_EQ(Text("get_next { ranges { start: '\033' } }"), "getnext \\x1b");
}

}  // namespace
}  // namespace passpersist::tool
