// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TABLE_READ_ROWS_H_
#define PASSPERSIST_TABLE_READ_ROWS_H_

#include <cstddef>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace passpersist::table_internal {

// Takes the rows of a table. It has no template, so that a program has little
// code for each of its tables.
class RowSink {
 public:
  // Rows are added in blocks of at most so many.
  static constexpr size_t kBlock = 128;

  virtual ~RowSink() = default;

  // Adds the rows at these addresses. A null address, and a row that has no
  // index, is left out and reported.
  virtual void AddRows(absl::Span<const void* const> rows) = 0;
};

// Adds the present rows of a table. After an error they do not count.
using ReadRowsFn = absl::AnyInvocable<absl::Status(RowSink& sink)>;

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
void AddRange(const Range& rows, RowSink& sink) {
  static_assert(std::is_lvalue_reference_v<decltype(*rows.begin())>,
                "a table is filled from a range that holds its rows, such as "
                "std::vector<Row> or std::map<Key, Row>");
  const void* block[RowSink::kBlock];
  size_t size = 0;
  for (const auto& element : rows) {
    block[size++] = AddressOf<Row>(element);
    if (size < RowSink::kBlock) continue;
    sink.AddRows({block, size});
    size = 0;
  }
  sink.AddRows({block, size});
}

template <typename T>
constexpr bool kIsStatusOr = false;
template <typename T>
constexpr bool kIsStatusOr<absl::StatusOr<T>> = true;

// `function` is one of those that AgentBuilder::AddTable() describes.
template <typename Row, typename Function>
ReadRowsFn MakeReadRows(Function function) {
  if constexpr (std::is_invocable_v<Function&>) {
    using Result = std::decay_t<std::invoke_result_t<Function&>>;
    static_assert(!std::is_void_v<Result>,
                  "a function that reads a table returns its rows: does the "
                  "lambda lack a return?");
    return [function =
                std::move(function)](RowSink& sink) mutable -> absl::Status {
      if constexpr (std::is_void_v<Result>) {
        function();
      } else if constexpr (kIsStatusOr<Result>) {
        const Result rows = function();
        if (!rows.ok()) return rows.status();
        AddRange<Row>(*rows, sink);
      } else {
        // A reference if the function returns one.
        const auto& rows = function();
        AddRange<Row>(rows, sink);
      }
      return absl::OkStatus();
    };
  } else if constexpr (!std::is_invocable_v<Function&, std::vector<Row>&>) {
    static_assert(
        std::is_invocable_v<Function&, std::vector<Row>&>,
        "a function that reads a table returns its rows (std::vector<Row> or "
        "absl::StatusOr<std::vector<Row>>), or fills a std::vector<Row>&");
    return nullptr;
  } else {
    return [function = std::move(function),
            rows = std::vector<Row>()](RowSink& sink) mutable -> absl::Status {
      rows.clear();
      if constexpr (std::is_void_v<
                        std::invoke_result_t<Function&, std::vector<Row>&>>) {
        function(rows);
      } else {
        absl::Status status = function(rows);
        if (!status.ok()) return status;
      }
      AddRange<Row>(rows, sink);
      return absl::OkStatus();
    };
  }
}

}  // namespace passpersist::table_internal

#endif  // PASSPERSIST_TABLE_READ_ROWS_H_
