// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TABLE_COMPUTED_STORE_H_
#define PASSPERSIST_TABLE_COMPUTED_STORE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "passpersist/base/request_guard.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/table/index_codec.h"
#include "passpersist/table/index_part.h"
#include "passpersist/table/oid_less.h"
#include "passpersist/value.h"

namespace passpersist {

// The rows of a computed table: data of the application, which the table reads
// at each request. They are in the order of OidLess<Index>, and outlive the
// agent.

// A std::map or absl::btree_map from indexes to rows, with the comparator
// OidLess<Index>. Another comparator does not compile.
template <typename Map>
class MapRows {
 public:
  using Entry = typename Map::value_type;
  using Key = typename Map::key_type;
  using Row = typename Map::mapped_type;

  explicit MapRows(const Map* map) : map_(map) {}

  template <typename Index>
  static void CheckOrder() {
    static_assert(std::is_same_v<typename Map::key_compare, OidLess<Index>>,
                  "the map is not in the order of a walk; declare it as "
                  "std::map<Key, Row, OidLess<Index>>");
  }

  const Entry* LowerBound(const Key& key) const {
    return EntryAt(map_->lower_bound(key));
  }
  const Entry* Next(const Entry& entry) const {
    return EntryAt(map_->upper_bound(entry.first));
  }
  const Key& KeyOf(const Entry& entry) const { return entry.first; }
  const Row& RowOf(const Entry& entry) const { return entry.second; }
  size_t size() const { return map_->size(); }

 private:
  const Entry* EntryAt(typename Map::const_iterator position) const {
    return position == map_->end() ? nullptr : &*position;
  }

  const Map* map_;
};

// A vector of rows that is sorted by OidLess<Index>. `get_key(row)` returns the
// index of a row.
template <typename Index, typename T, typename GetKey>
class VectorRows {
 public:
  using Entry = T;
  using Key = typename IndexPart<Index>::Value;
  using Row = T;

  VectorRows(const std::vector<T>* rows, GetKey get_key)
      : rows_(rows), get_key_(std::move(get_key)) {}

  template <typename OtherIndex>
  static void CheckOrder() {
    static_assert(std::is_same_v<Index, OtherIndex>,
                  "the vector is sorted by another index than the table's");
  }

  const Row* LowerBound(const Key& key) const {
    const auto position =
        std::lower_bound(rows_->begin(), rows_->end(), key,
                         [this](const Row& row, const Key& k) {
                           return OidLess<Index>()(get_key_(row), k);
                         });
    return position == rows_->end() ? nullptr : &*position;
  }
  const Row* Next(const Row& row) const {
    return &row == &rows_->back() ? nullptr : &row + 1;
  }
  Key KeyOf(const Row& row) const { return get_key_(row); }
  const Row& RowOf(const Row& row) const { return row; }
  size_t size() const { return rows_->size(); }

 private:
  const std::vector<T>* rows_;
  GetKey get_key_;
};

template <typename Index, typename Row, typename GetKey>
VectorRows<Index, Row, GetKey> MakeVectorRows(const std::vector<Row>* rows,
                                              GetKey get_key) {
  return {rows, std::move(get_key)};
}

// Rows that functions find. `lower_bound(key)` returns a pointer to the first
// row whose index is not before `key`, or null; `upper_bound(key)` to the first
// row whose index is after it. The number of rows is unknown.
template <typename Index, typename T, typename LowerBoundFn,
          typename UpperBoundFn, typename GetKey>
class FunctionRows {
 public:
  using Entry = T;
  using Key = typename IndexPart<Index>::Value;
  using Row = T;

  FunctionRows(LowerBoundFn lower_bound, UpperBoundFn upper_bound,
               GetKey get_key)
      : lower_bound_(std::move(lower_bound)),
        upper_bound_(std::move(upper_bound)),
        get_key_(std::move(get_key)) {}

  template <typename OtherIndex>
  static void CheckOrder() {
    static_assert(std::is_same_v<Index, OtherIndex>,
                  "the functions take another index than the table's");
  }

  const Row* LowerBound(const Key& key) const { return lower_bound_(key); }
  const Row* Next(const Row& row) const { return upper_bound_(get_key_(row)); }
  Key KeyOf(const Row& row) const { return get_key_(row); }
  const Row& RowOf(const Row& row) const { return row; }

 private:
  LowerBoundFn lower_bound_;
  UpperBoundFn upper_bound_;
  GetKey get_key_;
};

template <typename Index, typename Row, typename LowerBoundFn,
          typename UpperBoundFn, typename GetKey>
FunctionRows<Index, Row, LowerBoundFn, UpperBoundFn, GetKey> MakeFunctionRows(
    LowerBoundFn lower_bound, UpperBoundFn upper_bound, GetKey get_key) {
  return {std::move(lower_bound), std::move(upper_bound), std::move(get_key)};
}

namespace computed_internal {

// The rows of a computed table without their types.
//
// Safe for concurrent use, as far as the functions of the application are.
class UntypedRows {
 public:
  virtual ~UntypedRows() = default;

  // Calls `read` while the guard is held: by the request that the thread
  // answers (see RequestGuard), or else by this call. Returns an error if a
  // function of the application throws. The functions below are called by
  // `read` only, and rows are valid until it returns.
  absl::Status Read(absl::FunctionRef<void()> read) const;

  // Returns the first row whose index is not before `arcs`, or null.
  virtual const void* LowerBound(absl::Span<const uint32_t> arcs) const = 0;
  virtual const void* Next(const void* row) const = 0;
  // Returns an error if the index of the row has no encoding.
  virtual absl::Status EncodeIndex(const void* row, Oid* index) const = 0;
  virtual absl::StatusOr<std::optional<Value>> GetCell(
      const void* row, uint32_t column) const = 0;
  // False if size() is not known.
  virtual bool has_size() const = 0;
  virtual size_t size() const = 0;

 protected:
  using Guard = internal::RequestGuard::Guard;

  // Takes the guard. Null if there is none to take.
  virtual std::unique_ptr<Guard> TakeGuard() const = 0;
};

template <typename Rows, typename = void>
constexpr bool kHasSize = false;
template <typename Rows>
constexpr bool
    kHasSize<Rows, std::void_t<decltype(std::declval<const Rows&>().size())>> =
        true;

// The guard of data that never changes.
struct NoGuard {
  NoGuard operator()() const { return {}; }
};

template <typename Index, typename Rows, typename GetCellFn, typename MakeGuard>
class TypedRows final : public UntypedRows {
 public:
  TypedRows(const IndexCodec<Index>& codec, Rows rows, GetCellFn get_cell,
            MakeGuard make_guard)
      : codec_(codec),
        rows_(std::move(rows)),
        get_cell_(std::move(get_cell)),
        make_guard_(std::move(make_guard)) {
    Rows::template CheckOrder<Index>();
  }

  const void* LowerBound(absl::Span<const uint32_t> arcs) const override {
    const auto key = codec_.LowerBound(arcs);
    return key ? rows_.LowerBound(*key) : nullptr;
  }
  const void* Next(const void* row) const override {
    return rows_.Next(EntryOf(row));
  }
  absl::Status EncodeIndex(const void* row, Oid* index) const override {
    return codec_.Encode(rows_.KeyOf(EntryOf(row)), index);
  }
  absl::StatusOr<std::optional<Value>> GetCell(const void* row,
                                               uint32_t column) const override {
    return get_cell_(rows_.RowOf(EntryOf(row)), column);
  }
  bool has_size() const override { return kHasSize<Rows>; }
  size_t size() const override {
    if constexpr (kHasSize<Rows>) return rows_.size();
    return 0;
  }

 protected:
  std::unique_ptr<Guard> TakeGuard() const override {
    if constexpr (std::is_same_v<MakeGuard, NoGuard>) {
      return nullptr;
    } else {
      return std::make_unique<HeldGuard>(make_guard_);
    }
  }

 private:
  struct HeldGuard : Guard {
    explicit HeldGuard(const MakeGuard& make_guard) : guard(make_guard()) {}
    std::invoke_result_t<const MakeGuard&> guard;
  };

  static const typename Rows::Entry& EntryOf(const void* row) {
    return *static_cast<const typename Rows::Entry*>(row);
  }

  const IndexCodec<Index> codec_;
  const Rows rows_;
  const GetCellFn get_cell_;
  const MakeGuard make_guard_;
};

using ErrorFunction = std::function<void(const absl::Status& error)>;

std::unique_ptr<OidStore> NewComputedStore(
    std::shared_ptr<const UntypedRows> rows, std::vector<uint32_t> columns,
    ErrorFunction report);

}  // namespace computed_internal

// Makes the store of a table that is computed at each request from the rows of
// the application. Nothing is copied except the cell that is read. For a table
// that is declared by a struct, AgentBuilder::AddTable() makes it. The root of
// the subtree is the OID of the table:
//
//   std::map<std::string, Disk, OidLess<std::string>> disks;
//   builder.AddSubtree(root, NewComputedStore(
//       IndexCodec<std::string>(root.size() + 2), {2, 3}, MapRows(&disks),
//       [](const Disk& disk, uint32_t column) -> std::optional<Value> {...},
//       report, [&] { return std::unique_lock(mutex_of_disks); }));
//
//   columns                 the numbers of the columns, in ascending order
//   get_cell(row, column)   returns the value, or std::nullopt for no instance
//   report(error)           receives the errors below, without a guard
//   make_guard()            returns an object, for example a lock, that is held
//                           while a request reads rows
//
// All functions are called by the threads that answer requests, by several at
// once unless the guard excludes that. They must return at once, as those of
// ComputedValue::Cost::kCheap. An instance that does not exist costs a search
// of the instance that follows it, so a column with few cells is slow to walk.
//
// A request takes the guard once, for all names that it reads in the table one
// after the other, and releases it before the answer is sent. It releases the
// guard earlier to read another computed table, to call the function of a
// computed value or to report an error, since these may want the same lock. So
// the guard may be a lock that is not recursive. What changes between two
// requests shows in the answers:
//
//   - Under pass_persist a request has one name, so the columns of a row may
//     differ in time, also within one PDU. With a protocol that has PDUs, what
//     a request reads under one guard is of one time.
//   - A walk continues after the name that was answered last. It returns a row
//     at most once, all rows that exist from its beginning to its end, and some
//     of those that are added or erased meanwhile.
//
// Errors are reported, and what they are about is left out:
//
//   FailedPrecondition   a row is not after the row before it, or not in the
//                        order that was asked for. Reported once
//   others               the index of a row has no encoding: a number above
//                        2^32-1. Reported once, for the first. Or a cell has no
//                        value
//   Internal             an exception of a function: the read finds nothing
//
// Rows before all that have an encoding, as those of negative numbers, are not
// read and therefore not reported.
//
// Replace() and Apply() return FailedPrecondition. size() is the number of
// rows, 0 if it is unknown, multiplied by that of columns. The snapshot of the
// store is always the newest.
template <typename Index, typename Rows, typename GetCellFn,
          typename MakeGuard = computed_internal::NoGuard>
std::unique_ptr<OidStore> NewComputedStore(
    const IndexCodec<Index>& codec, std::vector<uint32_t> columns, Rows rows,
    GetCellFn get_cell, computed_internal::ErrorFunction report,
    MakeGuard make_guard = {}) {
  using TypedRows =
      computed_internal::TypedRows<Index, Rows, GetCellFn, MakeGuard>;
  return computed_internal::NewComputedStore(
      std::make_shared<const TypedRows>(
          codec, std::move(rows), std::move(get_cell), std::move(make_guard)),
      std::move(columns), std::move(report));
}

}  // namespace passpersist

#endif  // PASSPERSIST_TABLE_COMPUTED_STORE_H_
