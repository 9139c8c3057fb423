// SPDX-License-Identifier: Apache-2.0

#include "passpersist/contents.h"

#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "passpersist/encoding/column_values.h"
#include "passpersist/encoding/nullable_column.h"
#include "passpersist/encoding/oid_encoding.h"
#include "passpersist/encoding/packed_contents.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/row_index.h"
#include "passpersist/table_builder.h"

namespace passpersist {

using internal::ColumnValues;
using internal::EncodedOid;
using internal::NullableColumn;
using internal::PackedContents;

namespace {

template <typename T>
internal::PackedValue Packed(T number) {
  return {internal::NumberTag<T>(), internal::NumberOf(number), {}};
}

}  // namespace

Contents::Contents() : Contents(std::make_unique<PackedContents>()) {}
Contents::Contents(std::unique_ptr<PackedContents> packed)
    : packed_(std::move(packed)) {}
Contents::Contents(Contents&&) noexcept = default;
Contents& Contents::operator=(Contents&&) noexcept = default;
Contents::~Contents() = default;

void Contents::Put(const Oid& suffix, Value value, absl::string_view label) {
  packed_->entries.Add(suffix, packed_->packer.PackValue(&value), label);
}

void Contents::PutComputed(const Oid& suffix, ComputedValue value,
                           absl::string_view label) {
  packed_->entries.Add(suffix, packed_->packer.Pack(value), label);
}

template <typename T, typename>
void Contents::PutColumn(const Oid& column,
                         std::shared_ptr<const RowIndex> rows,
                         std::vector<T> values) {
  if constexpr (internal::kIsNumber<T>) {
    AddColumn(column, std::move(rows),
              NullableColumn(ColumnValues::FromNumbers(std::move(values))));
  } else {
    NullableColumn cells;
    for (T& value : values) AddCell(&value, &cells);
    AddColumn(column, std::move(rows), std::move(cells));
  }
}

template <typename T>
void Contents::PutColumn(const Oid& column,
                         std::shared_ptr<const RowIndex> rows,
                         std::vector<std::optional<T>> values) {
  if constexpr (internal::kIsNumber<T>) {
    AddColumn(column, std::move(rows), NullableColumn::FromNumbers(values));
  } else {
    NullableColumn cells;
    for (std::optional<T>& value : values) {
      if (value) {
        AddCell(&*value, &cells);
      } else {
        cells.SkipTo(cells.rows() + 1);
      }
    }
    AddColumn(column, std::move(rows), std::move(cells));
  }
}

#define PASSPERSIST_COLUMNS_OF(T)                                    \
  template void Contents::PutColumn(                                 \
      const Oid&, std::shared_ptr<const RowIndex>, std::vector<T>);  \
  template void Contents::PutColumn(const Oid&,                      \
                                    std::shared_ptr<const RowIndex>, \
                                    std::vector<std::optional<T>>);
#define PASSPERSIST_NUMBER(T)                                                \
  void Contents::Put(const Oid& suffix, T number, absl::string_view label) { \
    packed_->entries.Add(suffix, Packed(number), label);                     \
  }                                                                          \
  PASSPERSIST_COLUMNS_OF(T)
PASSPERSIST_NUMBER(Integer32)
PASSPERSIST_NUMBER(Counter32)
PASSPERSIST_NUMBER(Counter64)
PASSPERSIST_NUMBER(Gauge32)
PASSPERSIST_NUMBER(TimeTicks)
PASSPERSIST_NUMBER(IpAddress)
PASSPERSIST_COLUMNS_OF(ObjectIdentifier)
PASSPERSIST_COLUMNS_OF(OctetString)
PASSPERSIST_COLUMNS_OF(Opaque)
PASSPERSIST_COLUMNS_OF(Value)
#undef PASSPERSIST_NUMBER
#undef PASSPERSIST_COLUMNS_OF

void Contents::PutTable(const Oid& table_entry, TableBuilder& table) {
  table.MoveRowsTo(table_entry, packed_.get());
}

absl::Time Contents::sys_up_time_zero() const {
  return packed_->sys_up_time_zero;
}

TimeTicks Contents::TimeStampOf(absl::Time event) const {
  return TimeTicks::FromDuration(event - sys_up_time_zero());
}

void Contents::SetUnchanged() { packed_->is_unchanged = true; }

bool Contents::is_unchanged() const { return packed_->is_unchanged; }

void Contents::Override(Changes changes) {
  packed_->overrides.Append(std::move(changes));
}

size_t Contents::size() const {
  size_t size = packed_->entries.size();
  for (const PackedContents::Column& column : packed_->columns) {
    size += column.cells.cells().size();
  }
  return size;
}

size_t Contents::ApproximateMemory() const {
  size_t memory = sizeof *this + sizeof *packed_ +
                  packed_->entries.MemoryUsage() +
                  packed_->overrides.changes().size() * sizeof(Changes::Change);
  for (const PackedContents::Column& column : packed_->columns) {
    memory += sizeof column + column.cells.MemoryUsage();
  }
  return memory;
}

const absl::Status& Contents::status() const { return packed_->status; }

std::vector<absl::Status> Contents::errors() const {
  std::vector<absl::Status> errors;
  for (internal::InstanceError& error : packed_->errors->first()) {
    errors.push_back(std::move(error.status));
  }
  return errors;
}

size_t Contents::error_count() const { return packed_->errors->count(); }

void Contents::AddError(const absl::Status& error) {
  packed_->AddError([&]() -> internal::InstanceError {
    std::string message(error.message());
    // The update of a strict subtree fails, and the agent adds the root.
    if (packed_->is_strict || packed_->root.empty()) {
      return {std::move(message), error};
    }
    const std::string root = packed_->root.ToString();
    absl::Status named(error.code(),
                       absl::StrCat("update of ", root, ": ", message));
    return {std::move(message), std::move(named)};
  });
}

void Contents::AddInstanceError(const Oid& suffix, bool is_served,
                                absl::FunctionRef<absl::Status()> error) {
  packed_->AddError(suffix, is_served, error);
}

void Contents::AddCellError(const Oid& column, const RowIndex& rows, size_t row,
                            bool is_served,
                            absl::FunctionRef<absl::Status()> error) {
  if (row >= rows.size()) return;  // AddColumn() fails the update
  packed_->AddError(Concat(column, rows.index(row)), is_served, error);
}

template <typename T>
void Contents::AddCell(T* value, NullableColumn* cells) {
  if constexpr (internal::kIsOctets<T>) {
    cells->Add(packed_->packer.PackOctets(value));
  } else {
    Value any(std::move(*value));
    cells->Add(packed_->packer.PackValue(&any));
  }
}

void Contents::AddColumn(const Oid& column,
                         std::shared_ptr<const RowIndex> rows,
                         NullableColumn cells) {
  if (!packed_->status.ok()) return;
  if (cells.rows() != rows->size()) {
    packed_->status = absl::InvalidArgumentError(
        absl::StrCat(Concat(packed_->root, column).ToString(), ": ",
                     cells.rows(), " values for ", rows->size(), " rows"));
    return;
  }
  const internal::PackedRowIndex* const indexes = rows->packed_.get();
  packed_->columns.push_back({std::string(EncodedOid(column).bytes()),
                              std::move(rows), indexes, std::move(cells)});
}

}  // namespace passpersist
