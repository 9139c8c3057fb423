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

using DescribeCommandTest = CommandTest;

constexpr char kAnswer[] = R"(
  id: 1
  description {
    program: '/usr/lib/agent'
    pid: 123
    started { seconds: 1000000000 }
    codec: 'passpersist::PassPersistCodec'
    subtrees {
      root: '.1.3'
      store: 'passpersist::BtreeStore'
      period { seconds: 10 }
    }
    subtrees { root: '.1.4.10' store: 'passpersist::TrieStore' }
    setters: '.1.3.1'
  })";

TEST_F(DescribeCommandTest, PrintsThePartsOfTheAgent) {
  Answer(kAnswer);
  EXPECT_EQ(Run({"describe"}), 0);
  EXPECT_EQ(output(),
            "program  /usr/lib/agent\n"
            "pid      123\n"
            "started  2001-09-09 01:46:40 UTC\n"
            "codec    passpersist::PassPersistCodec\n"
            "\n"
            "SUBTREE  UPDATED         STORE\n"
            ".1.3     every 10.0s     passpersist::BtreeStore\n"
            ".1.4.10  by the program  passpersist::TrieStore\n"
            "\n"
            "SETTER\n"
            ".1.3.1\n");
  EXPECT_THAT(agent_.requests, ElementsAre("describe { }"));
}

TEST_F(DescribeCommandTest, TextFormatCanBeReadBack) {
  options_.format = Format::kTextProto;
  Answer(kAnswer);
  EXPECT_EQ(Run({"describe"}), 0);
  const auto read = FromText<passpersist::debug::Description>(output());
  EXPECT_EQ(read.subtrees_size(), 2);
  EXPECT_EQ(read.pid(), 123);
}

TEST_F(DescribeCommandTest, ARefusalIsAnError) {
  Answer("error: GEN_ERR");
  EXPECT_EQ(Run({"describe"}), 1);
  EXPECT_EQ(output(), "");
  EXPECT_EQ(error(), "the agent refused: genErr");
}

TEST_F(DescribeCommandTest, AProgramDoesNotSupportIt) {
  agent_.answers.push_back(absl::UnimplementedError(
      "a pass_persist program doesn't support describe"));
  EXPECT_EQ(Run({"describe"}), 1);
  EXPECT_EQ(error(), "a pass_persist program doesn't support describe");
}

}  // namespace
}  // namespace passpersist_testing
