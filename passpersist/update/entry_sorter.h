// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_UPDATE_ENTRY_SORTER_H_
#define PASSPERSIST_UPDATE_ENTRY_SORTER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/oid.h"
#include "passpersist/update/entry_buffer.h"
#include "passpersist/update/merging_reader.h"

namespace passpersist::internal {

// Sorts entries that come in any order, by patience sorting: each entry is
// appended at once to a buffer that ends with a smaller entry, so that little
// is left to sort. A table that is put row by row, here with three columns,
// becomes columns again:
//
//   put      .1.1 .2.1 .3.1   .1.2 .2.2 .3.2   .1.3 .2.3 .3.3
//
//   open     .1.1 .2.1 .3.1 .3.2 .3.3      the last keys descend
//            .1.2 .2.2 .2.3
//            .1.3
//   closed   ...
//
// An entry goes to the first open buffer whose last entry is less. If there is
// none, the entry begins a new buffer. If kMaxOpen buffers are open then, they
// are merged first, and the result is closed: it does not grow any more.
// Entries that come in order make one buffer.
//
// Complexity: O(1) an entry for the buffer used last and the one before it,
// which is where the next column is if entries come row by row; else
// O(log kMaxOpen), and as much again when the entry is merged. In random order
// a closed buffer has about 65,000 entries, a quarter of the square of
// kMaxOpen. Takes no memory except that of the buffers, and, while buffers are
// merged, as much again as these take.
//
// Used by one thread at a time; safe for concurrent reading.
class EntrySorter {
 public:
  static constexpr size_t kMaxOpen = 512;

  // Takes a reference to the SharedValue of the value. Returns AlreadyExists
  // with the suffix if a suffix turns out to have been added twice; most
  // duplicates are found when the buffers are merged.
  absl::Status Add(const Oid& suffix, const PackedValue& value,
                   absl::string_view label) {
    ++size_;
    if (used_last_ == 0 && !key_prefixes_.empty() &&
        buffers_[0].TryAppend(suffix, value, label)) {
      return absl::OkStatus();
    }
    return AddOutOfOrder(suffix, value, label);
  }

  size_t size() const { return size_; }

  // In bytes, including the SharedValues.
  size_t MemoryUsage() const;

  // The buffer that has all entries, or null if there is no buffer or more than
  // one.
  const EntryBuffer* OnlyBuffer() const;

  // Adds a run for each buffer; `merge` borrows the buffers.
  void AddRunsTo(MergingReader* merge) const;

 private:
  // Add() for an entry that cannot go to the first buffer without a search.
  absl::Status AddOutOfOrder(const Oid& suffix, const PackedValue& value,
                             absl::string_view label);
  // How many buffers may be open: few for few entries.
  size_t MaxOpen() const;
  // The first open buffer that ends before `suffix`, whose KeyPrefix() is
  // `key_prefix`; the number of open buffers if there is none.
  size_t FindBuffer(const Oid& suffix, uint64_t key_prefix) const;
  bool EndsBefore(size_t place, const Oid& suffix, uint64_t key_prefix) const;
  // Merges the open buffers to one closed buffer.
  absl::Status Close();

  std::vector<EntryBuffer> buffers_;  // open ones, then empty ones for later
  // KeyPrefix() of the last key of each open buffer. That of the first buffer
  // may be out of date; see AddOutOfOrder().
  std::vector<uint64_t> key_prefixes_;
  std::vector<EntryBuffer> closed_;
  size_t used_last_ = 0;  // the open buffer that got the last entry
  size_t size_ = 0;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_UPDATE_ENTRY_SORTER_H_
