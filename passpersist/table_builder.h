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

// A table, as a program has it: row by row. An agent has it column by column,
// and Contents::PutTable() turns the one into the other:
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
// Rows may come in any order; their own order saves a sort. A cell that is not
// set is missing, which costs a bit.
//
// Keep the object from update to update: PutTable() takes the rows and leaves
// the columns. As long as the same indexes come, the new cells go to the same
// RowIndex, and a store keeps what it knows about the rows.
//
// Mistakes are kept until PutTable(), which passes the first one on.
//
// A cell takes the bytes of its value, a string four more.
//
// Used by one thread at a time.
class TableBuilder {
 public:
  // Stands for a column of values of type T: one of those of value.h, or Value
  // where they differ from row to row.
  //
  // A value type.
  template <typename T>
  class Column {
   private:
    friend class TableBuilder;
    explicit Column(size_t place) : place_(place) {}
    size_t place_;
  };

  // A row to be filled, until the next one is added.
  //
  // A value type that borrows the table.
  class Row {
   public:
    // Sets a cell, once. An exception value (noSuchObject, …) is a mistake.
    template <typename T>
    Row& Set(Column<T> column, std::common_type_t<T> value) {
      table_->Set(row_, column.place_, std::move(value));
      return *this;
    }

    // The same for a value that may turn out to be an error, which then is a
    // mistake.
    template <typename T, typename U>
    Row& Set(Column<T> column, absl::StatusOr<U> value) {
      if (value.ok()) return Set(column, *std::move(value));
      table_->AddMistake(row_, column.place_, value.status());
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
  // ifDescr (.1.3.6.1.2.1.2.2.1.2). In any order, also among the rows.
  template <typename T>
  Column<T> AddColumn(uint32_t id) {
    columns_.push_back({id, {}});
    return Column<T>(columns_.size() - 1);
  }

  // Two rows of one index are a mistake.
  Row AddRow(const Oid& index);

  // The rows since the last PutTable().
  size_t size() const { return ends_.size(); }

  // For Contents: the columns in the order of the rows, or the first mistake in
  // the table of that entry. In both cases no row is left here.
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

  // Leaves out the cells up to `row`; false, and a mistake, if it has one.
  bool SkipTo(size_t row, size_t column);
  bool CheckValue(size_t row, size_t column, const Value& value);
  void AddMistake(size_t row, size_t column, const absl::Status& mistake);

  // As the bytes of a EncodedOid.
  absl::string_view Index(size_t row) const;
  // The rows as they are to be; none, if they are so already.
  std::vector<size_t> Order() const;
  absl::StatusOr<std::shared_ptr<const RowIndex>> MakeRowSet(
      absl::Span<const size_t> order) const;

  std::vector<FilledColumn> columns_;
  std::string indexes_;
  std::vector<size_t> ends_;  // of each row's index
  bool sorted_ = true;
  std::shared_ptr<const RowIndex> last_rows_;
  internal::ValuePacker packer_;
  // The first one, and the cell that it is about, below the table's entry.
  absl::Status mistake_;
  Oid mistaken_;
};

}  // namespace passpersist

#endif  // PASSPERSIST_TABLE_BUILDER_H_
