// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/text/text_table.h"

#include <string>

#include "gtest/gtest.h"
#include "tools/passpersist/text/palette.h"

namespace passpersist::tool {
namespace {

using Align = TextTable::Align;

const Palette kPlain(false);

TEST(TextTableTest, AlignsColumnsAndLeavesNoBlanksAtTheEnd) {
  TextTable table({{"NAME"}, {"COUNT", Align::kRight}, {"NOTE"}});
  table.AddRow({"a", "1", "first"});
  table.AddRow({"longer", "123456", ""});
  EXPECT_EQ(table.Take(kPlain),
            "NAME     COUNT  NOTE\n"
            "a            1  first\n"
            "longer  123456\n");
}

TEST(TextTableTest, CountsCharactersInsteadOfBytes) {
  TextTable table({{"A"}, {"B"}});
  table.AddRow({"Büro", "1"});
  table.AddRow({"Hall", "2"});
  EXPECT_EQ(table.Take(kPlain), "A     B\nBüro  1\nHall  2\n");
}

TEST(TextTableTest, TheFirstBlockDeterminesTheWidths) {
  TextTable table({{"A"}, {"B"}});
  table.AddRow({"abc", "1"});
  EXPECT_EQ(table.Take(kPlain), "A    B\nabc  1\n");
  table.AddRow({"a", "2"});
  table.AddRow({"abcdef", "3"});
  EXPECT_EQ(table.Take(kPlain), "a    2\nabcdef  3\n");
  EXPECT_EQ(table.Take(kPlain), "");
}

TEST(TextTableTest, OneLongCellDoesNotWidenItsColumn) {
  TextTable table({{"A"}, {"B"}});
  table.AddRow({std::string(1000, 'x'), "1"});
  table.AddRow({"a", "2"});
  EXPECT_EQ(table.Take(kPlain), "A" + std::string(61, ' ') + "B\n" +
                                    std::string(1000, 'x') + "  1\n" + "a" +
                                    std::string(61, ' ') + "2\n");
}

TEST(TextTableTest, HasNoTitlesWithoutRowsOrIfAllAreEmpty) {
  EXPECT_EQ(TextTable({{"A"}}).Take(kPlain), "");
  TextTable table({{""}, {""}});
  table.AddRow({"a", "b"});
  EXPECT_EQ(table.Take(kPlain), "a  b\n");
}

TEST(TextTableTest, TitlesAreBoldOnATerminal) {
  TextTable table({{"A"}});
  table.AddRow({"1"});
  EXPECT_EQ(table.Take(Palette(true)), "\x1b[1mA\x1b[0m\n1\n");
}

}  // namespace
}  // namespace passpersist::tool
