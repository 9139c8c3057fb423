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

// Entries in any order, each at once behind a smaller one, so that little is
// left to sort: patience sorting. What was put row by row, here of a table of
// three columns, becomes columns again:
//
//   put      .1.1 .2.1 .3.1   .1.2 .2.2 .3.2   .1.3 .2.3 .3.3
//
//   open     .1.1 .2.1 .3.1 .3.2 .3.3      the last names descend
//            .1.2 .2.2 .2.3
//            .1.3
//   closed   ...
//
// An entry goes to the first open log that ends before it. If there is none it
// begins a log; and if there are kMostOpen, these are merged first, and the
// result is closed: it grows no more. What comes in order makes one log.
//
// Complexity: O(1) an entry for the log used last and the one before it, which
// is where row by row the next column is; else O(log kMostOpen), and as much
// when it is merged. In random order a closed log has about 65,000 entries, a
// quarter of the square of kMostOpen. No memory but that of the logs, and while
// some are merged as much as these take.
//
// Used by one thread at a time; safe for concurrent reading.
class EntrySorter {
 public:
  static constexpr size_t kMostOpen = 512;

  // Takes a share of the value's box. AlreadyExists, naming it, if a name was
  // found that was added twice; most are found when the logs are merged.
  absl::Status Add(const Oid& suffix, const PackedValue& value,
                   absl::string_view label) {
    ++size_;
    if (used_last_ == 0 && !heads_.empty() &&
        logs_[0].AddBehind(suffix, value, label)) {
      return absl::OkStatus();
    }
    return AddApart(suffix, value, label);
  }

  size_t size() const { return size_; }

  // Boxes included.
  size_t MemoryUsage() const;

  // The log of all entries, or null if there are more than one, or none.
  const EntryBuffer* OnlyLog() const;

  // Adds a run for each log; `merge` borrows them.
  void AddRunsTo(MergingReader* merge) const;

 private:
  // Adds what is not behind all others.
  absl::Status AddApart(const Oid& suffix, const PackedValue& value,
                        absl::string_view label);
  // How many logs may be open: of few entries few.
  size_t MostOpen() const;
  // The first open log that ends before `suffix`, which has that head.
  size_t Place(const Oid& suffix, uint64_t head) const;
  bool EndsBefore(size_t place, const Oid& suffix, uint64_t head) const;
  absl::Status Close();

  std::vector<EntryBuffer> logs_;  // the open ones, and empty ones for later
  std::vector<uint64_t> heads_;    // of the last names of those; see AddApart()
  std::vector<EntryBuffer> closed_;
  size_t used_last_ = 0;  // of the open ones
  size_t size_ = 0;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_UPDATE_ENTRY_SORTER_H_
