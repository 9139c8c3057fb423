// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_ENCODING_NULLABLE_COLUMN_H_
#define PASSPERSIST_ENCODING_NULLABLE_COLUMN_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/encoding/column_values.h"
#include "passpersist/encoding/packed_value.h"

namespace passpersist::internal {

// The cells of a column, row by row; cells may be missing.
//
//   rows       0   1   2   3   4
//   validity   1   1   0   0   1    a bit each; empty if no cell is missing
//   cells      a   b           c    0, 1 and 2 of a ColumnValues
//
// Used by one thread at a time; safe for concurrent reading.
class NullableColumn {
 public:
  NullableColumn() = default;

  // A column whose rows all have a cell.
  explicit NullableColumn(ColumnValues cells)
      : rows_(cells.size()), cells_(std::move(cells)) {}

  // A column of numbers of one type, some of which may be missing. The loop has
  // no branch for each number: missing numbers are hard to predict.
  template <typename T>
  static NullableColumn FromNumbers(
      const std::vector<std::optional<T>>& numbers);

  // Adds a row with that value: see ColumnValues.
  void Add(const PackedValue& value) {
    cells_.Add(value);
    AddValid(1);
  }

  // The same for strings of successive rows. None is a SharedValue.
  void AddStrings(ValueTag tag, absl::Span<const absl::string_view> strings) {
    for (const absl::string_view string : strings) {
      cells_.AddString(tag, string);
    }
    AddValid(strings.size());
  }

  // See ColumnValues. CommitNumbers() adds a row with a cell for each number;
  // it does nothing if `end` is null.
  ColumnValues::Room MakeRoom(ValueTag tag) { return cells_.MakeRoom(tag); }
  void CommitNumbers(const char* end) {
    if (end == nullptr) return;
    AddValid(cells_.CommitNumbers(end));
  }

  // Adds rows without a cell until there are `rows`. Requires
  // `rows` >= rows().
  void SkipTo(size_t rows);

  size_t rows() const { return rows_; }
  // Requires row < rows().
  bool HasCell(size_t row) const {
    return validity_.empty() ||
           (validity_[row / kWord] >> row % kWord & 1) != 0;
  }
  const ColumnValues& cells() const { return cells_; }

  // See PackedColumn::validity.
  absl::Span<const uint64_t> validity() const { return validity_; }

  // The same cells in another order: row i of the result is row order[i]. Rows
  // that `order` lacks are left out.
  NullableColumn Permuted(absl::Span<const size_t> order) const;

  size_t MemoryUsage() const {
    return validity_.capacity() * sizeof(uint64_t) + cells_.MemoryUsage();
  }

  // Allocates memory for cells of that extent.
  void Reserve(const ColumnValues::Extent& extent) { cells_.Reserve(extent); }

 private:
  static constexpr size_t kWord = 64;

  // Adds `count` rows with a cell to rows_ and validity_.
  void AddValid(size_t count) {
    if (!validity_.empty()) SetValid(count);
    rows_ += count;
  }
  void SetValid(size_t count);

  size_t rows_ = 0;
  std::vector<uint64_t> validity_;
  ColumnValues cells_;
};

template <typename T>
NullableColumn NullableColumn::FromNumbers(
    const std::vector<std::optional<T>>& numbers) {
  std::vector<T> valid_numbers(numbers.size());
  std::vector<uint64_t> validity((numbers.size() + kWord - 1) / kWord);
  size_t size = 0;
  for (size_t row = 0; row < numbers.size(); ++row) {
    const bool has_cell = numbers[row].has_value();
    valid_numbers[size] = numbers[row].value_or(T{});
    size += has_cell ? 1 : 0;
    validity[row / kWord] |= uint64_t{has_cell} << row % kWord;
  }
  valid_numbers.resize(size);
  if (size < numbers.size() / 2) valid_numbers.shrink_to_fit();
  NullableColumn column(ColumnValues::FromNumbers(std::move(valid_numbers)));
  if (size < numbers.size()) column.validity_ = std::move(validity);
  column.rows_ = numbers.size();
  return column;
}

}  // namespace passpersist::internal

#endif  // PASSPERSIST_ENCODING_NULLABLE_COLUMN_H_
