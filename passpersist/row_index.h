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

// The indexes of a table's rows, in order. All columns of a table share one,
// and so do an update and the next one as long as no row comes or goes: a store
// that meets the same RowIndex again keeps what it knows about the rows.
//
//   indexes 1 to n, or others   first, n: nothing a row
//   that are consecutive
//   other indexes               bytes  | index 0 | index 1 | ... |
//                               ends   where each ends, 4 bytes a row
//
// The bytes are those of a EncodedOid.
//
// Immutable, so safe for concurrent use.
class RowIndex {
 public:
  // Requires ascending order: InvalidArgument, naming the index, for one that
  // is before its neighbour, AlreadyExists for one that comes twice.
  // ResourceExhausted if the indexes take more than 4 GiB.
  static absl::StatusOr<std::shared_ptr<const RowIndex>> Make(
      absl::Span<const Oid> indexes);

  // The same for indexes of one arc, such as ifIndex.
  static absl::StatusOr<std::shared_ptr<const RowIndex>> FromNumbers(
      absl::Span<const uint32_t> indexes);

  // The rows 1 to `last`.
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

  // For the stores of this project: the index of a row as the bytes of a
  // EncodedOid, which lie in this set or in `scratch`, where
  // internal::kMaxPackedArcSize bytes are free. Requires row < size(). O(1).
  absl::string_view PackedIndex(size_t row, char* scratch) const {
    if (is_consecutive()) {
      const char* const end =
          internal::PackArc(first_ + static_cast<uint32_t>(row), scratch);
      return {scratch, static_cast<size_t>(end - scratch)};
    }
    const size_t begin = row == 0 ? 0 : ends_[row - 1];
    return {bytes_.data() + begin, ends_[row] - begin};
  }

  // The same: true if the rows are the single arcs first_arc(), first_arc() + 1
  // and so on.
  bool is_consecutive() const { return ends_.empty(); }
  uint32_t first_arc() const { return first_; }

 private:
  friend class RowIndexBuilder;

  RowIndex() = default;

  size_t size_ = 0;
  uint32_t first_ = 0;
  std::string bytes_;
  std::vector<uint32_t> ends_;  // none: consecutive
};

// Collects rows for a RowIndex, in order.
//
// Used by one thread at a time.
class RowIndexBuilder {
 public:
  RowIndexBuilder() : set_(new RowIndex) {}

  // Takes the bytes of a EncodedOid. After an error, which is one of those of
  // RowIndex::Make(), the rows are as they were.
  absl::Status Add(absl::string_view packed_index);

  size_t size() const { return set_->size_; }

  // The set. Call it once.
  std::shared_ptr<const RowIndex> Finish() &&;

 private:
  // True if the set is consecutive and stays so with that index.
  bool IsNext(absl::string_view packed_index) const;
  void ListIndexes();

  std::unique_ptr<RowIndex> set_;
};

}  // namespace passpersist

#endif  // PASSPERSIST_ROW_INDEX_H_
