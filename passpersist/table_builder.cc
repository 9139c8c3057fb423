// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table_builder.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/encoding/column_values.h"
#include "passpersist/encoding/instance_errors.h"
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
    internal::ColumnValues::Extent last;  // of the last rows
  };

  // An error of a cell, relative to the conceptual row.
  struct CellError {
    Oid cell;
    bool is_served;
    absl::Status status;
  };

  size_t size() const { return is_like_last ? matched : ends.size(); }
  // Mostly an update has as many rows as the one before.
  void ReserveLikeLast() {
    for (Cells& column : columns) column.cells.Reserve(column.last);
  }
  // Ends is_like_last.
  void CopyLastIndexes();
  Oid IndexOid(size_t row) const;
  // The bytes of an EncodedOid. Requires that is_like_last is false.
  absl::string_view Index(size_t row) const;
  // The rows in the order of their indexes; empty if they are sorted already.
  // Calls `on_twice` for each row that is left out, since a later row has its
  // index.
  std::vector<size_t> Order(absl::FunctionRef<void(size_t row)> on_twice) const;
  absl::StatusOr<PackedRowIndex> MakeRowIndex(
      absl::Span<const size_t> order) const;

  std::vector<Cells> columns;
  // While the indexes are the first ones of the last rows, they are only
  // counted: mostly no row comes or goes.
  std::shared_ptr<const RowIndex> last_rows;
  bool is_like_last = false;
  size_t matched = 0;
  internal::EncodedOid index;  // the last one
  std::string indexes;
  std::vector<size_t> ends;  // of each row's index in `indexes`
  bool is_sorted = true;
  internal::ValuePacker packer;
  std::vector<CellError> errors;  // the first InstanceErrors::kMaxSubjects
  size_t more_errors = 0;
};

TableBuilder::TableBuilder() : parts_(std::make_unique<Parts>()) {}
TableBuilder::TableBuilder(TableBuilder&&) noexcept = default;
TableBuilder& TableBuilder::operator=(TableBuilder&&) noexcept = default;
TableBuilder::~TableBuilder() = default;

size_t TableBuilder::size() const { return parts_->size(); }

size_t TableBuilder::AddNumbers(uint32_t id, size_t type) {
  parts_->columns.push_back({id, static_cast<ValueTag>(type), {}, {}});
  writers_.emplace_back();
  return writers_.size() - 1;
}

size_t TableBuilder::AddValues(uint32_t id) {
  return AddNumbers(id, static_cast<size_t>(ValueTag::kOutOfLine));
}

TableBuilder::Row TableBuilder::AddRow(const Oid& index) {
  Parts& parts = *parts_;
  if (parts.is_like_last) {
    if (parts.matched == 0) parts.ReserveLikeLast();
    const PackedRowIndex& last = *parts.last_rows->packed_;
    if (parts.matched < last.size() &&
        last.IsIndexOf(parts.matched, index.arcs())) {
      return Row(this, parts.matched++);
    }
    parts.CopyLastIndexes();
  }
  parts.index.Assign(index);
  const absl::string_view bytes = parts.index.bytes();
  parts.indexes.append(bytes.data(), bytes.size());
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
  if (const size_t rows = parts.cells.rows(); rows > row) {
    AddError(row, column, /*is_served=*/parts.cells.HasCell(row), [&] {
      return absl::FailedPreconditionError(
          rows == row + 1 ? "set twice" : "set after a later row");
    });
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

void TableBuilder::SetStrings(size_t row, size_t column,
                              absl::Span<const absl::string_view> strings) {
  while (!strings.empty()) {
    const auto short_ones = static_cast<size_t>(
        std::find_if(strings.begin(), strings.end(),
                     [](absl::string_view string) {
                       return string.size() > internal::kMaxStringInPage;
                     }) -
        strings.begin());
    if (short_ones == 0) {
      SetValue(row, column, OctetString{std::string(strings[0])});
    } else if (NullableColumn* const cells = PrepareValue(row, column)) {
      cells->AddStrings(ValueTag::kOctetString, strings.first(short_ones));
    }
    row += std::max(short_ones, size_t{1});
    strings.remove_prefix(std::max(short_ones, size_t{1}));
  }
}

void TableBuilder::SetValue(size_t row, size_t column, Value&& value) {
  if (NullableColumn* const cells = PrepareValue(row, column)) {
    cells->Add(parts_->packer.PackValue(&value));
  }
}

void TableBuilder::AddError(size_t row, size_t column, bool is_served,
                            absl::FunctionRef<absl::Status()> error) {
  Parts& parts = *parts_;
  if (parts.errors.size() == internal::InstanceErrors::kMaxSubjects) {
    ++parts.more_errors;
    return;
  }
  const Oid index = parts.IndexOid(row);
  parts.errors.push_back(
      {Concat({parts.columns[column].id}, index), is_served, error()});
}

void TableBuilder::Parts::CopyLastIndexes() {
  is_like_last = false;
  for (size_t row = 0; row < matched; ++row) {
    char scratch[internal::kMaxPackedArcSize];
    const absl::string_view bytes = last_rows->packed_->Get(row, scratch);
    indexes.append(bytes.data(), bytes.size());
    ends.push_back(indexes.size());
  }
}

Oid TableBuilder::Parts::IndexOid(size_t row) const {
  return is_like_last ? last_rows->index(row) : internal::UnpackKey(Index(row));
}

absl::string_view TableBuilder::Parts::Index(size_t row) const {
  const size_t begin = row == 0 ? 0 : ends[row - 1];
  return absl::string_view(indexes).substr(begin, ends[row] - begin);
}

std::vector<size_t> TableBuilder::Parts::Order(
    absl::FunctionRef<void(size_t row)> on_twice) const {
  std::vector<size_t> order;
  if (is_sorted) return order;
  std::vector<std::pair<uint64_t, size_t>> rows;  // key prefix, row
  rows.reserve(size());
  for (size_t row = 0; row < size(); ++row) {
    rows.emplace_back(internal::KeyPrefix(Index(row)), row);
  }
  // Compares the indexes only if their prefixes are equal. Of equal indexes the
  // later row comes first, and the others are left out.
  std::sort(rows.begin(), rows.end(), [&](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first < b.first;
    const int compared = Index(a.second).compare(Index(b.second));
    return compared == 0 ? a.second > b.second : compared < 0;
  });
  order.reserve(size());
  uint64_t last_prefix = 0;
  for (const auto& [prefix, row] : rows) {
    const bool is_repeated = !order.empty() && prefix == last_prefix &&
                             Index(row) == Index(order.back());
    last_prefix = prefix;
    if (is_repeated) {
      on_twice(row);
    } else {
      order.push_back(row);
    }
  }
  return order;
}

absl::StatusOr<PackedRowIndex> TableBuilder::Parts::MakeRowIndex(
    absl::Span<const size_t> order) const {
  PackedRowIndex rows;
  const size_t count = order.empty() ? size() : order.size();
  for (size_t i = 0; i < count; ++i) {
    absl::Status status = rows.Add(Index(order.empty() ? i : order[i]));
    if (!status.ok()) return status;
  }
  return rows;
}

void TableBuilder::MoveRowsTo(const Oid& table_entry,
                              internal::PackedContents* contents) {
  Parts& parts = *parts_;
  for (const Parts::CellError& error : parts.errors) {
    contents->AddError(Concat(table_entry, error.cell), error.is_served,
                       [&] { return error.status; });
  }
  contents->errors->AddMore(parts.more_errors);
  if (parts.is_like_last && parts.matched < parts.last_rows->size()) {
    parts.CopyLastIndexes();
  }
  const size_t size = parts.size();
  const std::vector<size_t> order = parts.Order([&](size_t row) {
    contents->AddError([&]() -> internal::InstanceError {
      std::string subject =
          absl::StrCat("row ", internal::UnpackKey(parts.Index(row)).ToString(),
                       " of ", Concat(contents->root, table_entry).ToString());
      absl::Status twice =
          absl::AlreadyExistsError(absl::StrCat(subject, " was added twice"));
      return {std::move(subject), std::move(twice)};
    });
  });
  // Equal indexes give the same object, by which a store recognizes the rows.
  if (!parts.is_like_last) {
    absl::StatusOr<PackedRowIndex> rows = parts.MakeRowIndex(order);
    contents->status.Update(rows.status());
    if (rows.ok() &&
        (parts.last_rows == nullptr || !(*parts.last_rows->packed_ == *rows))) {
      parts.last_rows = RowIndex::FromPacked(*std::move(rows));
    }
  }
  for (size_t i = 0; i < parts.columns.size(); ++i) {
    NullableColumn cells =
        std::exchange(parts.columns[i].cells, NullableColumn());
    cells.CommitNumbers(std::exchange(writers_[i], NumberWriter()).next);
    parts.columns[i].last = cells.cells().extent();
    if (!contents->status.ok()) continue;
    cells.SkipTo(size);
    const internal::EncodedOid prefix(
        Concat(table_entry, {parts.columns[i].id}));
    contents->columns.push_back(
        {std::string(prefix.bytes()), parts.last_rows,
         parts.last_rows->packed_.get(),
         order.empty() ? std::move(cells) : cells.Permuted(order)});
  }
  parts.is_like_last = parts.last_rows != nullptr;
  parts.matched = 0;
  parts.indexes.clear();
  parts.ends.clear();
  parts.is_sorted = true;
  parts.errors.clear();
  parts.more_errors = 0;
}

}  // namespace passpersist
