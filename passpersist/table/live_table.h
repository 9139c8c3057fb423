// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TABLE_LIVE_TABLE_H_
#define PASSPERSIST_TABLE_LIVE_TABLE_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "passpersist/changes.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/table/declaration.h"
#include "passpersist/table/index_codec.h"
#include "passpersist/table/index_part.h"
#include "passpersist/table/table.h"

namespace passpersist {

namespace table_internal {

// The part of a LiveTable without templates.
//
// One thread at a time is the writer: it applies its own changes and those of
// the threads that wait for their turn, all by one OidStore::Apply(). Functions
// of the program, which read columns and indexes, are called by the thread of
// the change, before it waits for its turn. If another thread changes the same
// row meanwhile, they are called again.
//
// Safe for concurrent use.
class LiveTableCore {
 public:
  // Where the cells are served.
  struct Target {
    std::shared_ptr<OidStore> store;
    Oid root;  // the OID of the table
    // Returns when sysUpTime was 0. Called for each change if a cell needs it:
    // the system's clock may be set meanwhile.
    std::function<absl::Time()> sys_up_time_zero;
    // Called by any thread, for a cell that has no value because of an error.
    std::function<void(const absl::Status& error)> report_error;
  };

  LiveTableCore(const LiveTableCore&) = delete;
  LiveTableCore& operator=(const LiveTableCore&) = delete;

  // For the library: what AgentBuilder does with the table.
  const Declaration& declaration() const { return *declaration_; }

  // Writes all rows into the store by one OidStore::Replace(), and later
  // changes as they come. Returns FailedPrecondition if the table has a store,
  // InvalidArgument if the name of a cell is too long, Internal if an accessor
  // throws, or the error of the store. The table is then unchanged. Changes
  // that other threads make meanwhile do not wait for accessors; they are in
  // the store when Attach() returns.
  absl::Status Attach(Target target);

 protected:
  using RowPointer = std::shared_ptr<const void>;

  explicit LiveTableCore(const Declaration* declaration);
  ~LiveTableCore();

  // Erases the rows with these indexes, or all rows if `replaces`, then adds
  // `rows`. See LiveTable.
  absl::Status Write(bool replaces, absl::Span<Oid> erases,
                     absl::Span<RowPointer> rows);

  RowPointer FindRow(const Oid& index) const;
  std::vector<RowPointer> rows() const;
  size_t row_count() const;

 private:
  struct Edit;
  struct Batch;

  absl::Status AddEdits(absl::Span<Oid> erases, absl::Span<RowPointer> rows,
                        Batch* batch) const;
  absl::Status Prepare(Batch* batch) const;
  void SetDiscontinuities(Edit* edit) const;
  void AddChanges(const Edit& edit, Batch* batch) const;
  Oid SuffixOf(const Column& column, const Oid& index) const;
  // The base of the table's store: see Declaration::Layout.
  Oid BaseOf(const Target& target) const;
  absl::Time ZeroOf(const Target& target) const;
  void WriteInTurn(Batch* own);
  absl::Status AddContents(
      const Target& target,
      const std::vector<std::pair<Oid, RowPointer>>& indexed_rows,
      absl::Time last_change, Contents* contents,
      std::vector<absl::Status>* errors) const;

  void WriteGroup() ABSL_EXCLUSIVE_LOCKS_REQUIRED(turn_);
  void TakeGroup() ABSL_EXCLUSIVE_LOCKS_REQUIRED(turn_, mutex_);
  void FindStaleBatches() ABSL_EXCLUSIVE_LOCKS_REQUIRED(turn_, mutex_);
  bool IsStale(const Batch& batch,
               const absl::flat_hash_set<absl::string_view>& edited) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AddErasesOfOthers(Batch* batch) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  size_t RowsAfterGroup() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(turn_, mutex_);
  void AddScalars(size_t row_count, Batch* batch)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(turn_);
  void Publish(Batch* batch) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Declaration* const declaration_;
  const Declaration::Layout layout_;
  std::vector<const Column*> columns_;   // those to serve
  const Column* const discontinuity_;    // or null
  std::vector<const Column*> counters_;  // running totals, if it is not null
  bool needs_sys_up_time_;

  // Held by the writer.
  absl::Mutex turn_ ABSL_ACQUIRED_BEFORE(mutex_);
  std::vector<Batch*> group_ ABSL_GUARDED_BY(turn_);  // what it applies
  // Of the scalars about the table.
  size_t served_row_count_ ABSL_GUARDED_BY(turn_) = 0;
  absl::Time last_change_ ABSL_GUARDED_BY(turn_) = absl::InfinitePast();
  // What was changed while Attach() makes the cells of the rows that were there
  // before; not used otherwise. Attach() applies it after them.
  std::optional<Changes> deferred_ ABSL_GUARDED_BY(turn_);

  // Held for a moment.
  mutable absl::Mutex mutex_;
  // The keys are encoded indexes. Only the writer changes the rows.
  absl::flat_hash_map<std::string, RowPointer> rows_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const Target> target_ ABSL_GUARDED_BY(mutex_);
  std::vector<Batch*> queue_ ABSL_GUARDED_BY(mutex_);  // to be applied
};

}  // namespace table_internal

// The rows of a table in memory, which events change:
//
//   auto disks = MakeLiveTable(kDisks);
//   builder.AddTable(kRoot, disks);
//   ...
//   disks->Upsert(disk);
//   disks->Erase("sda");
//
// It may have rows before it is added to an AgentBuilder, which serves it from
// Build() on. One agent may serve it.
//
// A change is served when the method returns. All that a method changes is
// served together, so that the cells of a row in one PDU, and in one walk, are
// of one state. Over pass_persist, where nothing marks a PDU, a read may
// therefore be up to 250 ms older (docs/serving.md). Only cells that differ are
// written. Changes of several threads are applied together.
//
// A cell without a value, such as std::nullopt, is missing. So is a cell whose
// column has an error; the agent reports the error when the cell gets it.
//
// Methods that change the table change nothing if they return an error:
//
//   InvalidArgument  a row or a key has no index, or its index is too long; the
//                    message says why
//   another error    that of the store, for all changes that it got together
//
// A TimeStamp is the sysUpTime of its time when its cell is written: a cell
// that stays keeps its value, also if the system's clock is set. Under
// pass_persist a restart of snmpd, which begins sysUpTime again, restarts the
// agent, and thus writes all cells. Table::LastChange() is the time of the last
// method that changed something which is served.
//
// No lock is held while accessors of the columns and of the index run, which
// the methods and AgentBuilder::Build() call; they may use the table. A row
// that the table holds does not change.
//
// Safe for concurrent use.
template <typename Row, typename... Parts>
class LiveTable : public table_internal::LiveTableCore {
 public:
  using RowType = Row;
  using Key = typename Table<Row, Parts...>::Key;

  // An empty table.
  explicit LiveTable(const Table<Row, Parts...>& table)
      : LiveTableCore(&table.declaration()) {}

  // Adds a row, or replaces the row with the same index.
  absl::Status Upsert(Row row) {
    RowPointer pointer = std::make_shared<Row>(std::move(row));
    return Write(/*replaces=*/false, {}, absl::MakeSpan(&pointer, 1));
  }

  // Erases the row with the key, whose parts are the arguments. Erasing an
  // absent row does nothing.
  template <typename... Values>
  absl::Status Erase(const Values&... key) {
    absl::StatusOr<Oid> index = IndexOf(key...);
    if (!index.ok()) return index.status();
    return Write(/*replaces=*/false, absl::MakeSpan(&*index, 1), {});
  }

  // Erases the rows with the keys `erases`, then adds `upserts`: a row that is
  // in both is there afterwards. Of several rows with one index the last one
  // counts.
  absl::Status Apply(std::vector<Row> upserts, const std::vector<Key>& erases) {
    std::vector<Oid> indexes;
    indexes.reserve(erases.size());
    for (const Key& key : erases) {
      absl::StatusOr<Oid> index = Encode(key);
      if (!index.ok()) return index.status();
      indexes.push_back(*std::move(index));
    }
    std::vector<RowPointer> rows = PointersTo(std::move(upserts));
    return Write(/*replaces=*/false, absl::MakeSpan(indexes),
                 absl::MakeSpan(rows));
  }

  // Replaces all rows. Of several rows with one index the last one counts.
  absl::Status Replace(std::vector<Row> rows) {
    std::vector<RowPointer> pointers = PointersTo(std::move(rows));
    return Write(/*replaces=*/true, {}, absl::MakeSpan(pointers));
  }

  // Returns the row with the key, or null. The row is not copied; it stays when
  // the table changes.
  template <typename... Values>
  std::shared_ptr<const Row> Find(const Values&... key) const {
    const absl::StatusOr<Oid> index = IndexOf(key...);
    if (!index.ok()) return nullptr;
    return std::static_pointer_cast<const Row>(FindRow(*index));
  }

  // Calls `function` with each row that is there at the time of the call, in no
  // particular order. The function may change the table.
  template <typename Function>
  void ForEach(Function function) const {
    for (const RowPointer& row : rows()) {
      function(*static_cast<const Row*>(row.get()));
    }
  }

  size_t size() const { return row_count(); }

 private:
  template <typename... Values>
  static absl::StatusOr<Oid> IndexOf(const Values&... key) {
    constexpr bool kIsWhole = sizeof...(Values) == sizeof...(Parts);
    static_assert(kIsWhole,
                  "Find() and Erase() take one value for each part of the "
                  "table's index");
    if constexpr (kIsWhole) {
      constexpr bool kHasTypes =
          (std::is_convertible_v<const Values&,
                                 typename IndexPart<Parts>::Value> &&
           ...);
      static_assert(
          kHasTypes,
          "Find() and Erase() take values of the types of the table's index");
      if constexpr (kHasTypes) return Encode(Key(key...));
    }
    return Oid();  // after a failed assertion
  }

  static absl::StatusOr<Oid> Encode(const Key& key) {
    absl::StatusOr<Oid> index = IndexCodec<std::tuple<Parts...>>().Encode(key);
    if (index.ok()) return index;
    return absl::InvalidArgumentError(index.status().message());
  }

  static std::vector<RowPointer> PointersTo(std::vector<Row> rows) {
    std::vector<RowPointer> pointers;
    pointers.reserve(rows.size());
    for (Row& row : rows) {
      pointers.push_back(std::make_shared<Row>(std::move(row)));
    }
    return pointers;
  }
};

// Returns an empty LiveTable for AgentBuilder::AddTable().
template <typename Row, typename... Parts>
std::shared_ptr<LiveTable<Row, Parts...>> MakeLiveTable(
    const Table<Row, Parts...>& table) {
  return std::make_shared<LiveTable<Row, Parts...>>(table);
}

}  // namespace passpersist

#endif  // PASSPERSIST_TABLE_LIVE_TABLE_H_
