// SPDX-License-Identifier: Apache-2.0

#include <string>

#include "absl/status/status.h"
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

using ReadCommandTest = CommandTest;

TEST_F(ReadCommandTest, GetPrintsALineForEachName) {
  Answer(
      "id: 7 bindings { oid: '.1.3.1' integer: 5 } "
      "bindings { oid: '.1.3.2' exception: NO_SUCH_INSTANCE }");
  EXPECT_EQ(Run({"get", "1.3.1", ".1.3.2"}), 0);
  EXPECT_EQ(output(),
            ".1.3.1 = INTEGER: 5\n"
            ".1.3.2 = No Such Instance currently exists at this OID\n");
  EXPECT_THAT(
      agent_.requests,
      ElementsAre(
          "instance_info: true get { oids: \".1.3.1\" oids: \".1.3.2\" }"));
}

TEST_F(ReadCommandTest, GetNextPrintsTheInstanceAfterTheName) {
  Answer("bindings { oid: '.1.3.2' octet_string: 'eth0' }");
  EXPECT_EQ(Run({"getnext", ".1.3.1"}), 0);
  EXPECT_EQ(output(), ".1.3.2 = STRING: \"eth0\"\n");
  EXPECT_THAT(
      agent_.requests,
      ElementsAre(
          "instance_info: true get_next { ranges { start: \".1.3.1\" } }"));
}

TEST_F(ReadCommandTest, LabelsFollowTheirValues) {
  Answer(
      "entries { binding { oid: '.1.3.1' integer: 5 } label: 'a \\007 label' } "
      "entries { binding { oid: '.1.3.2' exception: NO_SUCH_INSTANCE } }");
  EXPECT_EQ(Run({"get", "1.3.1", ".1.3.2"}), 0);
  EXPECT_EQ(output(),
            ".1.3.1 = INTEGER: 5  (a \\x07 label)\n"
            ".1.3.2 = No Such Instance currently exists at this OID\n");
  Answer("entries { binding { oid: '.1.3.1' integer: 5 } label: 'one' }");
  Answer("");
  EXPECT_EQ(Run({"walk", ".1.3"}), 0);
  EXPECT_EQ(output(), ".1.3.1 = INTEGER: 5  (one)\n");
}

TEST_F(ReadCommandTest, JsonIsTheResponseItself) {
  options_.format = Format::kJson;
  Answer("id: 7 bindings { oid: '.1.3.1' integer: 5 }");
  EXPECT_EQ(Run({"get", ".1.3.1"}), 0);
  EXPECT_EQ(output(), "{\"bindings\":[{\"oid\":\".1.3.1\",\"integer\":5}]}\n");
}

TEST_F(ReadCommandTest, ARefusalNamesTheErrorAndTheName) {
  Answer("error: GEN_ERR error_index: 2");
  EXPECT_EQ(Run({"get", ".1.3.1", ".1.3.2"}), 1);
  EXPECT_EQ(error(), "the agent refused: genErr for .1.3.2");
}

TEST_F(ReadCommandTest, AnInvalidOidIsAnErrorOfTheCommandLine) {
  for (const std::string command : {"get", "getnext", "walk", "dump"}) {
    EXPECT_EQ(Run({command, "1..3"}), 2) << command;
    EXPECT_THAT(error(), HasSubstr("\"1..3\""));
  }
  EXPECT_THAT(agent_.requests, IsEmpty());
}

TEST_F(ReadCommandTest, WithoutAnAnswerTheExitStatusIsThree) {
  EXPECT_EQ(Run({"get", ".1.3"}), 3);
  EXPECT_EQ(error(), "the agent closed the connection");
  connect_status_ = absl::InvalidArgumentError("no agent listens");
  EXPECT_EQ(Run({"get", ".1.3"}), 3);
  EXPECT_EQ(error(), "no agent listens");
}

TEST_F(ReadCommandTest, ARequestThatAnOldAgentDoesNotKnowIsARefusal) {
  agent_.answers.push_back(absl::InvalidArgumentError("unknown fields: 99"));
  EXPECT_EQ(Run({"get", ".1.3"}), 1);
}

TEST_F(ReadCommandTest, NeedsASocketOrAProgram) {
  options_.socket = "";
  EXPECT_EQ(Run({"get", ".1.3"}), 2);
  EXPECT_THAT(error(), HasSubstr("--socket=PATH or PASSPERSIST_SOCKET"));
}

TEST_F(ReadCommandTest, WalkRequestsPagesUntilTheEndOfTheSubtree) {
  Answer(
      "bindings { oid: '.1.3.1' integer: 5 } "
      "bindings { oid: '.1.3.2' integer: 6 }");
  Answer("bindings { oid: '.1.3.2' exception: END_OF_MIB_VIEW }");
  EXPECT_EQ(Run({"walk", ".1.3"}), 0);
  EXPECT_EQ(output(), ".1.3.1 = INTEGER: 5\n.1.3.2 = INTEGER: 6\n");
  EXPECT_THAT(
      agent_.requests,
      ElementsAre(
          "instance_info: true get_bulk { max_repetitions: 64 ranges { start: "
          "\".1.3\" inclusive: true end: \".1.4\" } }",
          "instance_info: true get_bulk { max_repetitions: 64 ranges { start: "
          "\".1.3.2\" end: \".1.4\" } }"));
}

TEST_F(ReadCommandTest, AnEmptyWalkPrintsANote) {
  Answer("bindings { exception: END_OF_MIB_VIEW }");
  EXPECT_EQ(Run({"walk", ".1.3"}), 0);
  EXPECT_EQ(output(), "");
  EXPECT_EQ(errors(), "passpersist: nothing at or below .1.3\n");
}

TEST_F(ReadCommandTest, WalkInTextFormatIsALineForEachInstance) {
  options_.format = Format::kTextProto;
  Answer(
      "bindings { oid: '.1.3.1' integer: 5 } "
      "bindings { oid: '.1.3.2' integer: 6 } "
      "bindings { exception: END_OF_MIB_VIEW }");
  EXPECT_EQ(Run({"walk"}), 0);
  EXPECT_EQ(output(),
            "oid: \".1.3.1\" integer: 5\noid: \".1.3.2\" integer: 6\n");
}

TEST_F(ReadCommandTest, AClosedOutputIsNotAnError) {
  output_.setstate(std::ios::badbit);
  Answer("bindings { oid: '.1.3.1' integer: 5 }");
  EXPECT_EQ(Run({"walk"}), 0);
  EXPECT_EQ(agent_.requests.size(), 1u);
}

}  // namespace
}  // namespace passpersist_testing
