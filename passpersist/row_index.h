// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_ROW_INDEX_H_
#define PASSPERSIST_ROW_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/encoding/oid_encoding.h"
#include "passpersist/oid.h"

namespace passpersist {

// The indexes of a table's rows, in order. All columns of a table share one
// RowIndex. Successive updates also share it as long as no row is added or
// removed: a store that gets the same RowIndex again keeps its data about the
// rows.
//
//   consecutive indexes,   first, n: no bytes for a row
//   such as 1 to n
//   other indexes          bytes  | index 0 | index 1 | ... |
//                          ends   the end of each index, 4 bytes a row
//
// An index is stored as the bytes of an EncodedOid.
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

  size_t size() const { return size_; }

  // The bytes of this object and of its memory.
  size_t MemoryUsage() const;

  friend bool operator==(const RowIndex& a, const RowIndex& b);
  friend bool operator!=(const RowIndex& a, const RowIndex& b) {
    return !(a == b);
  }

  // For the stores of this project: the index of a row as the bytes of an
  // EncodedOid. The result points into this object or into `scratch`, which has
  // room for internal::kMaxPackedArcSize bytes. Requires row < size(). O(1).
  absl::string_view PackedIndex(size_t row, char* scratch) const {
    if (is_consecutive()) {
      const char* const end =
          internal::PackArc(first_ + static_cast<uint32_t>(row), scratch);
      return {scratch, static_cast<size_t>(end - scratch)};
    }
    const size_t begin = row == 0 ? 0 : ends_[row - 1];
    return {bytes_.data() + begin, ends_[row] - begin};
  }

  // For the stores of this project: true if the indexes are the single arcs
  // first_arc(), first_arc() + 1 and so on.
  bool is_consecutive() const { return ends_.empty(); }
  uint32_t first_arc() const { return first_; }

 private:
  friend class RowIndexBuilder;

  RowIndex() = default;

  size_t size_ = 0;
  uint32_t first_ = 0;
  std::string bytes_;
  std::vector<uint32_t> ends_;  // empty if the indexes are consecutive
};

// Builds a RowIndex from indexes in ascending order.
//
// Used by one thread at a time.
class RowIndexBuilder {
 public:
  RowIndexBuilder() : rows_(new RowIndex) {}

  // Adds an index, given as the bytes of an EncodedOid. Returns the errors of
  // RowIndex::Make(); after an error the builder is unchanged.
  absl::Status Add(absl::string_view packed_index);

  size_t size() const { return rows_->size_; }

  // Returns the row index. Called once.
  std::shared_ptr<const RowIndex> Finish() &&;

 private:
  // True if the indexes are consecutive and `packed_index` continues them.
  bool IsNext(absl::string_view packed_index) const;
  // Changes the representation from consecutive to other indexes.
  void ListIndexes();

  std::unique_ptr<RowIndex> rows_;
};

}  // namespace passpersist

#endif  // PASSPERSIST_ROW_INDEX_H_
