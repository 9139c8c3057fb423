// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_ENCODING_NULLABLE_COLUMN_H_
#define PASSPERSIST_ENCODING_NULLABLE_COLUMN_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "passpersist/encoding/column_values.h"
#include "passpersist/encoding/packed_value.h"

namespace passpersist::internal {

// The cells of a column, row by row; some may be missing.
//
//   rows      0   1   2   3   4
//   present   1   1   0   0   1    a bit each; nothing if no cell is missing
//   cells     a   b           c    0, 1 and 2 of a Cells
//
// Used by one thread at a time; safe for concurrent reading.
class NullableColumn {
 public:
  NullableColumn() = default;

  // Of rows that all have a cell.
  explicit NullableColumn(ColumnValues cells)
      : rows_(cells.size()), cells_(std::move(cells)) {}

  // Of numbers of one type, some of which may be missing. Without a branch for
  // each, since which ones is hard to foretell.
  template <typename T>
  static NullableColumn FromNumbers(
      const std::vector<std::optional<T>>& numbers);

  // The next row has that value: see Cells.
  void Add(const PackedValue& value) {
    cells_.Add(value);
    AddPresent();
  }
  void AddNumber(ValueTag tag, uint64_t number) {
    cells_.AddNumber(tag, number);
    AddPresent();
  }

  // The rows up to `rows`, of which there are more than now or as many, have no
  // cell.
  void SkipTo(size_t rows);

  size_t rows() const { return rows_; }
  const ColumnValues& cells() const { return cells_; }

  // See PackedColumn.
  absl::Span<const uint64_t> present() const { return present_; }

  // The same cells in another order: row i becomes what row order[i] is.
  NullableColumn Permuted(absl::Span<const size_t> order) const;

  size_t MemoryUsage() const {
    return present_.capacity() * sizeof(uint64_t) + cells_.MemoryUsage();
  }

  // Takes memory for as many cells as `other` has.
  void ReserveLike(const NullableColumn& other) {
    cells_.ReserveLike(other.cells_);
  }

 private:
  static constexpr size_t kWord = 64;

  void AddPresent() {
    if (!present_.empty()) {
      if (rows_ % kWord == 0) present_.push_back(0);
      present_.back() |= uint64_t{1} << rows_ % kWord;
    }
    ++rows_;
  }

  size_t rows_ = 0;
  std::vector<uint64_t> present_;
  ColumnValues cells_;
};

template <typename T>
NullableColumn NullableColumn::FromNumbers(
    const std::vector<std::optional<T>>& numbers) {
  std::vector<T> present_numbers(numbers.size());
  std::vector<uint64_t> present((numbers.size() + kWord - 1) / kWord);
  size_t size = 0;
  for (size_t row = 0; row < numbers.size(); ++row) {
    const bool has_cell = numbers[row].has_value();
    present_numbers[size] = numbers[row].value_or(T{});
    size += has_cell ? 1 : 0;
    present[row / kWord] |= uint64_t{has_cell} << row % kWord;
  }
  present_numbers.resize(size);
  if (size < numbers.size() / 2) present_numbers.shrink_to_fit();
  NullableColumn cells(ColumnValues::FromNumbers(std::move(present_numbers)));
  if (size < numbers.size()) cells.present_ = std::move(present);
  cells.rows_ = numbers.size();
  return cells;
}

}  // namespace passpersist::internal

#endif  // PASSPERSIST_ENCODING_NULLABLE_COLUMN_H_
