// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/row_index.h"
#include "passpersist/table_builder.h"
#include "passpersist/value.h"
#include "store/testing/store_conformance_test_lib.h"

namespace passpersist_testing {

using passpersist::Changes;
using passpersist::Concat;
using passpersist::Contents;
using passpersist::Counter32;
using passpersist::Counter64;
using passpersist::Integer32;
using passpersist::OctetString;
using passpersist::Oid;
using passpersist::RowIndex;
using passpersist::Snapshot;
using passpersist::TableBuilder;
using passpersist::Value;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

// Enough to fill several pages and nodes of usual sizes.
constexpr uint32_t kRows = 600;
constexpr uint32_t kColumns = 8;

std::vector<Oid> Numbers(uint32_t first, uint32_t step) {
  std::vector<Oid> indexes;
  for (uint32_t i = 0; i < kRows; ++i) indexes.push_back({first + i * step});
  return indexes;
}

// Indexes of up to 20 arcs, some of which are prefixes of others.
std::vector<Oid> LongIndexes() {
  std::mt19937 random(1);
  std::set<Oid> indexes = {{}, {0xffffffff}, {0xffffffff, 0xffffffff}};
  while (indexes.size() < kRows) {
    Oid index;
    for (size_t size = 1 + random() % 20; size > 0; --size) {
      index.Append(static_cast<uint32_t>(random() % 3 * 100));
      if (random() % 4 == 0) indexes.insert(index);
    }
  }
  return {indexes.begin(), indexes.end()};
}

std::shared_ptr<const RowIndex> MakeRowSet(absl::Span<const Oid> indexes) {
  auto rows = RowIndex::Make(indexes);
  EXPECT_TRUE(rows.ok()) << rows.status();
  return *std::move(rows);
}

// A value for a column. The number of the column decides its type: of 4 bytes,
// of 8 bytes, text, or a mix of them.
Value ValueFor(uint32_t column, uint32_t number) {
  switch (column % 4) {
    case 0:
      return Counter32{number};
    case 1:
      return Counter64{uint64_t{number} << 33};
    case 2:
      return OctetString{absl::StrCat("text ", number)};
    default:
      return ValueFor(number % 3, number);
  }
}

// The cells of a table below .1, some of which may be missing.
class Table {
 public:
  // About `missing` of 100 cells are missing.
  Table(std::vector<Oid> indexes, uint32_t missing, uint32_t seed)
      : indexes_(std::move(indexes)) {
    std::mt19937 random(seed);
    columns_.resize(kColumns);
    for (uint32_t column = 0; column < kColumns; ++column) {
      for (size_t row = 0; row < indexes_.size(); ++row) {
        const auto number = static_cast<uint32_t>(random());
        columns_[column].emplace_back();
        if (number % 100 < missing) continue;
        columns_[column].back() = ValueFor(column, number);
      }
    }
  }

  std::vector<StoreRow> Rows() const {
    std::vector<StoreRow> rows;
    for (uint32_t column = 0; column < kColumns; ++column) {
      for (size_t row = 0; row < indexes_.size(); ++row) {
        const std::optional<Value>& value = columns_[column][row];
        if (!value) continue;
        rows.push_back({Concat({1, column}, indexes_[row]), *value, ""});
      }
    }
    return rows;
  }

  // Makes contents with PutColumn(). `rows` are the indexes.
  Contents ByColumns(const std::shared_ptr<const RowIndex>& rows) const {
    Contents contents;
    // Out of order: the contract does not require sorted columns.
    for (uint32_t i = 0; i < kColumns; ++i) {
      const uint32_t column = i * 3 % kColumns;
      switch (column % 4) {
        case 0:
          PutColumnOf<Counter32>(column, rows, &contents);
          break;
        case 1:
          PutColumnOf<Counter64>(column, rows, &contents);
          break;
        case 2:
          PutColumnOf<OctetString>(column, rows, &contents);
          break;
        default:
          PutColumnOf<Value>(column, rows, &contents);
      }
    }
    return contents;
  }

  // Makes contents with PutTable(). Every second row is added after all others.
  Contents ByRows() const {
    TableBuilder table;
    std::vector<TableBuilder::Column<Value>> columns;
    for (uint32_t column = 0; column < kColumns; ++column) {
      columns.push_back(table.AddColumn<Value>(column));
    }
    for (const size_t first : {0u, 1u}) {
      for (size_t i = first; i < indexes_.size(); i += 2) {
        TableBuilder::Row row = table.AddRow(indexes_[i]);
        for (uint32_t column = 0; column < kColumns; ++column) {
          const std::optional<Value>& value = columns_[column][i];
          if (value) row.Set(columns[column], *value);
        }
      }
    }
    Contents contents;
    contents.PutTable({1}, table);
    return contents;
  }

 private:
  template <typename T>
  static T As(const Value& value) {
    if constexpr (std::is_same_v<T, Value>) {
      return value;
    } else {
      return std::get<T>(value);
    }
  }

  template <typename T>
  void PutColumnOf(uint32_t column, const std::shared_ptr<const RowIndex>& rows,
                   Contents* contents) const {
    std::vector<std::optional<T>> cells;
    std::vector<T> full;
    for (const std::optional<Value>& value : columns_[column]) {
      cells.emplace_back();
      if (!value) continue;
      cells.back() = As<T>(*value);
      full.push_back(As<T>(*value));
    }
    if (full.size() == cells.size()) {
      contents->PutColumn({1, column}, rows, std::move(full));
    } else {
      contents->PutColumn({1, column}, rows, std::move(cells));
    }
  }

  std::vector<Oid> indexes_;
  std::vector<std::vector<std::optional<Value>>> columns_;
};

// Percentages of missing cells.
constexpr uint32_t kMissing[] = {0, 5, 50, 97, 100};

}  // namespace

TEST_P(StoreConformanceTest, PutColumnEqualsSinglePuts) {
  for (const std::vector<Oid>& indexes :
       {Numbers(1, 1), Numbers(5, 1), Numbers(1, 7), LongIndexes()}) {
    const std::shared_ptr<const RowIndex> rows = MakeRowSet(indexes);
    for (const uint32_t missing : kMissing) {
      SCOPED_TRACE(absl::StrCat(missing, " % missing"));
      const Table table(indexes, missing, 2);
      ASSERT_TRUE(store_->Replace(table.ByColumns(rows)).ok());
      ASSERT_EQ(Rows(), table.Rows());
      StoreModel model;
      model.Replace(table.Rows());
      const auto iterator = NewIterator();
      for (size_t i = 0; i < indexes.size(); i += 10) {
        Oid suffix =
            Concat({1, static_cast<uint32_t>(i % kColumns)}, indexes[i]);
        model.ExpectSameSeek(suffix, iterator.get());
        suffix.Append(0);
        model.ExpectSameSeek(suffix, iterator.get());
      }
      if (HasFailure()) return;
    }
  }
}

TEST_P(StoreConformanceTest, PutTableEqualsSinglePuts) {
  for (const std::vector<Oid>& indexes :
       {Numbers(1, 1), Numbers(1, 7), LongIndexes()}) {
    for (const uint32_t missing : kMissing) {
      SCOPED_TRACE(absl::StrCat(missing, " % missing"));
      const Table table(indexes, missing, 3);
      ASSERT_TRUE(store_->Replace(table.ByRows()).ok());
      ASSERT_EQ(Rows(), table.Rows());
    }
  }
}

TEST_P(StoreConformanceTest, ReplacingColumnsOfTheSameRowsTakesTheNewCells) {
  const std::vector<Oid> indexes = LongIndexes();
  const std::shared_ptr<const RowIndex> rows = MakeRowSet(indexes);
  struct Kept {
    std::shared_ptr<const Snapshot> snapshot;
    std::vector<StoreRow> rows;
  };
  std::deque<Kept> kept;
  for (uint32_t round = 0; round < 20; ++round) {
    // Full columns replace sparse columns, and the other way round.
    const Table table(indexes, round % 3 * 10, round);
    ASSERT_TRUE(store_->Replace(table.ByColumns(rows)).ok());
    ASSERT_EQ(Rows(), table.Rows()) << round;
    kept.push_back({store_->snapshot(), table.Rows()});
    if (kept.size() <= 5) continue;
    ASSERT_EQ(ReadRows(*kept.front().snapshot), kept.front().rows) << round;
    kept.pop_front();
  }
}

TEST_P(StoreConformanceTest, ReplacingColumnsWithOtherRowsTakesTheNewRows) {
  for (uint32_t round = 0; round < 20; ++round) {
    // Each RowIndex is destroyed before the next one is made, perhaps at the
    // same address.
    std::vector<Oid> indexes = Numbers(round % 4, 1 + round % 3);
    indexes.resize(kRows - round);
    const Table table(indexes, round % 2 * 10, round);
    ASSERT_TRUE(store_->Replace(table.ByColumns(MakeRowSet(indexes))).ok());
    ASSERT_EQ(Rows(), table.Rows()) << round;
  }
}

TEST_P(StoreConformanceTest, ColumnsTablesAndSinglePutsCanBeCombined) {
  TableBuilder table;
  const auto name = table.AddColumn<OctetString>(2);
  const auto size = table.AddColumn<Integer32>(4);
  table.AddRow({2}).Set(name, OctetString{"b"}).Set(size, Integer32{20});
  table.AddRow({1}).Set(name, OctetString{"a"});
  Contents contents;
  contents.Put({1, 3, 1, 0}, Integer32{310}, "within a column");
  contents.PutColumn({1, 3}, RowIndex::UpTo(2),
                     std::vector<Integer32>{{31}, {32}});
  contents.PutTable({1}, table);
  contents.PutComputed({1, 2, 3}, [] { return Integer32{23}; });
  contents.Put({1, 4}, Integer32{4}, "before a column");
  contents.PutColumn({}, RowIndex::UpTo(1), std::vector<Integer32>{{100}});
  Changes changes;
  changes.Put({1, 3, 2}, Integer32{-32}, "overridden");
  changes.Erase({1, 2, 1});
  changes.Put({9}, Integer32{9});
  contents.Override(changes);
  ASSERT_TRUE(store_->Replace(std::move(contents)).ok());
  EXPECT_THAT(
      Rows(),
      ElementsAre(StoreRow{{1}, Integer32{100}, ""},
                  StoreRow{{1, 2, 2}, OctetString{"b"}, ""},
                  StoreRow{{1, 2, 3}, Integer32{23}, ""},
                  StoreRow{{1, 3, 1}, Integer32{31}, ""},
                  StoreRow{{1, 3, 1, 0}, Integer32{310}, "within a column"},
                  StoreRow{{1, 3, 2}, Integer32{-32}, "overridden"},
                  StoreRow{{1, 4}, Integer32{4}, "before a column"},
                  StoreRow{{1, 4, 2}, Integer32{20}, ""},
                  StoreRow{{9}, Integer32{9}, ""}));
}

TEST_P(StoreConformanceTest, ACellThatIsPutTwiceIsServedOnce) {
  Contents contents;
  contents.PutColumn({1, 3}, RowIndex::UpTo(2),
                     std::vector<Integer32>{{31}, {32}});
  contents.Put({1, 3, 2}, Integer32{5});
  EXPECT_TRUE(store_->Replace(std::move(contents)).ok());
  EXPECT_THAT(Rows(), ElementsAre(StoreRow{{1, 3, 1}, Integer32{31}, ""},
                                  StoreRow{{1, 3, 2}, Integer32{5}, ""}));
}

TEST_P(StoreConformanceTest,
       ACellThatIsPutTwiceInStrictContentsChangesNothing) {
  Replace({{{1}, Integer32{1}, "one"}});
  Contents contents = StrictContents();
  contents.PutColumn({1, 3}, RowIndex::UpTo(2),
                     std::vector<Integer32>{{31}, {32}});
  contents.Put({1, 3, 2}, Integer32{5});
  const absl::Status status = store_->Replace(std::move(contents));
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr(".1.3.2"));
  EXPECT_THAT(Rows(), ElementsAre(StoreRow{{1}, Integer32{1}, "one"}));
}

// Numbers of rows at which pages of usual sizes are just full, or not quite.
TEST_P(StoreConformanceTest, HoldsColumnsOfAnyNumberOfRows) {
  for (const uint32_t count :
       {1, 63, 64, 65, 96, 128, 239, 240, 241, 255, 256, 480, 720, 1024}) {
    SCOPED_TRACE(count);
    Contents contents;
    std::vector<StoreRow> expected;
    std::vector<Counter32> numbers;
    std::vector<OctetString> texts;
    for (uint32_t row = 1; row <= count; ++row) {
      numbers.push_back({row});
      expected.push_back({{1, row}, Counter32{row}, ""});
    }
    for (uint32_t row = 1; row <= count; ++row) {
      texts.push_back({std::string(row % 20, 'x')});
      expected.push_back({{2, row}, texts.back(), ""});
    }
    contents.PutColumn({1}, RowIndex::UpTo(count), std::move(numbers));
    contents.PutColumn({2}, RowIndex::UpTo(count), std::move(texts));
    ASSERT_TRUE(store_->Replace(std::move(contents)).ok());
    ASSERT_EQ(Rows(), expected);
  }
}

TEST_P(StoreConformanceTest, ColumnsWithoutRowsAddNoEntries) {
  Replace({{{1}, Integer32{1}, "one"}});
  Contents contents;
  contents.PutColumn({1, 3}, RowIndex::UpTo(0), std::vector<Integer32>());
  contents.PutColumn({1, 4}, RowIndex::UpTo(2),
                     std::vector<std::optional<OctetString>>(2));
  TableBuilder table;
  contents.PutTable({2}, table);
  ASSERT_TRUE(store_->Replace(std::move(contents)).ok());
  EXPECT_THAT(Rows(), IsEmpty());
}

// Changes several cells at once, in columns of one RowIndex. The columns may
// share their rows, but each has to keep its own cells.
TEST_P(StoreConformanceTest, ColumnsOfTheSameRowsChangeIndependently) {
  std::mt19937 random(6);
  std::vector<Oid> indexes;
  for (uint32_t card = 1; card <= 3; ++card) {
    for (uint32_t port = 1; port <= kRows / 2; ++port) {
      indexes.push_back({card, port * (card + 1)});
    }
  }
  const Table table(indexes, 0, 1);
  StoreModel model;
  for (uint32_t step = 0; step < 20; ++step) {
    SCOPED_TRACE(absl::StrCat("step ", step));
    if (step % 2 == 0) {
      ASSERT_TRUE(store_->Replace(table.ByColumns(MakeRowSet(indexes))).ok());
      model.Replace(table.Rows());
    }
    Changes changes;
    for (uint32_t left = 6 * kColumns; left > 0; --left) {
      const Oid suffix = Concat({1, static_cast<uint32_t>(random() % kColumns)},
                                indexes[random() % indexes.size()]);
      if (random() % 2 == 0) {
        changes.Erase(suffix);
      } else {
        changes.Put(suffix, Integer32{static_cast<int32_t>(step)});
      }
    }
    Apply(changes);
    model.Apply(changes);
    ASSERT_EQ(Rows(), model.Rows());
  }
}

// Adds and removes cells, rows and columns where columns share their rows.
TEST_P(StoreConformanceTest, ChangesOfColumnsEqualTheModel) {
  for (const uint32_t missing : {0u, 10u}) {
    std::mt19937 random(5);
    const std::vector<Oid> indexes = LongIndexes();
    const std::shared_ptr<const RowIndex> rows = MakeRowSet(indexes);
    StoreModel model;
    for (uint32_t step = 0; step < 100; ++step) {
      SCOPED_TRACE(absl::StrCat("step ", step));
      if (step % 20 == 0) {  // replaces all columns after changes
        const Table table(indexes, missing, step);
        ASSERT_TRUE(store_->Replace(table.ByColumns(rows)).ok());
        model.Replace(table.Rows());
      }
      Changes changes;
      const auto change = [&](const Oid& suffix, uint32_t column) {
        if (random() % 2 == 0) {
          changes.Erase(suffix);
        } else {
          changes.Put(suffix, ValueFor(column, step));
        }
      };
      const Oid& index = indexes[random() % indexes.size()];
      const auto some_column = static_cast<uint32_t>(random() % kColumns);
      switch (random() % 4) {
        case 0:  // single cells
          change(Concat({1, some_column}, index), some_column);
          break;
        case 1:  // all cells of a row
          for (uint32_t column = 0; column < kColumns; ++column) {
            changes.Erase(Concat({1, column}, index));
          }
          break;
        case 2:  // a row, which may be new
          for (uint32_t column = 0; column < kColumns; ++column) {
            changes.Put(Concat(Concat({1, column}, index), {7}),
                        ValueFor(column, step));
          }
          break;
        default:  // many cells of a column
          for (const Oid& i : indexes) {
            change(Concat({1, some_column}, i), some_column);
          }
      }
      Apply(changes);
      model.Apply(changes);
      if (step % 5 == 4) {
        ASSERT_EQ(Rows(), model.Rows());
      }
    }
  }
}

}  // namespace passpersist_testing
