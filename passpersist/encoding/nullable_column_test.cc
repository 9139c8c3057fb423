// SPDX-License-Identifier: Apache-2.0

#include "passpersist/encoding/nullable_column.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

using Row = std::optional<uint64_t>;

NullableColumn Make(const std::vector<Row>& rows) {
  NullableColumn column;
  for (const Row& row : rows) {
    if (row) {
      column.Add({ValueTag::kCounter64, *row, {}});
    } else {
      column.SkipTo(column.rows() + 1);
    }
  }
  return column;
}

std::vector<Row> RowsOf(const NullableColumn& column) {
  std::vector<Row> rows;
  size_t cell = 0;
  for (size_t i = 0; i < column.rows(); ++i) {
    const bool valid = column.validity().empty() ||
                       (column.validity()[i / 64] >> i % 64 & 1) != 0;
    rows.push_back(valid ? Row(column.cells().Get(cell++).number) : Row());
  }
  EXPECT_EQ(cell, column.cells().size());
  return rows;
}

std::vector<Row> RandomRows(std::mt19937* random, size_t count, int missing) {
  std::vector<Row> rows(count);
  for (size_t i = 0; i < count; ++i) {
    if (static_cast<int>((*random)() % 100) >= missing) rows[i] = i;
  }
  return rows;
}

// The numbers of a column whose rows may be missing, written in place.
NullableColumn Write(const std::vector<Row>& rows) {
  NullableColumn column;
  ColumnValues::Room room = {nullptr, nullptr};
  size_t next = 0;
  for (size_t row = 0; row < rows.size(); ++row) {
    if (!rows[row]) continue;
    if (next != row || room.begin == room.end) {
      column.CommitNumbers(room.begin);
      column.SkipTo(row);
      room = column.MakeRoom(ValueTag::kCounter64);
      EXPECT_GT(room.end, room.begin);
    }
    std::memcpy(room.begin, &*rows[row], sizeof(uint64_t));
    room.begin += sizeof(uint64_t);
    next = row + 1;
  }
  column.CommitNumbers(room.begin);
  column.SkipTo(rows.size());
  return column;
}

TEST(NullableColumnTest, HasTheNumbersThatWereWrittenInPlace) {
  EXPECT_EQ(RowsOf(Write({})), RowsOf(Make({})));
  EXPECT_TRUE(Write({1, 2, 3}).validity().empty());
  std::mt19937 random(1);
  for (const int missing : {0, 1, 5, 50, 95, 100}) {
    const std::vector<Row> rows = RandomRows(&random, 1000, missing);
    EXPECT_EQ(RowsOf(Write(rows)), rows);
  }
}

TEST(NullableColumnTest, HasNoValidityBitsIfNoCellIsMissing) {
  EXPECT_TRUE(Make({1, 2, 3}).validity().empty());
  EXPECT_TRUE(NullableColumn().validity().empty());
  EXPECT_TRUE(NullableColumn(ColumnValues::FromNumbers<Gauge32>({Gauge32{1}}))
                  .validity()
                  .empty());
}

TEST(NullableColumnTest, KnowsWhichCellsAreMissing) {
  std::mt19937 random(1);
  for (const size_t count : {1u, 63u, 64u, 65u, 127u, 128u, 129u, 1000u}) {
    for (const int missing : {0, 2, 50, 98, 100}) {
      SCOPED_TRACE(testing::Message() << count << " rows, " << missing << " %");
      const std::vector<Row> rows = RandomRows(&random, count, missing);
      const NullableColumn column = Make(rows);
      EXPECT_EQ(RowsOf(column), rows);
      if (column.validity().empty()) continue;
      ASSERT_EQ(column.validity().size(), (count + 63) / 64);
      if (count % 64 != 0) {
        EXPECT_EQ(column.validity().back() >> count % 64, 0u);
      }
    }
  }
}

TEST(NullableColumnTest, KeepsOptionalNumbers) {
  std::mt19937 random(3);
  for (const size_t count : {0u, 1u, 63u, 64u, 65u, 1000u}) {
    for (const int missing : {0, 30, 90, 100}) {
      SCOPED_TRACE(testing::Message() << count << " rows, " << missing << " %");
      const std::vector<Row> rows = RandomRows(&random, count, missing);
      std::vector<std::optional<Counter64>> numbers;
      for (const Row& row : rows) {
        numbers.push_back(row ? std::optional(Counter64{*row}) : std::nullopt);
      }
      const NullableColumn column = NullableColumn::FromNumbers(numbers);
      EXPECT_EQ(RowsOf(column), rows);
      EXPECT_EQ(column.validity(), Make(rows).validity());
    }
  }
}

TEST(NullableColumnTest, SkipsToTheRowThatItIsAt) {
  NullableColumn column = Make({1, 2});
  column.SkipTo(2);
  EXPECT_TRUE(column.validity().empty());
  column.SkipTo(200);
  EXPECT_EQ(column.rows(), 200u);
  EXPECT_EQ(column.cells().size(), 2u);
}

TEST(NullableColumnTest, ChangesTheOrderOfRows) {
  std::mt19937 random(2);
  for (const int missing : {0, 30, 100}) {
    const std::vector<Row> rows = RandomRows(&random, 300, missing);
    std::vector<size_t> order(rows.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::shuffle(order.begin(), order.end(), random);
    std::vector<Row> expected;
    for (const size_t row : order) expected.push_back(rows[row]);
    EXPECT_EQ(RowsOf(Make(rows).Permuted(order)), expected);
  }
}

}  // namespace
}  // namespace passpersist::internal
