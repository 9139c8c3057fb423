// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TABLE_COMPUTED_TABLE_H_
#define PASSPERSIST_TABLE_COMPUTED_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "passpersist/table/computed_store.h"
#include "passpersist/table/declaration.h"
#include "passpersist/table/index_codec.h"
#include "passpersist/table/table.h"
#include "passpersist/value.h"

// Include this for AgentBuilder::AddTable() with MapRows, VectorRows or
// FunctionRows.

namespace passpersist {

namespace computed_internal {

// The rows of a computed table that is declared by a struct: see
// AgentBuilder::AddTable().
struct TableRows {
  std::shared_ptr<const UntypedRows> rows;
  // Returns when sysUpTime was 0. Set before the rows are read.
  std::function<absl::Time()> sys_up_time_zero;
};

// Returns a cell of a row, or std::nullopt if it is missing.
inline absl::StatusOr<std::optional<Value>> GetCell(
    const table_internal::Declaration& table, const TableRows& rows,
    const void* row, uint32_t column_number) {
  const table_internal::Column& column = *table.Find(column_number);
  return column.ops->get(
      column.source,
      column.ops->needs_context ? rows.sys_up_time_zero() : absl::Time(), row);
}

// The index of a table: a part, or several as a tuple.
template <typename... Parts>
struct IndexOfParts {
  using Type = std::tuple<Parts...>;
};
template <typename Part>
struct IndexOfParts<Part> {
  using Type = Part;
};

}  // namespace computed_internal

// For AgentBuilder::AddTable(). A name has `arcs_before` arcs before its index.
template <typename Row, typename... Parts, typename Rows, typename MakeGuard>
std::shared_ptr<computed_internal::TableRows> MakeComputedRows(
    const Table<Row, Parts...>& table, size_t arcs_before, Rows rows,
    MakeGuard make_guard) {
  using Index = typename computed_internal::IndexOfParts<Parts...>::Type;
  constexpr bool kHasRows = std::is_same_v<typename Rows::Row, Row>;
  static_assert(kHasRows, "the rows of a table are of the table's struct");
  const auto result = std::make_shared<computed_internal::TableRows>();
  if constexpr (kHasRows) {
    // Not the shared pointer, which would keep itself.
    const auto get_cell = [declaration = &table.declaration(),
                           result = result.get()](const Row& row,
                                                  uint32_t column) {
      return computed_internal::GetCell(*declaration, *result, &row, column);
    };
    using TypedRows =
        computed_internal::TypedRows<Index, Rows, decltype(get_cell),
                                     MakeGuard>;
    result->rows = std::make_shared<const TypedRows>(
        IndexCodec<Index>(arcs_before), std::move(rows), get_cell,
        std::move(make_guard));
  }
  return result;
}

}  // namespace passpersist

#endif  // PASSPERSIST_TABLE_COMPUTED_TABLE_H_
