// SPDX-License-Identifier: Apache-2.0

#include "passpersist/encoding/nullable_column.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
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
  NullableColumn cells;
  for (const Row& row : rows) {
    if (row) {
      cells.AddNumber(ValueTag::kCounter64, *row);
    } else {
      cells.SkipTo(cells.rows() + 1);
    }
  }
  return cells;
}

std::vector<Row> RowsOf(const NullableColumn& cells) {
  std::vector<Row> rows;
  size_t cell = 0;
  for (size_t i = 0; i < cells.rows(); ++i) {
    const bool present =
        cells.present().empty() || (cells.present()[i / 64] >> i % 64 & 1) != 0;
    rows.push_back(present ? Row(cells.cells().Get(cell++).number) : Row());
  }
  EXPECT_EQ(cell, cells.cells().size());
  return rows;
}

std::vector<Row> RandomRows(std::mt19937* random, size_t count, int missing) {
  std::vector<Row> rows(count);
  for (size_t i = 0; i < count; ++i) {
    if (static_cast<int>((*random)() % 100) >= missing) rows[i] = i;
  }
  return rows;
}

TEST(NullableColumnTest, HasNoBitsWhereNoCellIsMissing) {
  EXPECT_TRUE(Make({1, 2, 3}).present().empty());
  EXPECT_TRUE(NullableColumn().present().empty());
  EXPECT_TRUE(NullableColumn(ColumnValues::FromNumbers<Gauge32>({Gauge32{1}}))
                  .present()
                  .empty());
}

TEST(NullableColumnTest, KnowsWhichCellsAreMissing) {
  std::mt19937 random(1);
  for (const size_t count : {1u, 63u, 64u, 65u, 127u, 128u, 129u, 1000u}) {
    for (const int missing : {0, 2, 50, 98, 100}) {
      SCOPED_TRACE(testing::Message() << count << " rows, " << missing << " %");
      const std::vector<Row> rows = RandomRows(&random, count, missing);
      const NullableColumn cells = Make(rows);
      EXPECT_EQ(RowsOf(cells), rows);
      if (cells.present().empty()) continue;
      ASSERT_EQ(cells.present().size(), (count + 63) / 64);
      if (count % 64 != 0) {
        EXPECT_EQ(cells.present().back() >> count % 64, 0u);
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
      const NullableColumn cells = NullableColumn::FromNumbers(numbers);
      EXPECT_EQ(RowsOf(cells), rows);
      EXPECT_EQ(cells.present(), Make(rows).present());
    }
  }
}

TEST(NullableColumnTest, SkipsToTheRowThatItIsAt) {
  NullableColumn cells = Make({1, 2});
  cells.SkipTo(2);
  EXPECT_TRUE(cells.present().empty());
  cells.SkipTo(200);
  EXPECT_EQ(cells.rows(), 200u);
  EXPECT_EQ(cells.cells().size(), 2u);
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
