// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table_builder.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "passpersist/encoding/key_prefix.h"
#include "passpersist/encoding/oid_encoding.h"

namespace passpersist {

TableBuilder::Row TableBuilder::AddRow(const Oid& index) {
  const size_t begin = indexes_.size();
  indexes_.resize(begin + index.size() * internal::kMaxPackedArcSize);
  const char* const end =
      internal::PackArcs(index.arcs(), indexes_.data() + begin);
  indexes_.resize(static_cast<size_t>(end - indexes_.data()));
  ends_.push_back(indexes_.size());
  const size_t row = ends_.size() - 1;
  sorted_ = sorted_ && (row == 0 || Index(row - 1) < Index(row));
  return Row(this, row);
}

bool TableBuilder::SkipTo(size_t row, size_t column) {
  internal::NullableColumn& cells = columns_[column].cells;
  if (cells.rows() > row) {
    AddError(row, column,
             absl::FailedPreconditionError(cells.rows() == row + 1
                                               ? "set twice"
                                               : "set after a later row"));
    return false;
  }
  cells.SkipTo(row);
  return true;
}

bool TableBuilder::CheckValue(size_t row, size_t column, const Value& value) {
  if (internal::CanPack(value)) return true;
  AddError(row, column,
           absl::InvalidArgumentError(
               absl::StrCat(TypeName(value), " cannot be stored")));
  return false;
}

void TableBuilder::AddError(size_t row, size_t column,
                            const absl::Status& error) {
  if (!error_.ok()) return;
  error_ = error;
  error_cell_ = Concat({columns_[column].id}, internal::UnpackKey(Index(row)));
}

absl::string_view TableBuilder::Index(size_t row) const {
  const size_t begin = row == 0 ? 0 : ends_[row - 1];
  return absl::string_view(indexes_).substr(begin, ends_[row] - begin);
}

std::vector<size_t> TableBuilder::Order() const {
  std::vector<size_t> order;
  if (sorted_) return order;
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

absl::StatusOr<std::shared_ptr<const RowIndex>> TableBuilder::MakeRowIndex(
    absl::Span<const size_t> order) const {
  RowIndexBuilder builder;
  for (size_t i = 0; i < size(); ++i) {
    const absl::string_view index = Index(order.empty() ? i : order[i]);
    absl::Status status = builder.Add(index);
    if (!status.ok()) return status;
  }
  return std::move(builder).Finish();
}

absl::StatusOr<TableBuilder::Filled> TableBuilder::Take(const Oid& entry) {
  const std::vector<size_t> order = Order();
  absl::StatusOr<std::shared_ptr<const RowIndex>> rows = MakeRowIndex(order);
  Oid error_oid = entry;
  if (error_.ok()) {
    error_ = rows.status();
  } else {
    error_oid.Append(error_cell_);
  }
  Filled filled;
  for (FilledColumn& column : columns_) {
    column.cells.SkipTo(size());
    filled.columns.push_back({column.id, order.empty()
                                             ? std::move(column.cells)
                                             : column.cells.Permuted(order)});
    column.cells = internal::NullableColumn();
  }
  indexes_.clear();
  ends_.clear();
  sorted_ = true;
  const absl::Status error = std::exchange(error_, absl::OkStatus());
  if (!error.ok()) {
    return absl::Status(error.code(), absl::StrCat(error_oid.ToString(), ": ",
                                                   error.message()));
  }
  // Equal indexes give the same object, by which a store recognizes the rows.
  if (last_rows_ == nullptr || *last_rows_ != **rows) {
    last_rows_ = *std::move(rows);
  }
  filled.rows = last_rows_;
  return filled;
}

}  // namespace passpersist
