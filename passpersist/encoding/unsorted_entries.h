// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_ENCODING_UNSORTED_ENTRIES_H_
#define PASSPERSIST_ENCODING_UNSORTED_ENTRIES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "passpersist/encoding/byte_buffer.h"
#include "passpersist/encoding/column_values.h"
#include "passpersist/encoding/entry_buffer.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/oid.h"

namespace passpersist::internal {

// Entries in the order in which they were added:
//
//   bytes    | key 0 | label 0 | key 1 | label 1 | ... |   at most 4 GiB
//   ends     the ends of each key and of each label
//   values   a ColumnValues
//
// Used by one thread at a time; safe for concurrent reading.
class UnsortedEntries {
 public:
  // Takes a reference to the SharedValue of the value.
  void Add(const Oid& suffix, const PackedValue& value,
           absl::string_view label);

  size_t size() const { return ends_.size(); }
  bool empty() const { return ends_.empty(); }

  // The size of all keys and labels.
  size_t bytes() const { return bytes_.size(); }

  // Returns the entries in the order of their keys. Of entries with one key,
  // the one that was added last comes first.
  EntryBuffer Sorted() const;

  // In bytes, including the SharedValues.
  size_t MemoryUsage() const;

 private:
  struct Ends {
    uint32_t key;
    uint32_t label;
  };

  absl::string_view Key(size_t i) const {
    const size_t begin = i == 0 ? 0 : ends_[i - 1].label;
    return {bytes_.data() + begin, ends_[i].key - begin};
  }
  absl::string_view Label(size_t i) const {
    return {bytes_.data() + ends_[i].key, ends_[i].label - ends_[i].key};
  }

  ByteBuffer bytes_;
  std::vector<Ends> ends_;
  ColumnValues values_;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_ENCODING_UNSORTED_ENTRIES_H_
