// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TABLE_TABLE_UPDATE_H_
#define PASSPERSIST_TABLE_TABLE_UPDATE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/table/declaration.h"
#include "passpersist/table/table.h"
#include "passpersist/table_builder.h"
#include "passpersist/value.h"

namespace passpersist {

class RowIndex;

namespace table_internal {

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

// Puts the rows of a table into contents, update after update.
//
// Used by one thread at a time.
class TableUpdate {
 public:
  // Rows are added in blocks of at most so many.
  static constexpr size_t kBlock = 128;

  // The OID of the table has `root_arcs` arcs. The names in the contents are
  // relative to its base: see Declaration::Layout.
  TableUpdate(const Declaration* declaration, size_t root_arcs);

  // Removes the rows that an update has left that ended by an exception.
  void Clear();

  // Adds the rows at these addresses. A null address, and a row that has no
  // index, is left out, and the error is added to `contents`.
  void AddRows(absl::Span<const void* const> rows, Contents* contents);

  // Puts the rows that were added into `contents`, and the scalars about them.
  void Put(Contents* contents);

 private:
  void PutScalars(size_t first_column, Contents* contents);

  const Declaration* declaration_;
  const Declaration::Layout layout_;
  std::vector<const Column*> columns_;  // those to serve
  size_t arcs_before_;                  // see IndexCodec
  TableBuilder builder_;
  Oid index_;
  Discontinuities discontinuities_;

  // What the last update has put, if the table has a LastChange().
  std::shared_ptr<const RowIndex> last_rows_;
  size_t last_cells_ = 0;  // a hash
  TimeTicks last_change_;
};

template <typename Row, typename Element, typename = void>
constexpr bool kPointsToRow = false;
template <typename Row, typename Element>
constexpr bool
    kPointsToRow<Row, Element,
                 std::enable_if_t<std::is_convertible_v<
                     decltype(&*std::declval<const Element&>()), const Row*>>> =
        true;

// The address of the row that an element of a range is.
template <typename Row, typename Element>
const Row* AddressOf(const Element& element) {
  if constexpr (std::is_convertible_v<const Element*, const Row*>) {
    return &element;
  } else if constexpr (kPointsToRow<Row, Element>) {
    return element == nullptr ? nullptr : &*element;
  } else {
    static_assert(kPointsToRow<Row, Element>,
                  "a range for a table holds rows of the table's struct, "
                  "pointers to them, or pairs of a key and a row");
    return nullptr;
  }
}
template <typename Row, typename Key, typename Element>
const Row* AddressOf(const std::pair<Key, Element>& element) {
  return AddressOf<Row>(element.second);
}

template <typename Row, typename Range>
void PutRows(const Range& rows, TableUpdate* update, Contents* contents) {
  static_assert(std::is_lvalue_reference_v<decltype(*rows.begin())>,
                "a table is filled from a range that holds its rows, such as "
                "std::vector<Row> or std::map<Key, Row>");
  update->Clear();
  const void* block[TableUpdate::kBlock];
  size_t size = 0;
  for (const auto& element : rows) {
    block[size++] = AddressOf<Row>(element);
    if (size < TableUpdate::kBlock) continue;
    update->AddRows({block, size}, contents);
    size = 0;
  }
  update->AddRows({block, size}, contents);
  update->Put(contents);
}

template <typename T>
constexpr bool kIsStatusOr = false;
template <typename T>
constexpr bool kIsStatusOr<absl::StatusOr<T>> = true;

}  // namespace table_internal

// Makes an update of a subtree from a function that reads the rows of a table.
// The root of the subtree is the OID of the table, with `root_arcs` arcs. For a
// table with RowCount() or LastChange(), use AgentBuilder::AddTable(). The
// function is one of
//
//   Rows ReadRows();                  Rows: std::vector<Row>, or another range
//   absl::StatusOr<Rows> ReadRows();  that holds rows, pointers to rows, or
//                                     pairs of a key and a row
//   absl::Status ReadRows(std::vector<Row>& rows);  fills the empty vector,
//   void ReadRows(std::vector<Row>& rows);          which keeps its memory
//
// An error keeps the present rows. A row that has no index, and a null pointer,
// is left out and reported; so is a cell that has no value.
template <typename Row, typename... Parts, typename Function>
UpdateFn MakeTableUpdate(const Table<Row, Parts...>& table, size_t root_arcs,
                         Function function) {
  using table_internal::TableUpdate;
  TableUpdate update(&table.declaration(), root_arcs);
  if constexpr (std::is_invocable_v<Function&>) {
    using Result = std::decay_t<std::invoke_result_t<Function&>>;
    static_assert(!std::is_void_v<Result>,
                  "a function that reads a table returns its rows: does the "
                  "lambda lack a return?");
    return [update = std::move(update), function = std::move(function)](
               Contents& contents) mutable -> absl::Status {
      if constexpr (std::is_void_v<Result>) {
        function();
      } else if constexpr (table_internal::kIsStatusOr<Result>) {
        const Result rows = function();
        if (!rows.ok()) return rows.status();
        table_internal::PutRows<Row>(*rows, &update, &contents);
      } else {
        // A reference if the function returns one.
        const auto& rows = function();
        table_internal::PutRows<Row>(rows, &update, &contents);
      }
      return absl::OkStatus();
    };
  } else if constexpr (!std::is_invocable_v<Function&, std::vector<Row>&>) {
    static_assert(
        std::is_invocable_v<Function&, std::vector<Row>&>,
        "a function that reads a table returns its rows (std::vector<Row> or "
        "absl::StatusOr<std::vector<Row>>), or fills a std::vector<Row>&");
    return UpdateFn();
  } else {
    return [update = std::move(update), function = std::move(function),
            rows = std::vector<Row>()](
               Contents& contents) mutable -> absl::Status {
      rows.clear();
      if constexpr (std::is_void_v<
                        std::invoke_result_t<Function&, std::vector<Row>&>>) {
        function(rows);
      } else {
        absl::Status status = function(rows);
        if (!status.ok()) return status;
      }
      table_internal::PutRows<Row>(rows, &update, &contents);
      return absl::OkStatus();
    };
  }
}

}  // namespace passpersist

#endif  // PASSPERSIST_TABLE_TABLE_UPDATE_H_
