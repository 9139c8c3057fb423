// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_CONTENTS_H_
#define PASSPERSIST_CONTENTS_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "passpersist/changes.h"
#include "passpersist/oid.h"
#include "passpersist/stored_value.h"
#include "passpersist/value.h"

namespace passpersist {

class Contents;
class RowIndex;
class TableBuilder;

namespace internal {
class ContentsSink;
class NullableColumn;
struct PackedContents;
absl::Status DeliverContents(const Contents& contents, ContentsSink* sink);
}  // namespace internal

// The complete contents of a subtree, collected by an update. A `suffix` is an
// OID relative to the root of the subtree; entries may be put in any order.
// ReadContents() reads the entries.
//
// An entry takes about as many bytes as in a store, and reading takes no
// additional memory.
//
// Errors are kept until the end, so an update need not check each call: the
// first error fails the whole update.
//
// Complexity: Put() is O(1), fastest in OID order; PutColumn() of numbers is
// O(1).
//
// Used by one thread at a time; safe for concurrent reading.
class Contents {
 public:
  Contents();
  Contents(Contents&&) noexcept;
  Contents& operator=(Contents&&) noexcept;
  ~Contents();

  // Adds a value. The label is shown by debugging tools; an empty label takes
  // no memory.
  void Put(const Oid& suffix, Value value, absl::string_view label = {});

  // The same for a number; slightly faster.
  void Put(const Oid& suffix, Integer32 value, absl::string_view label = {});
  void Put(const Oid& suffix, Counter32 value, absl::string_view label = {});
  void Put(const Oid& suffix, Counter64 value, absl::string_view label = {});
  void Put(const Oid& suffix, Gauge32 value, absl::string_view label = {});
  void Put(const Oid& suffix, TimeTicks value, absl::string_view label = {});
  void Put(const Oid& suffix, IpAddress value, absl::string_view label = {});

  // The same for a value or an error; an error fails the update:
  // contents.Put({1, 0}, Integer32::FromNumber(reading)).
  template <typename T>
  void Put(const Oid& suffix, absl::StatusOr<T> value,
           absl::string_view label = {}) {
    if (!value.ok()) return AddError(suffix, value.status());
    Put(suffix, *std::move(value), label);
  }

  // Adds a value that `function` computes at each request. While the function
  // fails or is late (see AgentBuilder::SetLateValueAge()), the instance is
  // absent and a walk continues after it.
  void PutComputed(const Oid& suffix, ComputedValue::Function function,
                   absl::string_view label = {}) {
    PutComputed(suffix, ComputedValue(std::move(function)), label);
  }
  void PutComputed(const Oid& suffix, ComputedValue value,
                   absl::string_view label = {});

  // Adds a column of a table. The cell of row i has the suffix `column`
  // followed by the index of the row, and the value values[i]. T is one of the
  // types of value.h, or Value. Numbers are moved with their vector, not
  // copied. It is an error if there are more or fewer values than rows.
  //
  // This is the fastest way to refresh a table whose rows stay: if updates pass
  // the same `rows`, a store need not compare keys.
  template <typename T,
            typename = std::enable_if_t<std::is_constructible_v<Value, T>>>
  void PutColumn(const Oid& column, std::shared_ptr<const RowIndex> rows,
                 std::vector<T> values);

  // The same for a column with missing cells (nullopt).
  template <typename T>
  void PutColumn(const Oid& column, std::shared_ptr<const RowIndex> rows,
                 std::vector<std::optional<T>> values);

  // Adds the rows of a table. `table_entry` is the suffix of the conceptual
  // row, such as {1} for ifEntry in a subtree whose root is ifTable. Moves the
  // rows out of `table`, so the next update can fill it again; the columns
  // stay. An error in `table` becomes an error of these contents.
  void PutTable(const Oid& table_entry, TableBuilder& table);

  // Says that nothing has changed: the subtree keeps its present instances, and
  // the update counts as successful. What was put is ignored.
  void SetUnchanged();
  bool is_unchanged() const;

  // Applies `changes` on top of all entries, also of entries that are put after
  // this call: a change replaces or removes the entry with its OID. The agent
  // calls it for values that were set during the update.
  void Override(Changes changes);

  // The number of entries that were put, without overrides.
  size_t size() const;

  // Bytes. A long string counts in full, even if a store shares it. The memory
  // that functions of computed values and values of overrides hold does not
  // count.
  size_t ApproximateMemory() const;

  // The first error so far, naming the OID.
  const absl::Status& status() const;

 private:
  friend absl::Status internal::DeliverContents(const Contents& contents,
                                                internal::ContentsSink* sink);

  template <typename T>
  void AddCell(T* value, internal::NullableColumn* cells);
  void AddColumn(const Oid& column, std::shared_ptr<const RowIndex> rows,
                 internal::NullableColumn cells);
  void AddError(const Oid& suffix, const absl::Status& error);

  std::unique_ptr<internal::PackedContents> packed_;
};

// Fills the empty `contents` with all instances of a subtree. If it returns an
// error, the subtree keeps its present instances.
using UpdateFn = absl::AnyInvocable<absl::Status(Contents& contents)>;

}  // namespace passpersist

#endif  // PASSPERSIST_CONTENTS_H_
