// SPDX-License-Identifier: Apache-2.0

#include "passpersist/update/merging_reader.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/encoding/nullable_column.h"
#include "passpersist/encoding/oid_encoding.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/oid.h"
#include "passpersist/row_index.h"
#include "passpersist/testing/status_matchers.h"

namespace passpersist::internal {
namespace {

using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;
using testing::ElementsAre;
using testing::IsEmpty;

PackedValue Number(uint64_t number) {
  return {ValueTag::kCounter64, number, {}};
}

// Writes down what it is given; checks order and `shared`.
class RecordingSink : public ContentsSink {
 public:
  explicit RecordingSink(bool takes_columns) : takes_columns_(takes_columns) {}

  void OnEntry(const PackedEntry& entry) override {
    const Oid suffix = UnpackKey(entry.key);
    EXPECT_EQ(entry.shared, SharedArcsSize(before_, entry.key)) << suffix;
    Record(suffix, entry.value.number, entry.label);
    before_ = std::string(entry.key);
  }

  bool OnColumn(const PackedColumn& column) override {
    if (!takes_columns_) return false;
    size_t cell = 0;
    for (size_t row = 0; row < column.rows->size(); ++row) {
      char scratch[kMaxPackedArcSize];
      if (!column.HasCell(row)) continue;
      Record(UnpackKey(absl::StrCat(column.prefix,
                                    column.rows->PackedIndex(row, scratch))),
             column.cells.Get(cell++).number, "");
    }
    EXPECT_EQ(cell, column.cells.size());
    EXPECT_GT(cell, 0u);
    columns.push_back(UnpackKey(column.prefix));
    before_.clear();
    return true;
  }

  std::vector<std::string> lines;
  std::vector<Oid> columns;  // taken whole

 private:
  void Record(const Oid& suffix, uint64_t number, absl::string_view label) {
    EXPECT_TRUE(lines.empty() || last_ < suffix) << last_ << suffix;
    lines.push_back(absl::StrCat(suffix.ToString(), " = ", number,
                                 label.empty() ? "" : " # ", label));
    last_ = suffix;
  }

  const bool takes_columns_;
  std::string before_;
  Oid last_;
};

// What is merged, and what should become of it.
class Parts {
 public:
  void PutInOrder(const Oid& suffix, uint64_t number,
                  absl::string_view label = "") {
    ASSERT_TRUE(in_order_.AddBehind(suffix, Number(number), label));
  }
  // In a run of its own.
  void PutApart(const Oid& suffix, uint64_t number,
                absl::string_view label = "") {
    apart_.emplace_back();
    apart_.back().AddBehind(suffix, Number(number), label);
  }
  void PutColumn(const Oid& prefix, std::shared_ptr<const RowIndex> rows,
                 NullableColumn cells) {
    columns_.push_back({std::string(EncodedOid(prefix).bytes()),
                        std::move(rows), std::move(cells)});
  }
  Overlay& overrides() { return overrides_; }

  absl::Status Merge(ContentsSink* sink) const {
    MergingReader merge(&overrides_, sink);
    merge.AddRun(std::make_unique<LogRun>(&in_order_));
    for (const EntryBuffer& log : apart_) {
      merge.AddRun(std::make_unique<LogRun>(&log));
    }
    for (const Column& column : columns_) {
      merge.AddColumn({column.prefix, column.rows, column.cells.cells(),
                       column.cells.validity()});
    }
    return merge.Run();
  }

 private:
  struct Column {
    std::string prefix;
    std::shared_ptr<const RowIndex> rows;
    NullableColumn cells;
  };

  EntryBuffer in_order_;
  std::vector<EntryBuffer> apart_;
  std::vector<Column> columns_;
  Overlay overrides_;
};

NullableColumn Full(size_t rows, uint64_t number) {
  NullableColumn cells;
  for (size_t row = 0; row < rows; ++row) cells.Add(Number(number));
  return cells;
}

// The columns that a sink takes whole, if it can.
std::vector<Oid> WholeColumns(const Parts& parts) {
  RecordingSink cell_by_cell(false);
  RecordingSink whole(true);
  EXPECT_THAT(parts.Merge(&cell_by_cell), IsOk());
  EXPECT_THAT(parts.Merge(&whole), IsOk());
  EXPECT_EQ(cell_by_cell.lines, whole.lines);
  return whole.columns;
}

TEST(MergingReaderTest, GivesNothingOfNothing) {
  RecordingSink sink(true);
  EXPECT_THAT(Parts().Merge(&sink), IsOk());
  EXPECT_THAT(sink.lines, IsEmpty());
}

TEST(MergingReaderTest, BringsRunsAndColumnsIntoOrder) {
  Parts parts;
  parts.PutInOrder({1}, 1, "one");
  parts.PutInOrder({2, 1}, 21);
  parts.PutInOrder({5}, 5);
  parts.PutApart({4}, 4, "four");
  parts.PutApart({}, 0);
  parts.PutColumn({3}, RowIndex::UpTo(2), Full(2, 3));
  parts.PutColumn({2}, RowIndex::FromNumbers({2, 4}).value(), Full(2, 2));
  RecordingSink sink(false);
  ASSERT_THAT(parts.Merge(&sink), IsOk());
  EXPECT_THAT(sink.lines, ElementsAre(". = 0", ".1 = 1 # one", ".2.1 = 21",
                                      ".2.2 = 2", ".2.4 = 2", ".3.1 = 3",
                                      ".3.2 = 3", ".4 = 4 # four", ".5 = 5"));
}

TEST(MergingReaderTest, GivesAColumnWholeIfNothingLiesAmongItsRows) {
  Parts parts;
  parts.PutColumn({2}, RowIndex::UpTo(9), Full(9, 2));
  parts.PutColumn({1}, RowIndex::UpTo(9), Full(9, 1));
  parts.PutInOrder({0}, 0);
  parts.PutInOrder({1, 0}, 0);
  parts.PutInOrder({1, 10}, 0);
  parts.PutInOrder({2}, 0);
  EXPECT_THAT(WholeColumns(parts), ElementsAre(Oid{1}, Oid{2}));
}

TEST(MergingReaderTest, GivesCellsIfAnEntryLiesAmongThem) {
  for (const bool apart : {false, true}) {
    Parts parts;
    parts.PutColumn({1}, RowIndex::UpTo(9), Full(9, 1));
    parts.PutColumn({2}, RowIndex::UpTo(9), Full(9, 2));
    if (apart) {
      parts.PutApart({1, 5, 0}, 0);
    } else {
      parts.PutInOrder({1, 5, 0}, 0);
    }
    EXPECT_THAT(WholeColumns(parts), ElementsAre(Oid{2}));
  }
}

TEST(MergingReaderTest, GivesCellsIfAnEntryTakesThePlaceOfAMissingOne) {
  Parts parts;
  NullableColumn cells = Full(8, 1);
  cells.SkipTo(9);
  parts.PutColumn({1}, RowIndex::UpTo(9), std::move(cells));
  parts.PutInOrder({1, 9}, 0);
  EXPECT_THAT(WholeColumns(parts), IsEmpty());
}

TEST(MergingReaderTest, GivesCellsIfAColumnLiesAmongThem) {
  Parts parts;
  parts.PutColumn({1}, RowIndex::FromNumbers({1, 5}).value(), Full(2, 1));
  parts.PutColumn({1}, RowIndex::FromNumbers({2, 3}).value(), Full(2, 2));
  parts.PutColumn({1, 1}, RowIndex::UpTo(2), Full(2, 3));
  EXPECT_THAT(WholeColumns(parts), ElementsAre(Oid({1, 1}), Oid{1}));
}

TEST(MergingReaderTest, GivesCellsIfAnOverrideLiesAmongThem) {
  Parts parts;
  parts.PutColumn({1}, RowIndex::UpTo(9), Full(9, 1));
  parts.PutColumn({2}, RowIndex::UpTo(9), Full(9, 2));
  parts.PutColumn({3}, RowIndex::UpTo(9), Full(9, 3));
  parts.overrides().Put(EncodedOid({1, 9}).bytes(), Number(0), "");
  parts.overrides().Put(EncodedOid({1, 10}).bytes(), Number(0), "");
  parts.overrides().Erase(EncodedOid({3, 1}).bytes());
  EXPECT_THAT(WholeColumns(parts), ElementsAre(Oid{2}));
}

TEST(MergingReaderTest, LeavesOutColumnsWithoutCells) {
  Parts parts;
  NullableColumn missing;
  missing.SkipTo(3);
  parts.PutColumn({1}, RowIndex::UpTo(0), NullableColumn());
  parts.PutColumn({2}, RowIndex::UpTo(3), std::move(missing));
  EXPECT_THAT(WholeColumns(parts), IsEmpty());
}

TEST(MergingReaderTest, TellsWhichNameComesTwice) {
  const auto merge = [](const auto& put) {
    Parts parts;
    put(&parts);
    for (const bool takes_columns : {true, false}) {
      RecordingSink sink(takes_columns);
      EXPECT_THAT(parts.Merge(&sink), StatusIs(absl::StatusCode::kAlreadyExists,
                                               ".1.2: put twice"));
    }
  };
  const auto column = [](Parts* parts) {
    parts->PutColumn({1}, RowIndex::UpTo(3), Full(3, 1));
  };
  const auto in_order = [](Parts* parts) { parts->PutInOrder({1, 2}, 0); };
  const auto apart = [](Parts* parts) { parts->PutApart({1, 2}, 0); };
  const auto erase = [](Parts* parts) {
    parts->overrides().Erase(EncodedOid({1, 2}).bytes());
  };
  merge([&](Parts* p) { in_order(p), apart(p); });
  merge([&](Parts* p) { apart(p), apart(p); });
  merge([&](Parts* p) { in_order(p), column(p); });
  merge([&](Parts* p) { apart(p), column(p); });
  merge([&](Parts* p) { in_order(p), apart(p), erase(p); });
  merge([&](Parts* p) {
    p->PutColumn({1}, RowIndex::FromNumbers({2, 3}).value(), Full(2, 0));
    p->PutColumn({}, RowIndex::Make(std::vector<Oid>{{1, 2}}).value(),
                 Full(1, 0));
  });
}

TEST(MergingReaderTest, TellsThatTheEmptyNameComesTwice) {
  Parts parts;
  parts.PutInOrder({}, 0);
  parts.PutApart({}, 0);
  RecordingSink sink(false);
  EXPECT_THAT(parts.Merge(&sink),
              StatusIs(absl::StatusCode::kAlreadyExists, ".: put twice"));
}

// Names of a few short shapes, so that most parts meet.
Oid RandomName(std::mt19937* random) {
  Oid name;
  const size_t size = (*random)() % 4;
  while (name.size() < size) name.Append((*random)() % 3 + 246);
  return name;
}

std::shared_ptr<const RowIndex> RandomRows(std::mt19937* random) {
  std::map<Oid, int> names;
  const size_t size = (*random)() % 6;
  while (names.size() < size) names[RandomName(random)];
  RowIndexBuilder rows;
  for (const auto& [name, unused] : names) {
    EXPECT_THAT(rows.Add(EncodedOid(name).bytes()), IsOk());
  }
  return std::move(rows).Finish();
}

TEST(MergingReaderTest, DoesWhatAMapDoes) {
  std::mt19937 random(1);
  size_t whole_columns = 0;
  for (int round = 0; round < 3000; ++round) {
    SCOPED_TRACE(round);
    struct Row {
      uint64_t number;
      std::string label;
    };
    std::map<Oid, Row> model;
    Parts parts;
    uint64_t number = 0;
    // Columns first: a cell whose name is taken is missing.
    for (size_t columns = random() % 4; columns > 0; --columns) {
      Oid prefix = RandomName(&random);
      if (random() % 2 == 0) prefix.Append(columns);
      const auto rows = RandomRows(&random);
      NullableColumn cells;
      for (size_t row = 0; row < rows->size(); ++row) {
        char scratch[kMaxPackedArcSize];
        const Oid name =
            Concat(prefix, UnpackKey(rows->PackedIndex(row, scratch)));
        if (random() % 5 == 0 || model.count(name) > 0) continue;
        cells.SkipTo(row);
        cells.Add(Number(++number));
        model[name] = {number, ""};
      }
      cells.SkipTo(rows->size());
      parts.PutColumn(prefix, rows, std::move(cells));
    }
    std::map<Oid, Row> in_order;
    for (size_t puts = random() % 12; puts > 0; --puts) {
      const Oid name = RandomName(&random);
      const Row row = {++number, random() % 2 == 0 ? "label" : ""};
      if (!model.emplace(name, row).second) continue;
      if (random() % 2 == 0) {
        in_order[name] = row;
      } else {
        parts.PutApart(name, row.number, row.label);
      }
    }
    for (const auto& [name, row] : in_order) {
      parts.PutInOrder(name, row.number, row.label);
    }
    for (size_t changes = random() % 6; changes > 0; --changes) {
      const Oid name = RandomName(&random);
      if (random() % 2 == 0) {
        parts.overrides().Erase(EncodedOid(name).bytes());
        model.erase(name);
      } else {
        const std::string label = random() % 2 == 0 ? "new" : "";
        parts.overrides().Put(EncodedOid(name).bytes(), Number(++number),
                              label);
        Row& row = model[name];
        row.number = number;
        if (!label.empty()) row.label = label;
      }
    }
    std::vector<std::string> expected;
    for (const auto& [name, row] : model) {
      expected.push_back(absl::StrCat(name.ToString(), " = ", row.number,
                                      row.label.empty() ? "" : " # ",
                                      row.label));
    }
    RecordingSink sink(round % 2 == 0);
    ASSERT_THAT(parts.Merge(&sink), IsOk());
    ASSERT_EQ(sink.lines, expected);
    whole_columns += sink.columns.size();
  }
  EXPECT_GT(whole_columns, 100u);
}

}  // namespace
}  // namespace passpersist::internal
