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
    AddMistake(row, column,
               absl::FailedPreconditionError(cells.rows() == row + 1
                                                 ? "set twice"
                                                 : "set behind a later row"));
    return false;
  }
  cells.SkipTo(row);
  return true;
}

bool TableBuilder::CheckValue(size_t row, size_t column, const Value& value) {
  if (internal::CanPack(value)) return true;
  AddMistake(row, column,
             absl::InvalidArgumentError(
                 absl::StrCat(TypeName(value), " is no value to keep")));
  return false;
}

void TableBuilder::AddMistake(size_t row, size_t column,
                              const absl::Status& mistake) {
  if (!mistake_.ok()) return;
  mistake_ = mistake;
  mistaken_ = Concat({columns_[column].id}, internal::UnpackKey(Index(row)));
}

absl::string_view TableBuilder::Index(size_t row) const {
  const size_t begin = row == 0 ? 0 : ends_[row - 1];
  return absl::string_view(indexes_).substr(begin, ends_[row] - begin);
}

std::vector<size_t> TableBuilder::Order() const {
  std::vector<size_t> order;
  if (sorted_) return order;
  std::vector<std::pair<uint64_t, size_t>> rows;  // with the heads of indexes
  rows.reserve(size());
  for (size_t row = 0; row < size(); ++row) {
    rows.emplace_back(internal::KeyPrefix(Index(row)), row);
  }
  std::sort(rows.begin(), rows.end(), [&](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first < b.first;
    return Index(a.second) < Index(b.second);
  });
  order.reserve(size());
  for (const auto& [head, row] : rows) order.push_back(row);
  return order;
}

absl::StatusOr<std::shared_ptr<const RowIndex>> TableBuilder::MakeRowSet(
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
  absl::StatusOr<std::shared_ptr<const RowIndex>> rows = MakeRowSet(order);
  Oid mistaken = entry;
  if (mistake_.ok()) {
    mistake_ = rows.status();
  } else {
    mistaken.Append(mistaken_);
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
  const absl::Status mistake = std::exchange(mistake_, absl::OkStatus());
  if (!mistake.ok()) {
    return absl::Status(mistake.code(), absl::StrCat(mistaken.ToString(), ": ",
                                                     mistake.message()));
  }
  if (last_rows_ == nullptr || *last_rows_ != **rows) {
    last_rows_ = *std::move(rows);
  }
  filled.rows = last_rows_;
  return filled;
}

}  // namespace passpersist
