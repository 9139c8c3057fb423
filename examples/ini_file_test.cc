// SPDX-License-Identifier: Apache-2.0

#include "examples/ini_file.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"

namespace examples {
namespace {

using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;
using testing::ElementsAre;
using testing::IsEmpty;

// Returns "[section] key=value" for each setting.
std::vector<std::string> Settings(const std::string& text) {
  const absl::StatusOr<IniFile> file = IniFile::Parse(text, "file");
  EXPECT_THAT(file, IsOk());
  std::vector<std::string> settings;
  if (!file.ok()) return settings;
  for (const IniFile::Setting& setting : file->settings()) {
    settings.push_back(absl::StrCat("[", setting.section, "] ", setting.key,
                                    "=", setting.value));
  }
  return settings;
}

// Returns `text` with another value for the `i`-th setting.
std::string With(const std::string& text, size_t i, const std::string& value) {
  const absl::StatusOr<IniFile> file = IniFile::Parse(text, "file");
  EXPECT_THAT(file, IsOk());
  return file.ok() ? file->TextWith(file->settings()[i], value) : "";
}

void ExpectError(const std::string& text, const std::string& message) {
  EXPECT_THAT(IniFile::Parse(text, "dir/file.ini"),
              StatusIs(absl::StatusCode::kDataLoss, message));
}

TEST(IniFileTest, HasTheSettingsInTheOrderOfTheirLines) {
  EXPECT_THAT(Settings("z = 0\n"
                       "[voip]\n"
                       "port = 5060\n"
                       "host = 10.0.0.1\n"
                       "[mail]\n"
                       "port = 25\n"
                       "[voip]\n"
                       "codec = g711\n"),
              ElementsAre("[] z=0", "[voip] port=5060", "[voip] host=10.0.0.1",
                          "[mail] port=25", "[voip] codec=g711"));
}

TEST(IniFileTest, IgnoresBlanksAroundNamesAndValues) {
  EXPECT_THAT(Settings(" [ a b ]\t\r\n"
                       "\tkey one =  value  one \t\r\n"
                       "tight=value\n"
                       "empty =\n"
                       "blank = \r\n"),
              ElementsAre("[a b] key one=value  one", "[a b] tight=value",
                          "[a b] empty=", "[a b] blank="));
}

TEST(IniFileTest, AValueIsEverythingAfterTheFirstEqualsSign) {
  EXPECT_THAT(Settings("a = b = c ; no comment # either\n"
                       "b = \"quoted\"\n"
                       "c = [x]\n"
                       "d = back\\slash \\\n"),
              ElementsAre("[] a=b = c ; no comment # either", "[] b=\"quoted\"",
                          "[] c=[x]", "[] d=back\\slash \\"));
}

TEST(IniFileTest, SkipsCommentsAndBlankLines) {
  EXPECT_THAT(Settings("# a = 1\n; [b]\n \t# c\n\n \t\n\r\n"), IsEmpty());
  EXPECT_THAT(Settings(""), IsEmpty());
  EXPECT_THAT(Settings("[section without settings]"), IsEmpty());
}

TEST(IniFileTest, NamesTheLineThatItCannotParse) {
  ExpectError("[a]\n\nport 5060\n",
              "dir/file.ini:3: neither section, setting nor comment: "
              "\"port 5060\"");
  for (const std::string line : {"[", "[]", "[ ]", "]", "[a", "a]", "=", " = 1",
                                 "[a] = 1", "[a = 1", "\xef\xbb\xbf[a]"}) {
    EXPECT_THAT(IniFile::Parse(line, "file"),
                StatusIs(absl::StatusCode::kDataLoss,
                         testing::StartsWith("file:1: neither ")))
        << line;
  }
}

TEST(IniFileTest, NamesTheSettingThatOccursTwice) {
  ExpectError("[a]\nkey = 1\n[b]\nkey = 2\n[a]\nkey = 3\n",
              "dir/file.ini:6: set in line 2 already: \"key = 3\"");
}

TEST(IniFileTest, EscapesUnprintableBytesInItsErrors) {
  ExpectError("\x1b[2J\n",
              "dir/file.ini:1: neither section, setting nor comment: "
              "\"\\x1b[2J\"");
}

TEST(IniFileTest, ChangesNothingButTheValue) {
  EXPECT_EQ(
      With("; port\n\n[a] \r\n\tport\t=  5060 \t\r\nhost=h\n# end", 0, "5061"),
      "; port\n\n[a] \r\n\tport\t=  5061 \t\r\nhost=h\n# end");
  EXPECT_EQ(With("a=1\nb=1", 1, "22"), "a=1\nb=22");
  EXPECT_EQ(With("a = b = c\n", 0, "="), "a = =\n");
}

TEST(IniFileTest, SetsAndClearsAValue) {
  EXPECT_EQ(With("a =\r\n", 0, "1"), "a =1\r\n");
  EXPECT_EQ(With("a = \r\n", 0, "1"), "a = 1\r\n");
  EXPECT_EQ(With("a =", 0, "1"), "a =1");
  EXPECT_EQ(With("a = 1\nb = 2\n", 0, ""), "a = \nb = 2\n");
}

TEST(IniFileTest, ReadsBackEveryValueThatItCanHold) {
  const std::string text = "[s]\na = old\r\nb = 2";
  for (const std::string value :
       {"", "new", "; x", "# x", "[x]", "a = b", "=", "\"\"", "tab\tinside",
        "gr\xc3\xbc\xc3\x9f", "\\n", "x  y"}) {
    ASSERT_TRUE(IniFile::CanHold(value)) << value;
    EXPECT_THAT(Settings(With(text, 0, value)),
                ElementsAre("[s] a=" + value, "[s] b=2"));
  }
}

TEST(IniFileTest, CannotHoldAValueThatALineWouldLoseOrSplit) {
  for (const std::string value :
       {" x", "x ", "\tx", "x\t", " ", "x\ny", "x\n", "\n", "x\ry", "x\r",
        "\x01", "\x1b[2J", "\x7f"}) {
    EXPECT_FALSE(IniFile::CanHold(value)) << testing::PrintToString(value);
  }
  EXPECT_FALSE(IniFile::CanHold(absl::string_view("\0", 1)));
  EXPECT_FALSE(IniFile::CanHold(absl::string_view("a\0b", 3)));
}

}  // namespace
}  // namespace examples
