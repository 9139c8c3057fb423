// SPDX-License-Identifier: Apache-2.0

#include "passpersist/encoding/nullable_column.h"

#include <algorithm>

namespace passpersist::internal {

void NullableColumn::SkipTo(size_t rows) {
  if (rows == rows_) return;
  // The first missing cell: all rows before it have one.
  if (validity_.empty()) {
    validity_.assign(rows_ / kWord, ~uint64_t{0});
    if (rows_ % kWord != 0) {
      validity_.push_back((uint64_t{1} << rows_ % kWord) - 1);
    }
  }
  validity_.resize((rows + kWord - 1) / kWord, 0);
  rows_ = rows;
}

void NullableColumn::SetValid(size_t count) {
  const size_t end = rows_ + count;
  validity_.resize((end + kWord - 1) / kWord, 0);
  for (size_t row = rows_; row < end;) {
    const size_t bits = std::min(end - row, kWord - row % kWord);
    validity_[row / kWord] |= ~uint64_t{0} >> (kWord - bits) << row % kWord;
    row += bits;
  }
}

NullableColumn NullableColumn::Permuted(absl::Span<const size_t> order) const {
  if (validity_.empty()) return NullableColumn(cells_.Permuted(order));
  // Cells are stored without gaps: find out which cell each row has.
  constexpr auto kMissing = static_cast<size_t>(-1);
  std::vector<size_t> cell_of_row(rows_);
  size_t cell = 0;
  for (size_t row = 0; row < rows_; ++row) {
    cell_of_row[row] = HasCell(row) ? cell++ : kMissing;
  }
  NullableColumn permuted;
  permuted.Reserve(cells_.extent());
  for (size_t row = 0; row < order.size(); ++row) {
    cell = cell_of_row[order[row]];
    if (cell == kMissing) continue;
    permuted.SkipTo(row);
    permuted.Add(cells_.Get(cell));
  }
  permuted.SkipTo(order.size());
  return permuted;
}

}  // namespace passpersist::internal
