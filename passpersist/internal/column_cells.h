#ifndef PASSPERSIST_INTERNAL_COLUMN_CELLS_H_
#define PASSPERSIST_INTERNAL_COLUMN_CELLS_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "passpersist/internal/cells.h"
#include "passpersist/internal/packed_value.h"

namespace passpersist::internal {

// The cells of a column, row by row; some may be missing.
//
//   rows      0   1   2   3   4
//   present   1   1   0   0   1    a bit each; nothing if no cell is missing
//   cells     a   b           c    0, 1 and 2 of a Cells
//
// Used by one thread at a time; safe for concurrent reading.
class ColumnCells {
 public:
  ColumnCells() = default;

  // Of rows that all have a cell.
  explicit ColumnCells(Cells cells)
      : rows_(cells.size()), cells_(std::move(cells)) {}

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
  const Cells& cells() const { return cells_; }

  // See PackedColumn.
  absl::Span<const uint64_t> present() const { return present_; }

  // The same cells in another order: row i becomes what row order[i] is.
  ColumnCells Permuted(absl::Span<const size_t> order) const;

  size_t MemoryUsage() const {
    return present_.capacity() * sizeof(uint64_t) + cells_.MemoryUsage();
  }

  // Takes memory for as many cells as `other` has.
  void ReserveLike(const ColumnCells& other) {
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
  Cells cells_;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_INTERNAL_COLUMN_CELLS_H_
