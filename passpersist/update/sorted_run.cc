// SPDX-License-Identifier: Apache-2.0

#include "passpersist/update/sorted_run.h"

#include <algorithm>

#include "passpersist/encoding/oid_encoding.h"

namespace passpersist::internal {

ColumnRun::ColumnRun(const PackedColumn& column)
    : column_(column), key_(column.prefix) {
  // Enough for an index of one arc, which consecutive rows have.
  key_.resize(key_.size() + kMaxPackedArcSize);
  set_entry(&entry_);
}

bool ColumnRun::Next() {
  const PackedRowIndex& rows = column_.indexes;
  while (row_ < rows.size() && !column_.HasCell(row_)) ++row_;
  if (row_ == rows.size()) return false;
  const size_t prefix = column_.prefix.size();
  if (rows.is_consecutive()) {
    // Each index is one arc, so two indexes have no whole arc in common.
    entry_.shared = prefix;
    entry_.key = {key_.data(), prefix + rows.Get(row_, &key_[prefix]).size()};
  } else {
    const absl::string_view index = rows.Get(row_, nullptr);
    entry_.shared = prefix + SharedArcsSize(index_, index);
    index_ = index;
    key_.resize(std::max(key_.size(), prefix + index.size()));
    index.copy(&key_[prefix], index.size());
    entry_.key = {key_.data(), prefix + index.size()};
  }
  ++row_;
  entry_.value = column_.cells.Get(cell_++);
  return true;
}

}  // namespace passpersist::internal
