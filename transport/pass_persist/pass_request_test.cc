// SPDX-License-Identifier: Apache-2.0

#include "transport/pass_persist/pass_request.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/transport.h"

namespace passpersist {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The arguments of a program.
class Arguments {
 public:
  explicit Arguments(std::vector<std::string> arguments)
      : text_(std::move(arguments)) {
    text_.insert(text_.begin(), "program");
    for (std::string& argument : text_) argv_.push_back(argument.data());
    argv_.push_back(nullptr);
    argc_ = static_cast<int>(text_.size());
  }

  std::optional<PassRequest> Take() {
    return PassRequest::Take(&argc_, argv_.data());
  }

  // The arguments that are left.
  std::vector<std::string> Left() const {
    EXPECT_EQ(argv_[argc_], nullptr);
    return std::vector<std::string>(argv_.begin() + 1, argv_.begin() + argc_);
  }

 private:
  std::vector<std::string> text_;
  std::vector<char*> argv_;
  int argc_;
};

// The message for the agent, or what the program prints without one.
std::string Request(std::vector<std::string> arguments) {
  const std::optional<PassRequest> request =
      Arguments(std::move(arguments)).Take();
  if (!request) return "not a request";
  if (!request->needs_agent()) return request->AnswerFor("");
  std::string reply;
  const std::unique_ptr<Transport> transport = request->Connect(&reply);
  std::string message;
  EXPECT_TRUE(transport->Read(&message, absl::InfiniteDuration()).ok());
  return message;
}

std::string Set(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"-s", ".1.3"});
  return Request(std::move(arguments));
}

TEST(PassRequestTest, IsAMessageOfPassPersist) {
  EXPECT_EQ(Request({"-g", ".1.3.6.1"}), "get\n.1.3.6.1\n");
  EXPECT_EQ(Request({"-n", ".1.3.6.1"}), "getnext\n.1.3.6.1\n");
  EXPECT_EQ(Set({"integer", "-5"}), "set\n.1.3\ninteger -5\n");
  EXPECT_EQ(Set({"ipaddress", "10.0.0.1"}), "set\n.1.3\nipaddress 10.0.0.1\n");
  EXPECT_EQ(Set({"objectid", ".1.3"}), "set\n.1.3\nobjectid \".1.3\"\n");
  EXPECT_EQ(Set({"octet", "00 ff"}), "set\n.1.3\noctet \"00 ff\"\n");
  EXPECT_EQ(Set({"string", "a  b "}), "set\n.1.3\nstring \"a  b \"\n");
  EXPECT_EQ(Set({"string", ""}), "set\n.1.3\nstring \"\"\n");
  EXPECT_EQ(Set({"string", "-g"}), "set\n.1.3\nstring \"-g\"\n");
}

TEST(PassRequestTest, IsTakenFromTheEndOfTheArguments) {
  Arguments get({"file", "-g", "x", "-g", ".1.3"});
  EXPECT_TRUE(get.Take().has_value());
  EXPECT_THAT(get.Left(), ElementsAre("file", "-g", "x"));
  Arguments set({"file", "-v", "-s", ".1.3", "string", "a b"});
  EXPECT_TRUE(set.Take().has_value());
  EXPECT_THAT(set.Left(), ElementsAre("file", "-v"));
}

TEST(PassRequestTest, LeavesOtherArgumentsAlone) {
  const std::vector<std::string> others[] = {
      {},
      {"-g"},
      {".1.3"},
      {"-g", "1.3"},
      {"-n", "5"},
      {"-g", ".1.3.x"},
      {"-g", ".1.3", "-v"},
      {"-x", ".1.3"},
      {"-s", "1.3", "integer", "5"},
      {"-s", "file"},
      {"-s"},
  };
  for (const std::vector<std::string>& arguments : others) {
    Arguments line(arguments);
    EXPECT_FALSE(line.Take().has_value());
    EXPECT_EQ(line.Left(), arguments);
  }
}

// snmpd takes the end of a program without output for a success.
TEST(PassRequestTest, ASetInAnyFormIsARequest) {
  EXPECT_EQ(Set({}), "set\n.1.3\n \n");
  EXPECT_EQ(Set({"integer"}), "set\n.1.3\ninteger \n");
  EXPECT_EQ(Set({"?"}), "set\n.1.3\n? \n");
}

TEST(PassRequestTest, AValueWithAQuoteHasTheWrongEncoding) {
  EXPECT_EQ(Set({"string", "a  b ", "c\""}), "wrong-encoding\n");
  EXPECT_EQ(Set({"string", "", "c\""}), "wrong-encoding\n");
  EXPECT_EQ(Set({"string", "a\"b"}), "wrong-encoding\n");
  EXPECT_EQ(Set({"string", "a\"\n"}), "wrong-encoding\n");
  EXPECT_EQ(Set({"string", "a", "-g", ".1.3"}), "wrong-encoding\n");
}

TEST(PassRequestTest, ACommandOfTheLengthOfSnmpdsBufferMayBeCut) {
  const size_t rest = std::string("program -s .1.3 string ").size();
  const std::string longest(1021 - rest, 'x');
  EXPECT_EQ(Set({"string", longest}),
            absl::StrCat("set\n.1.3\nstring \"", longest, "\"\n"));
  EXPECT_EQ(Set({"string", longest + "x"}), "wrong-length\n");

  std::string name = ".1.3";
  while (name.size() < 1011) absl::StrAppend(&name, ".4294967295");
  EXPECT_EQ(Request({"-g", name}), "");
}

// --- Answers ---

std::string Answer(std::vector<std::string> arguments, std::string reply) {
  return Arguments(std::move(arguments)).Take()->AnswerFor(reply);
}

TEST(PassRequestTest, TheAnswerHasTheLinesOfPassPersist) {
  EXPECT_EQ(Answer({"-g", ".1.3"}, ".1.3\nINTEGER\n5\n"), ".1.3\nINTEGER\n5\n");
  EXPECT_EQ(Answer({"-n", ".1.3"}, ".1.3\nOCTET\n\n"), ".1.3\nOCTET\n\n");
  EXPECT_EQ(Answer({"-g", ".1.3"}, ".1.3\nSTRING\nnull\n"),
            ".1.3\nSTRING\nnull\n");
  EXPECT_EQ(Answer({"-s", ".1.3", "integer", "5"}, "DONE\n"), "DONE\n");
  EXPECT_EQ(Answer({"-s", ".1.3", "integer", "5"}, "wrong-value\n"),
            "wrong-value\n");
}

TEST(PassRequestTest, AnAbsentInstanceHasNoAnswer) {
  EXPECT_THAT(Answer({"-g", ".1.3"}, "NONE\n"), IsEmpty());
  EXPECT_THAT(Answer({"-n", ".1.3"}, "NONE\n"), IsEmpty());
  EXPECT_THAT(Answer({"-g", ".1.3"}, ".1.3\nnull\n\n"), IsEmpty());
  EXPECT_THAT(Answer({"-g", ".1.3"}, ""), IsEmpty());
}

TEST(PassRequestTest, ASetWithoutAReplyHasFailed) {
  EXPECT_EQ(Answer({"-s", ".1.3", "integer", "5"}, ""), "gen-error\n");
}

TEST(PassRequestTest, TheTransportEndsAfterTheMessage) {
  std::string reply;
  const std::unique_ptr<Transport> transport =
      Arguments({"-g", ".1.3"}).Take()->Connect(&reply);
  std::string message;
  EXPECT_EQ(*transport->Read(&message, absl::InfiniteDuration()), 9u);
  EXPECT_EQ(message, "get\n.1.3\n");
  EXPECT_EQ(*transport->Read(&message, absl::InfiniteDuration()), 0u);
  EXPECT_TRUE(transport->Write("NO").ok());
  EXPECT_TRUE(transport->Write("NE\n").ok());
  EXPECT_EQ(reply, "NONE\n");
}

}  // namespace
}  // namespace passpersist
