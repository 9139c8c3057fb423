// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_ENCODING_PACKED_ROW_INDEX_H_
#define PASSPERSIST_ENCODING_PACKED_ROW_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/encoding/oid_encoding.h"

namespace passpersist::internal {

// The indexes in a RowIndex:
//
//   consecutive indexes,   first, n: no bytes for a row
//   such as 1 to n
//   other indexes          bytes  | index 0 | index 1 | ... |
//                          ends   the end of each index, 4 bytes a row
//
// An index is stored as the bytes of an EncodedOid.
//
// A value type, except for Add(); safe for concurrent reading.
class PackedRowIndex {
 public:
  PackedRowIndex() = default;

  // Makes the indexes 1 to `last`.
  static PackedRowIndex UpTo(uint32_t last);

  // Adds an index, given as the bytes of an EncodedOid. Returns the errors of
  // RowIndex::Make() and then does nothing.
  absl::Status Add(absl::string_view index);

  // Frees memory that was allocated for indexes that did not come.
  void ShrinkToFit();

  size_t size() const { return size_; }

  // The index of a row. The result points into this object or into `scratch`,
  // which has room for kMaxPackedArcSize bytes. Requires row < size(). O(1).
  absl::string_view Get(size_t row, char* scratch) const {
    if (is_consecutive()) {
      const char* const end =
          PackArc(first_ + static_cast<uint32_t>(row), scratch);
      return {scratch, static_cast<size_t>(end - scratch)};
    }
    const size_t begin = row == 0 ? 0 : ends_[row - 1];
    return {bytes_.data() + begin, ends_[row] - begin};
  }

  // True if `arcs` are the index of a row; takes less time than Get(). Requires
  // row < size().
  bool IsIndexOf(size_t row, absl::Span<const uint32_t> arcs) const {
    if (is_consecutive()) return arcs.size() == 1 && arcs[0] == first_ + row;
    char scratch[kMaxPackedArcSize];
    return ArePackedArcs(arcs, Get(row, scratch));
  }

  // True if the indexes are the single arcs first_arc(), first_arc() + 1 and so
  // on.
  bool is_consecutive() const { return ends_.empty(); }
  uint32_t first_arc() const { return first_; }

  // The bytes of this object and of its memory.
  size_t MemoryUsage() const;

  friend bool operator==(const PackedRowIndex& a, const PackedRowIndex& b);

 private:
  // True if the indexes are consecutive and `index` continues them.
  bool IsNext(absl::string_view index) const;
  // Changes the representation from consecutive to other indexes.
  void ListIndexes();

  size_t size_ = 0;
  uint32_t first_ = 0;
  std::string bytes_;
  std::vector<uint32_t> ends_;  // empty if the indexes are consecutive
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_ENCODING_PACKED_ROW_INDEX_H_
