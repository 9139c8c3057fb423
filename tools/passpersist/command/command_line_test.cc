// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/command/command_line.h"

#include <string>
#include <vector>

#include "absl/flags/reflection.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"
#include "tools/passpersist/command/options.h"

namespace passpersist::tool {
namespace {

using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class CommandLineTest : public testing::Test {
 protected:
  static CommandLine Parse(const std::vector<std::string>& arguments) {
    const absl::StatusOr<CommandLine> line = ParseCommandLine(arguments);
    EXPECT_THAT(line, IsOk());
    return line.value_or(CommandLine());
  }

  static std::string Error(const std::vector<std::string>& arguments) {
    const absl::StatusOr<CommandLine> line = ParseCommandLine(arguments);
    EXPECT_THAT(line, StatusIs(absl::StatusCode::kInvalidArgument, testing::_));
    return std::string(line.status().message());
  }

  const absl::FlagSaver flags_;  // each test begins with the defaults
};

TEST_F(CommandLineTest, FlagsMayBeAnywhereBeforeTheProgram) {
  const CommandLine line = Parse({"--format=json", "get", "--limit", "2s",
                                  ".1.3", "--", "prog", "--watch", "--"});
  EXPECT_THAT(line.words, ElementsAre("get", ".1.3"));
  EXPECT_THAT(line.program, ElementsAre("prog", "--watch", "--"));
  EXPECT_THAT(line.flags, ElementsAre("format", "limit"));
  EXPECT_FALSE(line.help);
  const Options options = OptionsFromFlags();
  EXPECT_EQ(options.format, Format::kJson);
  EXPECT_EQ(options.limit, absl::Seconds(2));
  EXPECT_FALSE(options.watch);
}

TEST_F(CommandLineTest, BooleanFlagsTakeNoValueFromTheNextWord) {
  EXPECT_THAT(Parse({"stats", "--watch", "true"}).words,
              ElementsAre("stats", "true"));
  EXPECT_TRUE(OptionsFromFlags().watch);
  EXPECT_THAT(Parse({"--nowatch"}).flags, ElementsAre("watch"));
  EXPECT_FALSE(OptionsFromFlags().watch);
  Parse({"--pings=true"});
  EXPECT_TRUE(OptionsFromFlags().pings);
}

TEST_F(CommandLineTest, NegativeNumbersAreArguments) {
  EXPECT_THAT(Parse({"set", ".1.3", "i", "-5"}).words,
              ElementsAre("set", ".1.3", "i", "-5"));
}

TEST_F(CommandLineTest, HelpFlagMayBeAnywhere) {
  EXPECT_TRUE(Parse({"--help"}).help);
  EXPECT_TRUE(Parse({"walk", "-h"}).help);
  EXPECT_FALSE(Parse({"exec", "--", "prog", "--help"}).help);
}

TEST_F(CommandLineTest, AnEmptyLineIsNotAnError) {
  EXPECT_THAT(Parse({}).words, IsEmpty());
}

TEST_F(CommandLineTest, ErrorsNameTheFlagAndTheNearestOne) {
  EXPECT_EQ(Error({"--fromat=json"}),
            "unknown flag --fromat; did you mean --format?");
  EXPECT_EQ(Error({"--quite-different"}),
            "unknown flag --quite-different; see passpersist help");
  EXPECT_EQ(Error({"--nosocket"}),
            "unknown flag --nosocket; did you mean --socket?");
  EXPECT_THAT(
      Error({"--format=xml"}),
      HasSubstr("--format can't be \"xml\": text, or for programs json"));
  EXPECT_THAT(Error({"--limit=\x1b"}), HasSubstr("can't be \"\\x1b\""));
  EXPECT_THAT(Error({"--socket"}), HasSubstr("--socket needs a value"));
  EXPECT_EQ(Error({"exec", "--"}), "no program after --");
}

TEST_F(CommandLineTest, EveryFlagHasHelp) {
  for (const absl::string_view name : FlagNames()) {
    const absl::CommandLineFlag* const flag = absl::FindCommandLineFlag(name);
    ASSERT_NE(flag, nullptr) << name;
    EXPECT_THAT(flag->Help(), testing::Not(IsEmpty())) << name;
  }
}

TEST(SplitWordsTest, SplitsAsAShellDoes) {
  EXPECT_THAT(SplitWords(" get  .1.3\t.1.4 \n").value(),
              ElementsAre("get", ".1.3", ".1.4"));
  EXPECT_THAT(SplitWords("s \"two words\" 'a \"b\" \\' x\"y\"z \"\"").value(),
              ElementsAre("s", "two words", "a \"b\" \\", "xyz", ""));
  EXPECT_THAT(SplitWords("a\\ b \"\\\"\"").value(), ElementsAre("a b", "\""));
  EXPECT_THAT(SplitWords("  ").value(), IsEmpty());
}

TEST(SplitWordsTest, AnUnterminatedQuoteIsAnError) {
  EXPECT_THAT(SplitWords("set 'x"), StatusIs(absl::StatusCode::kInvalidArgument,
                                             "unterminated quote: set 'x"));
}

}  // namespace
}  // namespace passpersist::tool
