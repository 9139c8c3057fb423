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
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/changes.h"
#include "passpersist/encoding/entry_buffer.h"
#include "passpersist/encoding/nullable_column.h"
#include "passpersist/encoding/oid_encoding.h"
#include "passpersist/encoding/packed_row_index.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/oid.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;
using testing::ElementsAre;
using testing::IsEmpty;

PackedValue Number(uint64_t number) {
  return {ValueTag::kCounter64, number, {}};
}

PackedRowIndex Indexes(const std::vector<Oid>& indexes) {
  PackedRowIndex rows;
  for (const Oid& index : indexes) {
    EXPECT_THAT(rows.Add(EncodedOid(index).bytes()), IsOk());
  }
  return rows;
}

// Records what it receives; checks the order and `shared`.
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
    for (size_t row = 0; row < column.indexes.size(); ++row) {
      char scratch[kMaxPackedArcSize];
      if (!column.HasCell(row)) continue;
      Record(UnpackKey(
                 absl::StrCat(column.prefix, column.indexes.Get(row, scratch))),
             column.cells.Get(cell++).number, "");
    }
    EXPECT_EQ(cell, column.cells.size());
    EXPECT_GT(cell, 0u);
    columns.push_back(UnpackKey(column.prefix));
    before_.clear();
    return true;
  }

  std::vector<std::string> lines;
  std::vector<Oid> columns;  // received whole

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

// The input of a merge.
class Input {
 public:
  void PutInOrder(const Oid& suffix, uint64_t number,
                  absl::string_view label = "") {
    ASSERT_TRUE(in_order_.TryAppend(suffix, Number(number), label));
  }
  // Puts an entry in a run of its own.
  void PutApart(const Oid& suffix, uint64_t number,
                absl::string_view label = "") {
    apart_.emplace_back();
    apart_.back().TryAppend(suffix, Number(number), label);
  }
  void PutColumn(const Oid& prefix, PackedRowIndex rows, NullableColumn cells) {
    columns_.push_back({std::string(EncodedOid(prefix).bytes()),
                        std::move(rows), std::move(cells)});
  }
  Changes& changes() { return changes_; }

  // Appends the keys of which an entry was not sent to *repeated.
  absl::Status Merge(ContentsSink* sink,
                     std::vector<Oid>* repeated = nullptr) const {
    const Overlay overlay(changes_);
    MergingReader merge(&overlay, sink);
    merge.AddRun(std::make_unique<BufferRun>(&in_order_));
    for (const EntryBuffer& buffer : apart_) {
      merge.AddRun(std::make_unique<BufferRun>(&buffer));
    }
    for (const Column& column : columns_) {
      merge.AddColumn({column.prefix, nullptr, column.rows,
                       column.cells.cells(), column.cells.validity()});
    }
    return merge.Run([repeated](absl::string_view key) {
      if (repeated == nullptr) return absl::AlreadyExistsError("repeated");
      repeated->push_back(UnpackKey(key));
      return absl::OkStatus();
    });
  }

 private:
  struct Column {
    std::string prefix;
    PackedRowIndex rows;
    NullableColumn cells;
  };

  EntryBuffer in_order_;
  std::vector<EntryBuffer> apart_;
  std::vector<Column> columns_;
  Changes changes_;
};

NullableColumn Full(size_t rows, uint64_t number) {
  NullableColumn cells;
  for (size_t row = 0; row < rows; ++row) cells.Add(Number(number));
  return cells;
}

// The columns that a sink receives whole if it accepts columns.
std::vector<Oid> WholeColumns(const Input& input) {
  RecordingSink cell_by_cell(false);
  RecordingSink whole(true);
  EXPECT_THAT(input.Merge(&cell_by_cell), IsOk());
  EXPECT_THAT(input.Merge(&whole), IsOk());
  EXPECT_EQ(cell_by_cell.lines, whole.lines);
  return whole.columns;
}

TEST(MergingReaderTest, SendsNothingIfThereIsNothing) {
  RecordingSink sink(true);
  EXPECT_THAT(Input().Merge(&sink), IsOk());
  EXPECT_THAT(sink.lines, IsEmpty());
}

TEST(MergingReaderTest, MergesRunsAndColumnsInOrder) {
  Input input;
  input.PutInOrder({1}, 1, "one");
  input.PutInOrder({2, 1}, 21);
  input.PutInOrder({5}, 5);
  input.PutApart({4}, 4, "four");
  input.PutApart({}, 0);
  input.PutColumn({3}, PackedRowIndex::UpTo(2), Full(2, 3));
  input.PutColumn({2}, Indexes({{2}, {4}}), Full(2, 2));
  RecordingSink sink(false);
  ASSERT_THAT(input.Merge(&sink), IsOk());
  EXPECT_THAT(sink.lines, ElementsAre(". = 0", ".1 = 1 # one", ".2.1 = 21",
                                      ".2.2 = 2", ".2.4 = 2", ".3.1 = 3",
                                      ".3.2 = 3", ".4 = 4 # four", ".5 = 5"));
}

TEST(MergingReaderTest, SendsAColumnWholeIfNothingLiesBetweenItsRows) {
  Input input;
  input.PutColumn({2}, PackedRowIndex::UpTo(9), Full(9, 2));
  input.PutColumn({1}, PackedRowIndex::UpTo(9), Full(9, 1));
  input.PutInOrder({0}, 0);
  input.PutInOrder({1, 0}, 0);
  input.PutInOrder({1, 10}, 0);
  input.PutInOrder({2}, 0);
  EXPECT_THAT(WholeColumns(input), ElementsAre(Oid{1}, Oid{2}));
}

TEST(MergingReaderTest, SendsCellsIfAnEntryLiesBetweenThem) {
  for (const bool apart : {false, true}) {
    Input input;
    input.PutColumn({1}, PackedRowIndex::UpTo(9), Full(9, 1));
    input.PutColumn({2}, PackedRowIndex::UpTo(9), Full(9, 2));
    if (apart) {
      input.PutApart({1, 5, 0}, 0);
    } else {
      input.PutInOrder({1, 5, 0}, 0);
    }
    EXPECT_THAT(WholeColumns(input), ElementsAre(Oid{2}));
  }
}

TEST(MergingReaderTest, SendsCellsIfAnEntryReplacesAMissingCell) {
  Input input;
  NullableColumn cells = Full(8, 1);
  cells.SkipTo(9);
  input.PutColumn({1}, PackedRowIndex::UpTo(9), std::move(cells));
  input.PutInOrder({1, 9}, 0);
  EXPECT_THAT(WholeColumns(input), IsEmpty());
}

TEST(MergingReaderTest, SendsCellsIfAColumnLiesBetweenThem) {
  Input input;
  input.PutColumn({1}, Indexes({{1}, {5}}), Full(2, 1));
  input.PutColumn({1}, Indexes({{2}, {3}}), Full(2, 2));
  input.PutColumn({1, 1}, PackedRowIndex::UpTo(2), Full(2, 3));
  EXPECT_THAT(WholeColumns(input), ElementsAre(Oid({1, 1}), Oid{1}));
}

TEST(MergingReaderTest, SendsCellsIfTheOverlayChangesOneOfThem) {
  Input input;
  input.PutColumn({1}, PackedRowIndex::UpTo(9), Full(9, 1));
  input.PutColumn({2}, PackedRowIndex::UpTo(9), Full(9, 2));
  input.PutColumn({3}, PackedRowIndex::UpTo(9), Full(9, 3));
  input.changes().Put({1, 9}, Counter64{0});
  input.changes().Put({1, 10}, Counter64{0});
  input.changes().Erase({3, 1});
  EXPECT_THAT(WholeColumns(input), ElementsAre(Oid{2}));
}

TEST(MergingReaderTest, LeavesOutColumnsWithoutCells) {
  Input input;
  NullableColumn missing;
  missing.SkipTo(3);
  input.PutColumn({1}, PackedRowIndex::UpTo(0), NullableColumn());
  input.PutColumn({2}, PackedRowIndex::UpTo(3), std::move(missing));
  EXPECT_THAT(WholeColumns(input), IsEmpty());
}

// Merges with sinks that take columns and that do not. Expects that the entry
// of .1.2 is repeated, and returns it.
std::string MergeRepeated(const Input& input) {
  std::string kept;
  for (const bool takes_columns : {true, false}) {
    RecordingSink sink(takes_columns);
    std::vector<Oid> repeated;
    EXPECT_THAT(input.Merge(&sink, &repeated), IsOk());
    EXPECT_THAT(repeated, ElementsAre(Oid({1, 2})));
    kept.clear();
    for (const std::string& line : sink.lines) {
      if (absl::StartsWith(line, ".1.2 = ")) kept = line;
    }
  }
  return kept;
}

TEST(MergingReaderTest, OfARepeatedKeyTheEntryOfTheLastRunIsSent) {
  const auto merge = [](const auto& put) {
    Input input;
    put(&input);
    return MergeRepeated(input);
  };
  const auto column = [](Input* input) {
    input->PutColumn({1}, PackedRowIndex::UpTo(3), Full(3, 1));
  };
  const auto in_order = [](Input* input) {
    input->PutInOrder({1, 2}, 2, "in order");
    input->PutInOrder({1, 9}, 2);
  };
  const auto apart = [](uint64_t number) {
    return [number](Input* input) { input->PutApart({1, 2}, number); };
  };
  const auto erase = [](Input* input) { input->changes().Erase({1, 2}); };
  const auto change = [](Input* input) {
    input->changes().Put({1, 2}, Counter64{7});
  };
  EXPECT_EQ(merge([&](Input* p) { in_order(p), apart(3)(p); }), ".1.2 = 3");
  EXPECT_EQ(merge([&](Input* p) { apart(4)(p), apart(3)(p); }), ".1.2 = 3");
  EXPECT_EQ(merge([&](Input* p) { in_order(p), column(p); }),
            ".1.2 = 2 # in order");
  EXPECT_EQ(merge([&](Input* p) { column(p), apart(3)(p); }), ".1.2 = 3");
  EXPECT_EQ(merge([&](Input* p) { in_order(p), apart(3)(p), erase(p); }), "");
  EXPECT_EQ(merge([&](Input* p) { in_order(p), apart(3)(p), change(p); }),
            ".1.2 = 7");
  EXPECT_EQ(merge([&](Input* p) {
              p->PutColumn({1}, Indexes({{2}, {3}}), Full(2, 5));
              p->PutColumn({}, Indexes({{1, 2}}), Full(1, 6));
            }),
            ".1.2 = 6");
}

TEST(MergingReaderTest, TheEmptyKeyMayBeRepeatedToo) {
  Input input;
  input.PutInOrder({}, 0);
  input.PutApart({}, 1);
  input.PutApart({}, 2);
  RecordingSink sink(false);
  std::vector<Oid> repeated;
  EXPECT_THAT(input.Merge(&sink, &repeated), IsOk());
  EXPECT_THAT(sink.lines, ElementsAre(". = 2"));
  EXPECT_THAT(repeated, ElementsAre(Oid(), Oid()));
}

TEST(MergingReaderTest, AnErrorOfTheCallbackEndsTheMerge) {
  Input input;
  input.PutInOrder({1}, 1);
  input.PutInOrder({2}, 2);
  input.PutInOrder({3}, 3);
  input.PutApart({2}, 4);
  RecordingSink sink(false);
  EXPECT_THAT(input.Merge(&sink),
              StatusIs(absl::StatusCode::kAlreadyExists, "repeated"));
  EXPECT_THAT(sink.lines, ElementsAre(".1 = 1", ".2 = 4"));
}

// One of a few short suffixes, so that most inputs interleave.
Oid RandomName(std::mt19937* random) {
  Oid name;
  const size_t size = (*random)() % 4;
  while (name.size() < size) name.Append((*random)() % 3 + 246);
  return name;
}

PackedRowIndex RandomRows(std::mt19937* random) {
  std::map<Oid, int> names;
  const size_t size = (*random)() % 6;
  while (names.size() < size) names[RandomName(random)];
  PackedRowIndex rows;
  for (const auto& [name, unused] : names) {
    EXPECT_THAT(rows.Add(EncodedOid(name).bytes()), IsOk());
  }
  return rows;
}

TEST(MergingReaderTest, BehavesLikeAMap) {
  std::mt19937 random(1);
  size_t whole_columns = 0;
  for (int round = 0; round < 3000; ++round) {
    SCOPED_TRACE(round);
    struct Row {
      uint64_t number;
      std::string label;
    };
    std::map<Oid, Row> model;
    Input input;
    uint64_t number = 0;
    size_t repetitions = 0;
    const auto put = [&](const Oid& name, const Row& row) {
      if (!model.insert_or_assign(name, row).second) ++repetitions;
    };
    // Columns first: what comes later takes the place of a cell.
    for (size_t columns = random() % 4; columns > 0; --columns) {
      Oid prefix = RandomName(&random);
      if (random() % 2 == 0) prefix.Append(columns);
      const auto rows = RandomRows(&random);
      NullableColumn cells;
      for (size_t row = 0; row < rows.size(); ++row) {
        char scratch[kMaxPackedArcSize];
        const Oid name = Concat(prefix, UnpackKey(rows.Get(row, scratch)));
        if (random() % 5 == 0) continue;
        cells.SkipTo(row);
        cells.Add(Number(++number));
        put(name, {number, ""});
      }
      cells.SkipTo(rows.size());
      input.PutColumn(prefix, rows, std::move(cells));
    }
    std::map<Oid, Row> in_order;
    std::vector<std::pair<Oid, Row>> apart;
    for (size_t puts = random() % 12; puts > 0; --puts) {
      const Oid name = RandomName(&random);
      const Row row = {++number, random() % 2 == 0 ? "label" : ""};
      if (random() % 2 == 0) {
        in_order[name] = row;
      } else {
        apart.emplace_back(name, row);
      }
    }
    for (const auto& [name, row] : in_order) {
      input.PutInOrder(name, row.number, row.label);
      put(name, row);
    }
    for (const auto& [name, row] : apart) {
      input.PutApart(name, row.number, row.label);
      put(name, row);
    }
    for (size_t changes = random() % 6; changes > 0; --changes) {
      const Oid name = RandomName(&random);
      if (random() % 2 == 0) {
        input.changes().Erase(name);
        model.erase(name);
      } else {
        const std::string label = random() % 2 == 0 ? "new" : "";
        input.changes().Put(name, Counter64{++number}, label);
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
    std::vector<Oid> repeated;
    ASSERT_THAT(input.Merge(&sink, &repeated), IsOk());
    ASSERT_EQ(sink.lines, expected);
    ASSERT_EQ(repeated.size(), repetitions);
    whole_columns += sink.columns.size();
  }
  EXPECT_GT(whole_columns, 100u);
}

}  // namespace
}  // namespace passpersist::internal
