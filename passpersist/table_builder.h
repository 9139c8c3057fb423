// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TABLE_BUILDER_H_
#define PASSPERSIST_TABLE_BUILDER_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/base/optimization.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/converted.h"
#include "passpersist/oid.h"
#include "passpersist/value.h"

namespace passpersist {

namespace internal {
class NullableColumn;
struct PackedContents;
}  // namespace internal

namespace table_internal {
template <typename Wire>
class CellWriter;
class TableUpdate;
}  // namespace table_internal

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
//   contents.PutTable({1}, interfaces);  // ifEntry, if the root is ifTable
//
// Rows may be added in any order; ascending order of the indexes saves a sort.
// A cell that is not set is missing, which costs one bit.
//
// Keep the object from update to update: PutTable() moves the rows out and
// keeps the columns. As long as the indexes stay the same, successive updates
// share one RowIndex, and a store keeps its data about the rows.
//
// Errors are kept until PutTable(), which passes them to Contents: what cannot
// be a value is left out alone. If two rows have one index, the later row is
// served, without the cells of the earlier one. If a cell is set twice, the
// first value is served.
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
    size_t position_;
  };

  // A row that can be filled until the next row is added.
  //
  // A value type with a pointer to the table, which must outlive it.
  class Row {
   public:
    // Sets a cell. A cell cannot be set twice, nor after a cell of a later row
    // in the same column.
    template <typename T>
    Row& Set(Column<T> column, std::common_type_t<T> value) {
      table_->Set(row_, column.position_, std::move(value));
      return *this;
    }

    // The same for a value or an error.
    template <typename T, typename U>
    Row& Set(Column<T> column, Converted<U> value) {
      if (value) Set(column, *value);
      if (ABSL_PREDICT_TRUE(value.fits())) return *this;
      // A copy: `value` stays in registers if its address is not taken.
      table_->AddError(row_, column.position_, value.has_value(),
                       [value] { return value.status(); });
      return *this;
    }
    template <typename T, typename U>
    Row& Set(Column<T> column, absl::StatusOr<U> value) {
      if (value.ok()) return Set(column, *std::move(value));
      table_->AddError(row_, column.position_, false,
                       [&value] { return value.status(); });
      return *this;
    }

   private:
    friend class TableBuilder;
    Row(TableBuilder* table, size_t row) : table_(table), row_(row) {}

    TableBuilder* table_;
    size_t row_;
  };

  TableBuilder();
  TableBuilder(TableBuilder&&) noexcept;
  TableBuilder& operator=(TableBuilder&&) noexcept;
  ~TableBuilder();

  // `id` is the column's arc below the conceptual row of the table, such as 2
  // for ifDescr (.1.3.6.1.2.1.2.2.1.2). Columns may be added in any order, also
  // after rows.
  template <typename T>
  Column<T> AddColumn(uint32_t id) {
    static_assert(std::is_constructible_v<Value, T>);
    return Column<T>(kIsNumber<T> ? AddNumbers(id, Value(T()).index())
                                  : AddValues(id));
  }

  // A later row with the same index takes the place of an earlier one.
  Row AddRow(const Oid& index);

  // The number of rows since the last PutTable().
  size_t size() const;

 private:
  friend class Contents;
  // They fill the builder a block of rows at a time, column by column.
  template <typename Wire>
  friend class table_internal::CellWriter;
  friend class table_internal::TableUpdate;
  struct Parts;

  // Where Set() writes the next number of a column, so that a number takes no
  // function call.
  struct NumberWriter {
    size_t row = 0;  // the row of that number
    char* next = nullptr;
    char* end = nullptr;  // of the memory for numbers
  };

  template <typename T>
  static constexpr bool kIsNumber = std::is_trivially_copyable_v<T> &&
                                    sizeof(T) >= sizeof(uint32_t);

  template <typename T>
  void Set(size_t row, size_t column, T&& value) {
    if constexpr (kIsNumber<T>) {
      NumberWriter& writer = writers_[column];
      if (writer.row != row || writer.next == writer.end) {
        if (!Prepare(row, column)) return;
      }
      std::memcpy(writer.next, &value, sizeof value);
      writer.next += sizeof value;
      ++writer.row;
    } else {
      SetValue(row, column, std::move(value));
    }
  }

  // Return the position of a new column. `type` is the index of an alternative
  // of Value.
  size_t AddNumbers(uint32_t id, size_t type);
  size_t AddValues(uint32_t id);

  // Prepares `column` for a cell in `row`. If `row` or a later row has a cell,
  // adds an error and returns false.
  bool Prepare(size_t row, size_t column);
  // The cells of `column`, whose next cell is in `row`; null after an error.
  internal::NullableColumn* PrepareValue(size_t row, size_t column);
  void SetValue(size_t row, size_t column, OctetString&& value);
  void SetValue(size_t row, size_t column, Opaque&& value);
  // OctetStrings of successive rows.
  void SetStrings(size_t row, size_t column,
                  absl::Span<const absl::string_view> strings);
  void SetValue(size_t row, size_t column, Value&& value);
  // See PackedContents::AddError().
  void AddError(size_t row, size_t column, bool is_served,
                absl::FunctionRef<absl::Status()> error);

  // Moves the columns of the table, which is below `table_entry`, and its
  // errors to `contents`. Removes all rows.
  void MoveRowsTo(const Oid& table_entry, internal::PackedContents* contents);

  std::vector<NumberWriter> writers_;  // of all columns
  std::unique_ptr<Parts> parts_;
};

}  // namespace passpersist

#endif  // PASSPERSIST_TABLE_BUILDER_H_
