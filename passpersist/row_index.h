// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_ROW_INDEX_H_
#define PASSPERSIST_ROW_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "passpersist/oid.h"

namespace passpersist {

namespace internal {
class PackedRowIndex;
}  // namespace internal

// The indexes of a table's rows, in order. All columns of a table share one
// RowIndex. Successive updates also share it as long as no row is added or
// removed: a store that gets the same RowIndex again keeps its data about the
// rows.
//
// Consecutive indexes, such as 1 to n, take no memory per row. Other indexes
// take four bytes each, and about one byte per arc.
//
// Immutable, so safe for concurrent use.
class RowIndex {
 public:
  // Requires `indexes` in ascending order. Returns
  //
  //   InvalidArgument    an index is less than the previous index
  //   AlreadyExists      an index occurs twice
  //   ResourceExhausted  the indexes take more than 4 GiB
  //
  // each naming the index.
  static absl::StatusOr<std::shared_ptr<const RowIndex>> Make(
      absl::Span<const Oid> indexes);

  // The same for indexes of one arc, such as ifIndex.
  static absl::StatusOr<std::shared_ptr<const RowIndex>> FromNumbers(
      absl::Span<const uint32_t> indexes);

  // Returns the indexes 1 to `last`.
  static std::shared_ptr<const RowIndex> UpTo(uint32_t last);

  RowIndex(const RowIndex&) = delete;
  RowIndex& operator=(const RowIndex&) = delete;
  ~RowIndex();

  size_t size() const;

  // The index of a row. Requires row < size(). O(1).
  Oid index(size_t row) const;

  // The bytes of this object and of its memory.
  size_t MemoryUsage() const;

  friend bool operator==(const RowIndex& a, const RowIndex& b);
  friend bool operator!=(const RowIndex& a, const RowIndex& b) {
    return !(a == b);
  }

 private:
  friend class Contents;
  friend class TableBuilder;

  explicit RowIndex(internal::PackedRowIndex packed);
  static std::shared_ptr<const RowIndex> FromPacked(
      internal::PackedRowIndex packed);

  const std::unique_ptr<const internal::PackedRowIndex> packed_;
};

}  // namespace passpersist

#endif  // PASSPERSIST_ROW_INDEX_H_
