// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table_builder.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/row_index.h"
#include "passpersist/testing/contents_lines.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/update/contents_sink.h"
#include "passpersist/update/deliver_contents.h"
#include "passpersist/value.h"

namespace passpersist {
namespace {

using passpersist_testing::IsOk;
using passpersist_testing::Lines;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// The entries of the table, put below .1.9.
std::vector<std::string> Lines(TableBuilder& table) {
  Contents contents;
  contents.PutTable({1, 9}, table);
  return Lines(contents);
}

// The same, followed by the errors.
std::vector<std::string> LinesAndErrors(TableBuilder& table) {
  Contents contents;
  contents.PutTable({1, 9}, table);
  EXPECT_THAT(contents.status(), IsOk());
  std::vector<std::string> lines = Lines(contents);
  for (const absl::Status& error : contents.errors()) {
    lines.push_back(error.ToString());
  }
  return lines;
}

// The row index that a store gets.
std::shared_ptr<const RowIndex> RowsOf(TableBuilder& table) {
  class Sink : public internal::ContentsSink {
   public:
    void OnEntry(const internal::PackedEntry&) override { ADD_FAILURE(); }
    bool OnColumn(const internal::PackedColumn& column) override {
      rows = column.rows;
      return true;
    }
    std::shared_ptr<const RowIndex> rows;
  };
  Contents contents;
  contents.PutTable({1, 9}, table);
  Sink sink;
  EXPECT_THAT(internal::DeliverContents(contents, &sink), IsOk());
  return sink.rows;
}

TEST(TableBuilderTest, BecomesColumns) {
  TableBuilder table;
  const auto name = table.AddColumn<OctetString>(2);
  const auto mtu = table.AddColumn<Integer32>(4);
  table.AddRow({1}).Set(name, OctetString{"lo"}).Set(mtu, Integer32{65536});
  table.AddRow({7}).Set(name, OctetString{"eth0"}).Set(mtu, Integer32{1500});
  EXPECT_EQ(table.size(), 2u);
  EXPECT_THAT(Lines(table), ElementsAre(".1.9.2.1 = OctetString \"lo\"",
                                        ".1.9.2.7 = OctetString \"eth0\"",
                                        ".1.9.4.1 = Integer32 65536",
                                        ".1.9.4.7 = Integer32 1500"));
}

TEST(TableBuilderTest, SkipsCellsThatAreNotSet) {
  TableBuilder table;
  const auto a = table.AddColumn<Counter32>(1);
  const auto b = table.AddColumn<Counter32>(2);
  const auto c = table.AddColumn<Counter32>(3);
  table.AddRow({1}).Set(a, Counter32{11});
  table.AddRow({2}).Set(b, Counter32{22});
  table.AddRow({3});
  table.AddRow({4}).Set(a, Counter32{14}).Set(b, Counter32{24});
  (void)c;
  EXPECT_THAT(
      Lines(table),
      ElementsAre(".1.9.1.1 = Counter32 11", ".1.9.1.4 = Counter32 14",
                  ".1.9.2.2 = Counter32 22", ".1.9.2.4 = Counter32 24"));
}

TEST(TableBuilderTest, AcceptsColumnsAfterRowsAndInAnyOrder) {
  TableBuilder table;
  const auto later = table.AddColumn<Counter32>(5);
  table.AddRow({1}).Set(later, Counter32{51});
  const auto earlier = table.AddColumn<Counter32>(3);
  table.AddRow({2}).Set(earlier, Counter32{32}).Set(later, Counter32{52});
  EXPECT_THAT(Lines(table),
              ElementsAre(".1.9.3.2 = Counter32 32", ".1.9.5.1 = Counter32 51",
                          ".1.9.5.2 = Counter32 52"));
}

TEST(TableBuilderTest, AcceptsValuesOfAnyTypeInAColumnOfValues) {
  TableBuilder table;
  const auto any = table.AddColumn<Value>(1);
  table.AddRow({1}).Set(any, Counter32{1});
  table.AddRow({2}).Set(any, OctetString{std::string(600, 'x')});
  table.AddRow({3}).Set(any, ObjectIdentifier{{1, 3}});
  EXPECT_THAT(Lines(table),
              ElementsAre(".1.9.1.1 = Counter32 1",
                          absl::StrCat(".1.9.1.2 = OctetString \"",
                                       std::string(600, 'x'), "\""),
                          ".1.9.1.3 = ObjectIdentifier .1.3"));
}

TEST(TableBuilderTest, AcceptsBytesOfAnyLength) {
  const std::string large(600, 'x');
  TableBuilder table;
  const auto text = table.AddColumn<OctetString>(1);
  const auto opaque = table.AddColumn<Opaque>(2);
  table.AddRow({1}).Set(text, OctetString{""}).Set(opaque, Opaque{large});
  table.AddRow({2}).Set(text, OctetString{large}).Set(opaque, Opaque{""});
  table.AddRow({3}).Set(text, OctetString{"short"}).Set(opaque, Opaque{"x"});
  const std::vector<std::string> lines = Lines(table);
  ASSERT_THAT(lines, SizeIs(6));
  EXPECT_EQ(lines[0], ".1.9.1.1 = OctetString \"\"");
  EXPECT_EQ(lines[1], absl::StrCat(".1.9.1.2 = OctetString \"", large, "\""));
  EXPECT_EQ(lines[2], ".1.9.1.3 = OctetString \"short\"");
  EXPECT_EQ(lines[3], absl::StrCat(".1.9.2.1 = ", ToString(Opaque{large})));
  EXPECT_EQ(lines[5], absl::StrCat(".1.9.2.3 = ", ToString(Opaque{"x"})));
}

TEST(TableBuilderTest, SortsRowsLikeAMap) {
  std::mt19937 random(1);
  const auto below = [&](uint32_t bound) {
    return static_cast<uint32_t>(random() % bound);
  };
  TableBuilder table;
  const auto number = table.AddColumn<Gauge32>(1);
  const auto text = table.AddColumn<OctetString>(2);
  for (int round = 0; round < 20; ++round) {
    std::map<Oid, uint32_t> rows;
    while (rows.size() < 200) {
      rows.emplace(Oid{below(20), below(2000)}, below(100));
    }
    std::vector<std::pair<Oid, uint32_t>> shuffled(rows.begin(), rows.end());
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    for (const auto& [index, value] : shuffled) {
      TableBuilder::Row row = table.AddRow(index);
      if (value % 3 != 0) row.Set(number, Gauge32{value});
      if (value % 5 != 0) row.Set(text, OctetString{index.ToString()});
    }
    std::vector<std::string> expected;
    for (const auto& [index, value] : rows) {
      if (value % 3 == 0) continue;
      expected.push_back(absl::StrCat(".1.9.1", index.ToString(), " = ",
                                      ToString(Gauge32{value})));
    }
    for (const auto& [index, value] : rows) {
      if (value % 5 == 0) continue;
      expected.push_back(absl::StrCat(".1.9.2", index.ToString(), " = ",
                                      ToString(OctetString{index.ToString()})));
    }
    ASSERT_EQ(Lines(table), expected);
  }
}

TEST(TableBuilderTest, IsFilledAgainForEachUpdate) {
  TableBuilder table;
  const auto column = table.AddColumn<Gauge32>(1);
  table.AddRow({1}).Set(column, Gauge32{1});
  EXPECT_THAT(Lines(table), ElementsAre(".1.9.1.1 = Gauge32 1"));
  EXPECT_EQ(table.size(), 0u);
  table.AddRow({1}).Set(column, Gauge32{2});
  table.AddRow({2}).Set(column, Gauge32{2});
  EXPECT_THAT(Lines(table),
              ElementsAre(".1.9.1.1 = Gauge32 2", ".1.9.1.2 = Gauge32 2"));
  EXPECT_THAT(Lines(table), IsEmpty());
}

TEST(TableBuilderTest, UsesTheSameRowIndexAsLongAsTheIndexesAreTheSame) {
  TableBuilder table;
  const auto column = table.AddColumn<Gauge32>(1);
  const auto add = [&](const std::vector<uint32_t>& indexes) {
    for (const uint32_t i : indexes) table.AddRow({i}).Set(column, Gauge32{i});
  };
  add({1, 5});
  const auto first = RowsOf(table);
  add({5, 1});
  EXPECT_EQ(RowsOf(table), first);
  add({1, 6});
  const auto other = RowsOf(table);
  EXPECT_NE(other, first);
  add({1, 6});
  EXPECT_EQ(RowsOf(table), other);
}

TEST(TableBuilderTest, ALaterRowTakesThePlaceOfAnEarlierOneWhole) {
  for (const std::vector<uint32_t>& indexes :
       {std::vector<uint32_t>{1, 2, 2}, std::vector<uint32_t>{2, 1, 2},
        std::vector<uint32_t>{2, 2, 1}}) {
    TableBuilder table;
    const auto number = table.AddColumn<Gauge32>(4);
    const auto text = table.AddColumn<OctetString>(5);
    bool is_first = true;
    for (const uint32_t index : indexes) {
      TableBuilder::Row row = table.AddRow({index, 0});
      if (index == 1) {
        row.Set(number, Gauge32{1}).Set(text, OctetString{"one"});
      } else if (std::exchange(is_first, false)) {
        row.Set(number, Gauge32{21}).Set(text, OctetString{"first"});
      } else {
        row.Set(number, Gauge32{22});
      }
    }
    EXPECT_THAT(
        LinesAndErrors(table),
        ElementsAre(".1.9.4.1.0 = Gauge32 1", ".1.9.4.2.0 = Gauge32 22",
                    ".1.9.5.1.0 = OctetString \"one\"",
                    "ALREADY_EXISTS: row .2.0 of .1.9 was added twice"));
    EXPECT_THAT(LinesAndErrors(table), IsEmpty()) << "of the update before";
  }
}

TEST(TableBuilderTest, OfManyRowsWithOneIndexTheLastOneCounts) {
  const Oid index = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  TableBuilder table;
  const auto column = table.AddColumn<Gauge32>(4);
  for (uint32_t i = 1; i <= 40; ++i) {
    table.AddRow(index).Set(column, Gauge32{i});
    table.AddRow(Concat(index, {i})).Set(column, Gauge32{i});
  }
  const std::vector<std::string> lines = LinesAndErrors(table);
  ASSERT_THAT(lines, SizeIs(42));
  EXPECT_EQ(lines[0], ".1.9.4.1.2.3.4.5.6.7.8.9 = Gauge32 40");
  EXPECT_EQ(lines[1], ".1.9.4.1.2.3.4.5.6.7.8.9.1 = Gauge32 1");
}

TEST(TableBuilderTest, UsesTheSameRowIndexWhenARowWasAddedTwice) {
  TableBuilder table;
  const auto column = table.AddColumn<Gauge32>(1);
  for (const uint32_t i : {1, 5}) table.AddRow({i}).Set(column, Gauge32{i});
  const auto rows = RowsOf(table);
  for (const uint32_t i : {5, 1, 5}) table.AddRow({i}).Set(column, Gauge32{i});
  EXPECT_EQ(RowsOf(table), rows);
}

TEST(TableBuilderTest, LeavesOutAnErrorAloneAndNamesItsCell) {
  TableBuilder table;
  const auto number = table.AddColumn<Integer32>(4);
  const auto text = table.AddColumn<OctetString>(5);
  const auto any = table.AddColumn<Value>(6);
  table.AddRow({1})
      .Set(number, Integer32::FromNumber(5'000'000'000))
      .Set(text, OctetString{"one"})
      .Set(any, Gauge32::FromNumberSaturated(-5));
  table.AddRow({7})
      .Set(number, Integer32::FromNumber(7))
      .Set(text, absl::StatusOr<OctetString>(absl::UnavailableError("no")))
      .Set(any, Gauge32::FromNumber(-5));
  EXPECT_THAT(
      LinesAndErrors(table),
      ElementsAre(".1.9.4.7 = Integer32 7", ".1.9.5.1 = OctetString \"one\"",
                  ".1.9.6.1 = Gauge32 0",
                  "OUT_OF_RANGE: .1.9.4.1 is left out: 5000000000 is not an "
                  "Integer32: -2147483648..2147483647",
                  "OUT_OF_RANGE: .1.9.6.1: -5 is not a Gauge32: "
                  "0..4294967295; the nearest is 0",
                  "UNAVAILABLE: .1.9.5.7 is left out: no",
                  "OUT_OF_RANGE: .1.9.6.7 is left out: -5 is not a Gauge32: "
                  "0..4294967295"));
}

TEST(TableBuilderTest, CountsTheErrorsAfterTheFirst16) {
  TableBuilder table;
  const auto column = table.AddColumn<Integer32>(4);
  for (uint32_t row = 1; row <= 100; ++row) {
    table.AddRow({row}).Set(column, Integer32::FromNumber(5e9));
  }
  Contents contents;
  contents.PutTable({1, 9}, table);
  EXPECT_THAT(contents.errors(), SizeIs(16));
  EXPECT_EQ(contents.error_count(), 100u);
}

TEST(TableBuilderTest, OfACellThatIsSetTwiceTheFirstValueIsServed) {
  TableBuilder table;
  const auto column = table.AddColumn<Gauge32>(4);
  table.AddRow({7}).Set(column, Gauge32{1}).Set(column, Gauge32{2});
  table.AddRow({8}).Set(column, Gauge32{3});
  EXPECT_THAT(LinesAndErrors(table),
              ElementsAre(".1.9.4.7 = Gauge32 1", ".1.9.4.8 = Gauge32 3",
                          "FAILED_PRECONDITION: .1.9.4.7: set twice"));
}

TEST(TableBuilderTest, ACellThatIsSetAfterALaterRowIsLeftOut) {
  TableBuilder table;
  const auto column = table.AddColumn<Gauge32>(4);
  TableBuilder::Row first = table.AddRow({7});
  table.AddRow({8}).Set(column, Gauge32{1});
  first.Set(column, Gauge32{2});
  EXPECT_THAT(LinesAndErrors(table),
              ElementsAre(".1.9.4.8 = Gauge32 1",
                          "FAILED_PRECONDITION: .1.9.4.7 is left out: set "
                          "after a later row"));
}

TEST(TableBuilderTest, OfTwoColumnsWithOneArcTheLaterOneCounts) {
  TableBuilder table;
  const auto one = table.AddColumn<Gauge32>(4);
  const auto two = table.AddColumn<Gauge32>(4);
  table.AddRow({7}).Set(one, Gauge32{1}).Set(two, Gauge32{2});
  EXPECT_THAT(LinesAndErrors(table),
              ElementsAre(".1.9.4.7 = Gauge32 2",
                          "ALREADY_EXISTS: .1.9.4.7: put twice"));
}

}  // namespace
}  // namespace passpersist
