// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table/table_update.h"

#include "absl/strings/str_cat.h"

namespace passpersist::table_internal {

TableUpdate::TableUpdate(const Declaration* declaration, size_t root_arcs)
    : declaration_(declaration),
      arcs_before_(root_arcs + 2) {  // the entry and the column
  for (const Column& column : declaration->columns) {
    if (!column.is_accessible) continue;
    if (column.ops->is_number) {
      builder_.AddNumbers(column.id, column.ops->wire);
    } else {
      builder_.AddValues(column.id);
    }
    columns_.push_back(&column);
  }
}

void TableUpdate::AddRows(absl::Span<const void* const> rows,
                          Contents* contents) {
  const size_t first_row = builder_.size();
  const void* indexed[kBlock];
  size_t size = 0;
  for (const void* const row : rows) {
    const absl::Status status =
        row == nullptr ? absl::InvalidArgumentError("the pointer to it is null")
                       : declaration_->EncodeIndex(row, arcs_before_, &index_);
    if (status.ok()) {
      builder_.AddRow(index_);
      indexed[size++] = row;
    } else {
      contents->AddError(
          absl::Status(status.code(),
                       absl::StrCat("a row is left out: ", status.message())));
    }
  }
  for (size_t column = 0; column < columns_.size(); ++column) {
    columns_[column]->ops->fill(
        columns_[column]->source, {indexed, size},
        {&builder_, column, first_row, contents->sys_up_time_zero()});
  }
}

void TableUpdate::Clear() {
  if (builder_.size() == 0) return;
  Contents ignored;
  Put(&ignored);
}

void TableUpdate::Put(Contents* contents) { contents->PutTable({1}, builder_); }

}  // namespace passpersist::table_internal
