// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_CONTENTS_H_
#define PASSPERSIST_CONTENTS_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "passpersist/encoding/column_values.h"
#include "passpersist/encoding/nullable_column.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/oid.h"
#include "passpersist/row_index.h"
#include "passpersist/stored_value.h"
#include "passpersist/table_builder.h"
#include "passpersist/update/contents_sink.h"
#include "passpersist/update/entry_sorter.h"
#include "passpersist/update/overlay.h"
#include "passpersist/value.h"

namespace passpersist {

// Single puts and erases, to be made at once and in this order: of two for one
// OID the later one counts.
//
// Used by one thread at a time.
class Changes {
 public:
  struct Change {
    Oid suffix;
    std::optional<StoredValue> slot;  // none: erase
    std::string label;
  };

  // An empty label keeps the one that the instance has.
  void Put(Oid suffix, Value value, absl::string_view label = {});
  void PutComputed(Oid suffix, ComputedValue::Function function,
                   absl::string_view label = {});

  // An absent instance stays absent.
  void Erase(Oid suffix);

  bool empty() const { return changes_.empty(); }
  void clear() { changes_.clear(); }
  const std::vector<Change>& changes() const { return changes_; }

 private:
  std::vector<Change> changes_;
};

// Everything that a subtree is to hold, as an update collects it. Names are
// relative to the root of the subtree and may come in any order. What it is
// made of:
//
//   entries    an EntrySorter of what was put one by one: in OID order, row by
//              row or as it comes
//   columns    rows that are shared, and cells that lie side by side
//   overrides  by name
//
// So an entry takes about the bytes that the stores take for it, and reading
// takes no more.
//
// Mistakes are kept until the end, so that an update need not look at each
// call: the first one makes the whole update fail.
//
// Complexity: a put in OID order O(1), row by row too, in any other order
// O(log n); a column of numbers O(1).
//
// Used by one thread at a time; safe for concurrent reading.
class Contents {
 public:
  Contents() = default;
  Contents(Contents&&) = default;
  Contents& operator=(Contents&&) = default;

  // Adds a value. The label is for people who debug, and costs nothing where
  // it is empty. An exception value (noSuchObject, …) is a mistake.
  void Put(const Oid& suffix, Value value, absl::string_view label = {});

  // The same for a number, a little quicker.
  template <typename T, std::enable_if_t<internal::kIsNumber<T>, int> = 0>
  void Put(const Oid& suffix, T number, absl::string_view label = {}) {
    Add(suffix, {internal::NumberTag<T>(), internal::NumberOf(number), {}},
        label);
  }

  // The same for a value that may turn out to be an error, which then is a
  // mistake: contents.Put({1, 0}, Integer32::FromNumber(reading)).
  template <typename T>
  void Put(const Oid& suffix, absl::StatusOr<T> value,
           absl::string_view label = {}) {
    if (!value.ok()) return AddMistake(suffix, value.status());
    Put(suffix, *std::move(value), label);
  }

  // Adds a value that is found when it is asked for. While the function fails,
  // or takes longer than a request waits
  // (AgentBuilder::SetComputedValueTimeout()), the instance is absent: a walk
  // goes on behind it.
  void PutComputed(const Oid& suffix, ComputedValue::Function function,
                   absl::string_view label = {});

  // Adds a column of a table: `column`, followed by the index of each row, has
  // the value at that place. T is one of the types of value.h, or Value.
  // Numbers stay where they are; nothing is copied. Another count than that of
  // the rows is a mistake.
  //
  // The quickest way to refresh a table whose rows stay: with the same `rows`
  // from update to update, a store need not look at names.
  template <typename T>
  void PutColumn(const Oid& column, std::shared_ptr<const RowIndex> rows,
                 std::vector<T> values) {
    if constexpr (internal::kIsNumber<T>) {
      AddColumn(column, std::move(rows),
                internal::NullableColumn(
                    internal::ColumnValues::FromNumbers(std::move(values))));
    } else {
      internal::NullableColumn cells;
      for (T& value : values) AddCell(column, *rows, &value, &cells);
      AddColumn(column, std::move(rows), std::move(cells));
    }
  }

  // The same for a column in which cells are missing, here and there.
  template <typename T>
  void PutColumn(const Oid& column, std::shared_ptr<const RowIndex> rows,
                 std::vector<std::optional<T>> values) {
    if constexpr (internal::kIsNumber<T>) {
      AddColumn(column, std::move(rows),
                internal::NullableColumn::FromNumbers(values));
    } else {
      internal::NullableColumn cells;
      for (std::optional<T>& value : values) {
        if (value) {
          AddCell(column, *rows, &*value, &cells);
        } else {
          cells.SkipTo(cells.rows() + 1);
        }
      }
      AddColumn(column, std::move(rows), std::move(cells));
    }
  }

  // Takes the rows of a table, whose names begin with `entry`. Leaves `table`
  // without rows, for the next update to fill. Its mistakes become mistakes
  // here.
  void PutTable(const Oid& entry, TableBuilder& table);

  // Makes `changes` on top of everything that is put, before or after: a put
  // for an OID takes the place of the one there is.
  void Override(const Changes& changes);

  // What was put. Overrides don't count.
  size_t size() const;

  // Bytes, also those of boxes that are shared; what functions of lazy values
  // hold is not known.
  size_t ApproximateMemory() const;

  // The first mistake so far, naming the OID.
  const absl::Status& status() const { return status_; }

  // For stores of your own: calls `use` for each entry in OID order. Or the
  // first mistake; an OID that was put twice is one, and is found at the latest
  // when all before it have been used. The arguments are valid during the call.
  absl::Status ForEach(
      absl::FunctionRef<void(const Oid& suffix, const StoredValue& slot,
                             absl::string_view label)>
          use) const;

  // The same for stores of this project, packed.
  absl::Status Deliver(internal::ContentsSink* sink) const;

 private:
  struct Column {
    std::string prefix;  // as the bytes of a EncodedOid
    std::shared_ptr<const RowIndex> rows;
    internal::NullableColumn cells;
  };

  void Add(const Oid& suffix, const internal::PackedValue& value,
           absl::string_view label);
  template <typename T>
  void AddCell(const Oid& column, const RowIndex& rows, T* value,
               internal::NullableColumn* cells) {
    if constexpr (internal::kIsOctets<T>) {
      cells->Add(packer_.PackOctets(value));
    } else {
      AddValueCell(column, rows, Value(std::move(*value)), cells);
    }
  }
  void AddValueCell(const Oid& column, const RowIndex& rows, Value value,
                    internal::NullableColumn* cells);
  void AddColumn(const Oid& column, std::shared_ptr<const RowIndex> rows,
                 internal::NullableColumn cells);
  // False, and a mistake, for an exception value.
  bool CanKeep(const Oid& suffix, const Value& value);
  void AddMistake(const Oid& suffix, const absl::Status& mistake);

  internal::EntrySorter entries_;
  std::vector<Column> columns_;
  internal::Overlay overrides_;
  internal::ValuePacker packer_;
  absl::Status status_;
};

// Fills `contents` from scratch with what a subtree is to hold. An error keeps
// what the subtree holds.
using UpdateFn = absl::AnyInvocable<absl::Status(Contents& contents)>;

}  // namespace passpersist

#endif  // PASSPERSIST_CONTENTS_H_
