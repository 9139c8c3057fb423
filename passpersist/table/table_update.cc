// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table/table_update.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "passpersist/encoding/oid_encoding.h"
#include "passpersist/encoding/packed_contents.h"
#include "passpersist/oid.h"
#include "passpersist/row_index.h"
#include "passpersist/stored_value.h"
#include "passpersist/table/operations.h"
#include "passpersist/table_builder.h"
#include "passpersist/value.h"

namespace passpersist::table_internal {
namespace {

using internal::PackedContents;
using internal::PackedValue;

// A hash of the cells, of columns that have the same rows.
size_t HashOfCells(absl::Span<const PackedContents::Column> columns) {
  size_t hash = 0;
  for (const PackedContents::Column& column : columns) {
    const internal::ColumnValues& cells = column.cells.cells();
    hash = absl::HashOf(hash, column.cells.validity(), cells.size());
    if (!cells.numbers().empty()) {
      hash = absl::HashOf(hash, cells.numbers());
      continue;
    }
    for (size_t i = 0; i < cells.size(); ++i) {
      const PackedValue value = cells.Get(i);
      if (const internal::SharedValue* const shared = value.shared_value()) {
        hash = absl::HashOf(hash,
                            ToString(std::get<Value>(shared->stored_value())));
      } else {
        hash = absl::HashOf(hash, value.tag, value.number, value.bytes);
      }
    }
  }
  return hash;
}

// The running totals of a table's rows in its last update, and when they fell.
//
// Used by one thread at a time.
class Discontinuities {
 public:
  explicit Discontinuities(const Declaration& declaration);

  // The column to serve, or null.
  const Column* column() const { return column_; }

  // Compares the totals of a row with those of the last update. Returns the
  // TimeStamp of when one of them fell, or of the member of the row if that is
  // later.
  TimeTicks Update(const Oid& index, const void* row, const Contents& contents);

  // Forgets the rows that the update did not have.
  void EndUpdate();

 private:
  struct Totals {
    std::vector<uint64_t> totals;
    absl::Time fell;
    // Of that time then: it stays when the system's clock is set.
    TimeTicks time_stamp;
    uint64_t update = 0;  // the last one that had the row
  };

  const Column* column_;
  std::vector<const Column*> counters_;
  absl::flat_hash_map<std::string, Totals> rows_;  // by encoded index
  uint64_t update_ = 1;
};

}  // namespace

// Puts the rows of a table into contents, update after update.
//
// Used by one thread at a time.
class TableUpdate : public RowSink {
 public:
  // See MakeUpdate().
  TableUpdate(const Declaration* declaration, size_t root_arcs,
              ReadRowsFn read);

  absl::Status Run(Contents& contents);

  void AddRows(absl::Span<const void* const> rows) override;

 private:
  // Removes the rows that an update has left that failed or ended by an
  // exception.
  void Clear();
  void PutScalars(size_t first_column);

  const Declaration* declaration_;
  const Declaration::Layout layout_;
  ReadRowsFn read_;
  std::vector<const Column*> columns_;  // those to serve
  size_t arcs_before_;                  // see IndexCodec
  Contents* contents_ = nullptr;        // of the present run
  TableBuilder builder_;
  Oid index_;
  Discontinuities discontinuities_;

  // What the last update has put, if the table has a LastChange().
  std::shared_ptr<const RowIndex> last_rows_;
  size_t last_cells_ = 0;  // a hash
  TimeTicks last_change_;
};

Discontinuities::Discontinuities(const Declaration& declaration)
    : column_(declaration.discontinuity == 0
                  ? nullptr
                  : declaration.Find(declaration.discontinuity)) {
  if (column_ == nullptr) return;
  for (const Column& column : declaration.columns) {
    if (column.ops->total != nullptr) counters_.push_back(&column);
  }
}

TimeTicks Discontinuities::Update(const Oid& index, const void* row,
                                  const Contents& contents) {
  const auto [at, is_new] =
      rows_.try_emplace(std::string(internal::EncodedOid(index).bytes()));
  Totals& totals = at->second;
  totals.update = update_;
  totals.totals.resize(counters_.size());
  for (size_t i = 0; i < counters_.size(); ++i) {
    const std::optional<uint64_t> total =
        counters_[i]->ops->total(counters_[i]->source, row);
    if (!total) continue;
    if (*total < totals.totals[i]) {
      totals.fell = absl::Now();
      totals.time_stamp = contents.TimeStampOf(totals.fell);
    }
    totals.totals[i] = *total;
  }
  const absl::Time of_row =
      MemberReader<absl::Time>::Read(column_->source, row);
  return totals.fell > of_row ? totals.time_stamp
                              : contents.TimeStampOf(of_row);
}

void Discontinuities::EndUpdate() {
  absl::erase_if(
      rows_, [this](const auto& row) { return row.second.update != update_; });
  ++update_;
}

TableUpdate::TableUpdate(const Declaration* declaration, size_t root_arcs,
                         ReadRowsFn read)
    : declaration_(declaration),
      layout_(declaration->MakeLayout()),
      read_(std::move(read)),
      arcs_before_(root_arcs + 2),  // the entry and the column
      discontinuities_(*declaration) {
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

absl::Status TableUpdate::Run(Contents& contents) {
  contents_ = &contents;
  Clear();
  absl::Status status = read_(*this);
  if (!status.ok()) return status;
  const size_t first_column = contents.packed_->columns.size();
  contents.PutTable(layout_.entry, builder_);
  if (discontinuities_.column() != nullptr) discontinuities_.EndUpdate();
  if (layout_.row_count || layout_.last_change) PutScalars(first_column);
  return absl::OkStatus();
}

void TableUpdate::AddRows(absl::Span<const void* const> rows) {
  const size_t first_row = builder_.size();
  const void* indexed[kBlock];
  std::array<TimeTicks, kBlock> discontinuities;
  size_t size = 0;
  for (const void* const row : rows) {
    const absl::Status status =
        row == nullptr ? absl::InvalidArgumentError("the pointer to it is null")
                       : declaration_->EncodeIndex(row, arcs_before_, &index_);
    if (status.ok()) {
      builder_.AddRow(index_);
      if (discontinuities_.column() != nullptr) {
        discontinuities[size] =
            discontinuities_.Update(index_, row, *contents_);
      }
      indexed[size++] = row;
    } else {
      contents_->AddError(
          absl::Status(status.code(),
                       absl::StrCat("a row is left out: ", status.message())));
    }
  }
  for (size_t position = 0; position < columns_.size(); ++position) {
    const Column& column = *columns_[position];
    const CellTarget target = {&builder_, position, first_row,
                               contents_->sys_up_time_zero()};
    if (&column == discontinuities_.column()) {
      // As a column of rows that are TimeTicks.
      const void* times[kBlock];
      for (size_t i = 0; i < size; ++i) times[i] = &discontinuities[i];
      ColumnFunctions<TimeTicks, MemberReader<TimeTicks>>::Fill(
          Source(), {times, size}, target);
    } else {
      column.ops->fill(column.source, {indexed, size}, target);
    }
  }
}

void TableUpdate::Clear() {
  if (builder_.size() == 0) return;
  Contents ignored;
  ignored.PutTable(layout_.entry, builder_);
}

void TableUpdate::PutScalars(size_t first_column) {
  if (!contents_->status().ok()) return;
  const auto columns =
      absl::MakeConstSpan(contents_->packed_->columns).subspan(first_column);
  const std::shared_ptr<const RowIndex>& rows = columns.front().rows;
  if (layout_.last_change) {
    // Equal indexes give the same RowIndex: see TableBuilder.
    const size_t cells = HashOfCells(columns);
    if (rows != last_rows_ || cells != last_cells_) {
      last_change_ = contents_->TimeStampOf(absl::Now());
    }
    last_rows_ = rows;
    last_cells_ = cells;
    contents_->Put(*layout_.last_change, last_change_);
  }
  if (layout_.row_count) {
    contents_->Put(*layout_.row_count,
                   Gauge32::FromNumberSaturated(rows->size()));
  }
}

UpdateFn MakeUpdate(const Declaration* table, size_t root_arcs,
                    ReadRowsFn read) {
  return [update =
              std::make_unique<TableUpdate>(table, root_arcs, std::move(read))](
             Contents& contents) { return update->Run(contents); };
}

}  // namespace passpersist::table_internal
