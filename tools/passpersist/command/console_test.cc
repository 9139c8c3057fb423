// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/command/console.h"

#include <sstream>
#include <string>

#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"

namespace passpersist::tool {
namespace {

using passpersist_testing::IsOk;

class ConsoleTest : public testing::Test {
 protected:
  ConsoleTest() : console_(&output_, &errors_, Options()) {}

  Console::Options Options() {
    Console::Options options;
    options.terminal = true;
    options.size = [this] { return size_; };
    return options;
  }

  // Returns what PrintInPlace(text) sends to a terminal of this size.
  std::string InPlace(const std::string& text) {
    output_.str("");
    EXPECT_THAT(console_.PrintInPlace(text), IsOk());
    return output_.str();
  }

  TerminalSize size_;
  std::ostringstream output_;
  std::ostringstream errors_;
  Console console_;
};

TEST_F(ConsoleTest, PrintsInPlaceOfThePreviousText) {
  EXPECT_EQ(InPlace("a\nb\n"), "\x1b[2J\x1b[H\x1b[Ka\n\x1b[Kb\n\x1b[J");
  EXPECT_EQ(InPlace("c\n"), "\x1b[H\x1b[Kc\n\x1b[J");
}

TEST_F(ConsoleTest, CutsWhatDoesNotFitTheTerminal) {
  (void)InPlace("");
  size_ = {3, 5};
  EXPECT_EQ(InPlace("12345\n123456\nnot seen\n"),
            "\x1b[H\x1b[K12345\n\x1b[K1234…\n\x1b[J");
}

TEST_F(ConsoleTest, ReadsTheTerminalSizeEachTime) {
  (void)InPlace("");
  size_ = {3, 5};
  EXPECT_EQ(InPlace("1234567\n"), "\x1b[H\x1b[K1234…\n\x1b[J");
  size_ = {3, 6};
  EXPECT_EQ(InPlace("1234567\n"), "\x1b[H\x1b[K12345…\n\x1b[J");
}

TEST_F(ConsoleTest, CutsBetweenCharactersAndKeepsStyles) {
  (void)InPlace("");
  size_ = {3, 3};
  EXPECT_EQ(InPlace("äöü\n"), "\x1b[H\x1b[Käöü\n\x1b[J");
  EXPECT_EQ(InPlace("äöüß\n"), "\x1b[H\x1b[Käö…\n\x1b[J");
  EXPECT_EQ(InPlace("\x1b[31mred\x1b[0m\n"),
            "\x1b[H\x1b[K\x1b[31mred\x1b[0m\n\x1b[J");
  EXPECT_EQ(InPlace("\x1b[1mbold\x1b[0m\n"),
            "\x1b[H\x1b[K\x1b[1mbo…\x1b[0m\n\x1b[J");
}

}  // namespace
}  // namespace passpersist::tool
