// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TABLE_BUILDER_H_
#define PASSPERSIST_TABLE_BUILDER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/encoding/column_values.h"
#include "passpersist/encoding/nullable_column.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/oid.h"
#include "passpersist/row_index.h"
#include "passpersist/value.h"

namespace passpersist {

// Collects a table row by row. An agent serves a table column by column;
// Contents::PutTable() converts the rows to columns:
//
//   TableBuilder interfaces;
//   const auto mtu = interfaces.AddColumn<Integer32>(4);
//   const auto octets = interfaces.AddColumn<Counter32>(10);
//   ...
//   for (const Port& port : ports) {
//     TableBuilder::Row row = interfaces.AddRow({port.index});
//     row.Set(mtu, Integer32{port.mtu});
//     if (port.is_up) row.Set(octets, Counter32{port.octets});
//   }
//   contents.PutTable({1, 3, 6, 1, 2, 1, 2, 2, 1}, interfaces);
//
// Rows may be added in any order; ascending order of the indexes saves a sort.
// A cell that is not set is missing, which costs one bit.
//
// Keep the object from update to update: PutTable() moves the rows out and
// keeps the columns. As long as the indexes stay the same, successive updates
// share one RowIndex, and a store keeps its data about the rows.
//
// Errors are kept until PutTable(), which passes the first error to Contents.
//
// A cell takes the bytes of its value; a string takes four more.
//
// Used by one thread at a time.
class TableBuilder {
 public:
  // Identifies a column of values of type T: a type of value.h, or Value if the
  // type differs from row to row.
  //
  // A value type.
  template <typename T>
  class Column {
   private:
    friend class TableBuilder;
    explicit Column(size_t position) : position_(position) {}
    size_t position_;  // in columns_
  };

  // A row that can be filled until the next row is added.
  //
  // A value type with a pointer to the table, which must outlive it.
  class Row {
   public:
    // Sets a cell. Setting a cell twice, and an exception value (noSuchObject,
    // …), are errors.
    template <typename T>
    Row& Set(Column<T> column, std::common_type_t<T> value) {
      table_->Set(row_, column.position_, std::move(value));
      return *this;
    }

    // The same for a value or an error; an error fails the table.
    template <typename T, typename U>
    Row& Set(Column<T> column, absl::StatusOr<U> value) {
      if (value.ok()) return Set(column, *std::move(value));
      table_->AddError(row_, column.position_, value.status());
      return *this;
    }

   private:
    friend class TableBuilder;
    Row(TableBuilder* table, size_t row) : table_(table), row_(row) {}

    TableBuilder* table_;
    size_t row_;
  };

  TableBuilder() = default;
  TableBuilder(TableBuilder&&) = default;
  TableBuilder& operator=(TableBuilder&&) = default;

  // `id` is the column's arc below the entry of the table, such as 2 for
  // ifDescr (.1.3.6.1.2.1.2.2.1.2). Columns may be added in any order, also
  // after rows.
  template <typename T>
  Column<T> AddColumn(uint32_t id) {
    columns_.push_back({id, {}});
    return Column<T>(columns_.size() - 1);
  }

  // Two rows with one index are an error.
  Row AddRow(const Oid& index);

  // The number of rows since the last PutTable().
  size_t size() const { return ends_.size(); }

  // For Contents: returns the columns, with their cells in the order of the row
  // indexes, or the first error in the table below `entry`. Removes all rows in
  // both cases.
  struct FilledColumn {
    uint32_t id;
    internal::NullableColumn cells;
  };
  struct Filled {
    std::shared_ptr<const RowIndex> rows;
    std::vector<FilledColumn> columns;
  };
  absl::StatusOr<Filled> Take(const Oid& entry);

 private:
  template <typename T>
  void Set(size_t row, size_t column, T&& value) {
    internal::NullableColumn& cells = columns_[column].cells;
    if (cells.rows() != row && !SkipTo(row, column)) return;
    if constexpr (internal::kIsNumber<T>) {
      cells.AddNumber(internal::NumberTag<T>(), internal::NumberOf(value));
    } else if constexpr (internal::kIsOctets<T>) {
      cells.Add(packer_.PackOctets(&value));
    } else {
      Value packed(std::move(value));
      if (CheckValue(row, column, packed)) {
        cells.Add(packer_.PackValue(&packed));
      }
    }
  }

  // Skips the cells before `row`. Adds an error and returns false if `row` or a
  // later row has a cell.
  bool SkipTo(size_t row, size_t column);
  bool CheckValue(size_t row, size_t column, const Value& value);
  void AddError(size_t row, size_t column, const absl::Status& error);

  // The bytes of an EncodedOid.
  absl::string_view Index(size_t row) const;
  // The rows in the order of their indexes; empty if they are sorted already.
  std::vector<size_t> Order() const;
  absl::StatusOr<std::shared_ptr<const RowIndex>> MakeRowIndex(
      absl::Span<const size_t> order) const;

  std::vector<FilledColumn> columns_;
  std::string indexes_;
  std::vector<size_t> ends_;  // end of each row's index in indexes_
  bool sorted_ = true;
  std::shared_ptr<const RowIndex> last_rows_;
  internal::ValuePacker packer_;
  // The first error, and its cell relative to the table's entry.
  absl::Status error_;
  Oid error_cell_;
};

}  // namespace passpersist

#endif  // PASSPERSIST_TABLE_BUILDER_H_
