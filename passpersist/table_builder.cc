// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table_builder.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/encoding/column_values.h"
#include "passpersist/encoding/key_prefix.h"
#include "passpersist/encoding/nullable_column.h"
#include "passpersist/encoding/oid_encoding.h"
#include "passpersist/encoding/packed_contents.h"
#include "passpersist/encoding/packed_row_index.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/row_index.h"

namespace passpersist {

using internal::NullableColumn;
using internal::PackedRowIndex;
using internal::ValueTag;

struct TableBuilder::Parts {
  struct Cells {
    uint32_t id;
    ValueTag tag;  // kOutOfLine unless the column has a NumberWriter
    NullableColumn cells;
  };

  size_t size() const { return ends.size(); }
  // The bytes of an EncodedOid.
  absl::string_view Index(size_t row) const;
  // The rows in the order of their indexes; empty if they are sorted already.
  std::vector<size_t> Order() const;
  absl::StatusOr<PackedRowIndex> MakeRowIndex(
      absl::Span<const size_t> order) const;

  std::vector<Cells> columns;
  std::string indexes;
  std::vector<size_t> ends;  // of each row's index in `indexes`
  bool is_sorted = true;
  std::shared_ptr<const RowIndex> last_rows;
  internal::ValuePacker packer;
  // The first error, and its cell relative to the conceptual row.
  absl::Status error;
  Oid error_cell;
};

TableBuilder::TableBuilder() : parts_(std::make_unique<Parts>()) {}
TableBuilder::TableBuilder(TableBuilder&&) noexcept = default;
TableBuilder& TableBuilder::operator=(TableBuilder&&) noexcept = default;
TableBuilder::~TableBuilder() = default;

size_t TableBuilder::size() const { return parts_->size(); }

size_t TableBuilder::AddNumbers(uint32_t id, size_t type) {
  parts_->columns.push_back({id, static_cast<ValueTag>(type), {}});
  writers_.emplace_back();
  return writers_.size() - 1;
}

size_t TableBuilder::AddValues(uint32_t id) {
  return AddNumbers(id, static_cast<size_t>(ValueTag::kOutOfLine));
}

TableBuilder::Row TableBuilder::AddRow(const Oid& index) {
  Parts& parts = *parts_;
  const size_t begin = parts.indexes.size();
  parts.indexes.resize(begin + index.size() * internal::kMaxPackedArcSize);
  const char* const end =
      internal::PackArcs(index.arcs(), parts.indexes.data() + begin);
  parts.indexes.resize(static_cast<size_t>(end - parts.indexes.data()));
  parts.ends.push_back(parts.indexes.size());
  const size_t row = parts.size() - 1;
  parts.is_sorted =
      parts.is_sorted && (row == 0 || parts.Index(row - 1) < parts.Index(row));
  return Row(this, row);
}

bool TableBuilder::Prepare(size_t row, size_t column) {
  Parts::Cells& parts = parts_->columns[column];
  NumberWriter& writer = writers_[column];
  parts.cells.CommitNumbers(writer.next);
  if (parts.cells.rows() > row) {
    AddError(row, column,
             absl::FailedPreconditionError(parts.cells.rows() == row + 1
                                               ? "set twice"
                                               : "set after a later row"));
    return false;
  }
  parts.cells.SkipTo(row);
  if (parts.tag != ValueTag::kOutOfLine) {
    const auto room = parts.cells.MakeRoom(parts.tag);
    writer = {row, room.begin, room.end};
  }
  return true;
}

NullableColumn* TableBuilder::PrepareValue(size_t row, size_t column) {
  NullableColumn& cells = parts_->columns[column].cells;
  return cells.rows() == row || Prepare(row, column) ? &cells : nullptr;
}

void TableBuilder::SetValue(size_t row, size_t column, OctetString&& value) {
  if (NullableColumn* const cells = PrepareValue(row, column)) {
    cells->Add(parts_->packer.PackOctets(&value));
  }
}

void TableBuilder::SetValue(size_t row, size_t column, Opaque&& value) {
  if (NullableColumn* const cells = PrepareValue(row, column)) {
    cells->Add(parts_->packer.PackOctets(&value));
  }
}

void TableBuilder::SetValue(size_t row, size_t column, Value&& value) {
  if (NullableColumn* const cells = PrepareValue(row, column)) {
    cells->Add(parts_->packer.PackValue(&value));
  }
}

void TableBuilder::AddError(size_t row, size_t column,
                            const absl::Status& error) {
  if (!parts_->error.ok()) return;
  parts_->error = error;
  parts_->error_cell = Concat({parts_->columns[column].id},
                              internal::UnpackKey(parts_->Index(row)));
}

absl::string_view TableBuilder::Parts::Index(size_t row) const {
  const size_t begin = row == 0 ? 0 : ends[row - 1];
  return absl::string_view(indexes).substr(begin, ends[row] - begin);
}

std::vector<size_t> TableBuilder::Parts::Order() const {
  std::vector<size_t> order;
  if (is_sorted) return order;
  std::vector<std::pair<uint64_t, size_t>> rows;  // key prefix, row
  rows.reserve(size());
  for (size_t row = 0; row < size(); ++row) {
    rows.emplace_back(internal::KeyPrefix(Index(row)), row);
  }
  // Compares the indexes only if their prefixes are equal.
  std::sort(rows.begin(), rows.end(), [&](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first < b.first;
    return Index(a.second) < Index(b.second);
  });
  order.reserve(size());
  for (const auto& [prefix, row] : rows) order.push_back(row);
  return order;
}

absl::StatusOr<PackedRowIndex> TableBuilder::Parts::MakeRowIndex(
    absl::Span<const size_t> order) const {
  PackedRowIndex rows;
  for (size_t i = 0; i < size(); ++i) {
    absl::Status status = rows.Add(Index(order.empty() ? i : order[i]));
    if (!status.ok()) return status;
  }
  return rows;
}

void TableBuilder::MoveRowsTo(const Oid& table_entry,
                              internal::PackedContents* contents) {
  Parts& parts = *parts_;
  const std::vector<size_t> order = parts.Order();
  absl::StatusOr<PackedRowIndex> rows = parts.MakeRowIndex(order);
  // Equal indexes give the same object, by which a store recognizes the rows.
  if (rows.ok() &&
      (parts.last_rows == nullptr || !(*parts.last_rows->packed_ == *rows))) {
    parts.last_rows = RowIndex::FromPacked(*std::move(rows));
  }
  Oid error_oid = table_entry;
  error_oid.Append(parts.error_cell);
  parts.error.Update(rows.status());
  if (!parts.error.ok()) {
    contents->status.Update(absl::Status(
        parts.error.code(),
        absl::StrCat(error_oid.ToString(), ": ", parts.error.message())));
  }
  for (size_t i = 0; i < parts.columns.size(); ++i) {
    NullableColumn cells =
        std::exchange(parts.columns[i].cells, NullableColumn());
    cells.CommitNumbers(std::exchange(writers_[i], NumberWriter()).next);
    if (!parts.error.ok()) continue;
    cells.SkipTo(parts.size());
    const internal::EncodedOid prefix(
        Concat(table_entry, {parts.columns[i].id}));
    contents->columns.push_back(
        {std::string(prefix.bytes()), parts.last_rows,
         parts.last_rows->packed_.get(),
         order.empty() ? std::move(cells) : cells.Permuted(order)});
  }
  parts.indexes.clear();
  parts.ends.clear();
  parts.is_sorted = true;
  parts.error = absl::OkStatus();
  parts.error_cell.clear();
}

}  // namespace passpersist
