// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/text/printable.h"

#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace passpersist::tool {
namespace {

TEST(PrintableTest, LeavesTextInAnyLanguageUnchanged) {
  for (const std::string text : {"", "eth0 ~", "Büro", "東京", "😀"}) {
    EXPECT_TRUE(IsPrintable(text)) << text;
    EXPECT_EQ(Printable(text), text);
  }
}

TEST(PrintableTest, EscapesTerminalControls) {
  EXPECT_EQ(Printable("\x1b[2Jno\a\x7f"), "\\x1b[2Jno\\x07\\x7f");
  EXPECT_EQ(Printable("\xc2\x9b"
                      "31m"),
            "\\xc2\\x9b31m");  // CSI of 8 bits
  EXPECT_EQ(Printable("a\r\n\tb"), "a\\r\\n\\tb");
  EXPECT_EQ(Printable(absl::string_view("\0", 1)), "\\x00");
}

TEST(PrintableTest, EscapesMarksThatReverseOrHideText) {
  EXPECT_EQ(Printable("\u202egnp.exe"), "\\xe2\\x80\\xaegnp.exe");
  EXPECT_EQ(Printable("a\u200bb\ufeff"), "a\\xe2\\x80\\x8bb\\xef\\xbb\\xbf");
}

TEST(PrintableTest, EscapesInvalidUtf8) {
  for (const std::string text :
       {"\xff", "\x80", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xe2\x82",
        "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80"}) {
    EXPECT_FALSE(IsPrintable(text));
    EXPECT_TRUE(IsPrintable(Printable(text))) << Printable(text);
  }
  EXPECT_EQ(Printable("\xc3("), "\\xc3(");
}

TEST(PrintableTest, QuotedTextCanBeReadBack) {
  EXPECT_EQ(Quoted("a \"b\" \\n\n"), "\"a \\\"b\\\" \\\\n\\n\"");
}

TEST(PrintableTest, WidthCountsCharacters) {
  EXPECT_EQ(Width(""), 0u);
  EXPECT_EQ(Width("Büro"), 4u);
  EXPECT_EQ(Width("12 µs"), 5u);
}

}  // namespace
}  // namespace passpersist::tool
