// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_CONTENTS_H_
#define PASSPERSIST_CONTENTS_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/base/optimization.h"
#include "absl/functional/any_invocable.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/changes.h"
#include "passpersist/converted.h"
#include "passpersist/oid.h"
#include "passpersist/stored_value.h"
#include "passpersist/value.h"

namespace passpersist {

class Contents;
class RowIndex;
class TableBuilder;

namespace table_internal {
class TableUpdate;
}  // namespace table_internal

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
// An error costs one instance, so an update need not check each call. What
// cannot be a value is left out, and the rest is served. The agent reports each
// such instance once, until an update has it without an error. If an OID is put
// twice, the later value is served, and a value of Put() rather than a cell of
// a column; that is reported, too. In a strict subtree (SubtreeOptions) each of
// these errors fails the update.
//
// What does not belong to an instance, such as a column with more values than
// rows, fails the update in any subtree: see status().
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

  // The same for a value or an error:
  // contents.Put({1, 0}, Integer32::FromNumber(reading)).
  template <typename T>
  void Put(const Oid& suffix, Converted<T> value,
           absl::string_view label = {}) {
    if (value) Put(suffix, *value, label);
    if (ABSL_PREDICT_TRUE(value.fits())) return;
    // A copy: `value` stays in registers if its address is not taken.
    AddInstanceError(suffix, value.has_value(),
                     [value] { return value.status(); });
  }
  template <typename T>
  void Put(const Oid& suffix, absl::StatusOr<T> value,
           absl::string_view label = {}) {
    if (value.ok()) return Put(suffix, *std::move(value), label);
    AddInstanceError(suffix, false, [&value] { return value.status(); });
  }

  // Adds a value that `function` computes at each request. While the function
  // fails, returns NoValueError() or is late (see
  // AgentBuilder::SetLateValueAge()), the instance is absent and a walk
  // continues after it.
  void PutComputed(const Oid& suffix, ComputedValue::Function function,
                   absl::string_view label = {}) {
    PutComputed(suffix, ComputedValue(std::move(function)), label);
  }
  void PutComputed(const Oid& suffix, ComputedValue value,
                   absl::string_view label = {});

  // Adds a column of a table. The cell of row i has the suffix `column`
  // followed by the index of the row, and the value values[i]. T is one of the
  // types of value.h, or Value. Numbers are moved with their vector, not
  // copied. More or fewer values than rows fail the update.
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

  // The same for values or errors.
  template <typename T>
  void PutColumn(const Oid& column, std::shared_ptr<const RowIndex> rows,
                 const std::vector<Converted<T>>& values) {
    std::vector<std::optional<T>> cells(values.size());
    for (size_t row = 0; row < values.size(); ++row) {
      const Converted<T>& value = values[row];
      cells[row] = value;
      if (ABSL_PREDICT_TRUE(value.fits())) continue;
      AddCellError(column, *rows, row, value.has_value(),
                   [&value] { return value.status(); });
    }
    PutColumn(column, std::move(rows), std::move(cells));
  }
  template <typename T>
  void PutColumn(const Oid& column, std::shared_ptr<const RowIndex> rows,
                 std::vector<absl::StatusOr<T>> values) {
    std::vector<std::optional<T>> cells(values.size());
    for (size_t row = 0; row < values.size(); ++row) {
      absl::StatusOr<T>& value = values[row];
      if (value.ok()) {
        cells[row] = *std::move(value);
      } else {
        AddCellError(column, *rows, row, false,
                     [&value] { return value.status(); });
      }
    }
    PutColumn(column, std::move(rows), std::move(cells));
  }

  // Adds the rows of a table. `table_entry` is the suffix of the conceptual
  // row, such as {1} for ifEntry in a subtree whose root is ifTable. Moves the
  // rows out of `table`, so the next update can fill it again; the columns
  // stay. The errors in `table` become errors of these contents.
  void PutTable(const Oid& table_entry, TableBuilder& table);

  // Returns the TimeStamp (RFC 2579) of `event`: the value of sysUpTime at that
  // time, modulo 2^32, and 0 for an event before sysUpTime was 0. See
  // AgentBuilder::SetSysUpTime(). In contents that no agent has made, sysUpTime
  // was 0 at absl::UnixEpoch().
  TimeTicks TimeStampOf(absl::Time event) const;

  // Says that nothing has changed: the subtree keeps its present instances, and
  // the update counts as successful. What was put is ignored.
  void SetUnchanged();
  bool is_unchanged() const;

  // Reports `error` for data whose name is unknown, and goes on: a line of a
  // file that cannot be parsed, for example. The message must be the same as
  // long as the cause is, and must name it.
  void AddError(const absl::Status& error);

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

  // OK, or the first error so far that fails the update.
  const absl::Status& status() const;

  // The other errors so far, each with the OID: the first 16 of error_count(),
  // within an agent without those of the last update. A suffix that was put
  // twice may be found only when the entries are read.
  std::vector<absl::Status> errors() const;
  size_t error_count() const;

  // For the agent.
  explicit Contents(std::unique_ptr<internal::PackedContents> packed);

 private:
  friend class table_internal::TableUpdate;
  friend absl::Status internal::DeliverContents(const Contents& contents,
                                                internal::ContentsSink* sink);

  absl::Time sys_up_time_zero() const;

  template <typename T>
  void AddCell(T* value, internal::NullableColumn* cells);
  void AddColumn(const Oid& column, std::shared_ptr<const RowIndex> rows,
                 internal::NullableColumn cells);
  // See PackedContents::AddError().
  void AddInstanceError(const Oid& suffix, bool is_served,
                        absl::FunctionRef<absl::Status()> error);
  void AddCellError(const Oid& column, const RowIndex& rows, size_t row,
                    bool is_served, absl::FunctionRef<absl::Status()> error);

  std::unique_ptr<internal::PackedContents> packed_;
};

// Fills the empty `contents` with all instances of a subtree. If it returns an
// error, the subtree keeps its present instances.
using UpdateFn = absl::AnyInvocable<absl::Status(Contents& contents)>;

}  // namespace passpersist

#endif  // PASSPERSIST_CONTENTS_H_
