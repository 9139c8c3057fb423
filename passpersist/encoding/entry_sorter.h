// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_ENCODING_ENTRY_SORTER_H_
#define PASSPERSIST_ENCODING_ENTRY_SORTER_H_

#include <cstddef>
#include <vector>

#include "absl/strings/string_view.h"
#include "passpersist/encoding/entry_buffer.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/encoding/unsorted_entries.h"
#include "passpersist/oid.h"

namespace passpersist::internal {

// Makes sorted runs of entries that come in any order:
//
//   added      .1 .2 .5 .8      .4 .9 .3 ...      .6 .7 ...
//   runs       .1 .2 .5 .8      .3 .4 .9 ...
//   unsorted                                      .6 .7 ...
//
// An entry that follows the last entry of the last run is appended to that run.
// The first entry that does not, and all entries after it, are kept unsorted
// until there are kMaxUnsorted: then they are sorted and become the next run.
// So entries in order make one run, and other entries make few runs, which a
// MergingReader reads together.
//
// Complexity: O(1) an entry. Takes about
// 50 bytes for each of up to kMaxUnsorted entries besides the runs.
//
// Used by one thread at a time; safe for concurrent reading.
class EntrySorter {
 public:
  static constexpr size_t kMaxUnsorted = size_t{1} << 15;

  // Takes a reference to the SharedValue of the value. Does not find out
  // whether the suffix was added before.
  void Add(const Oid& suffix, const PackedValue& value,
           absl::string_view label) {
    ++size_;
    if (!unsorted_.empty() || !runs_.back().TryAppend(suffix, value, label)) {
      AddUnsorted(suffix, value, label);
    }
  }

  size_t size() const { return size_; }

  // In bytes, including the SharedValues.
  size_t MemoryUsage() const;

  // The run that has all entries, each suffix once, or null if there is no such
  // run.
  const EntryBuffer* OnlyRun() const {
    return runs_.size() == 1 && unsorted_.empty() ? &runs_[0] : nullptr;
  }

  // Together, all entries: those of a run were added after those of the runs
  // before it, and the unsorted entries after all runs. A suffix that was added
  // twice occurs twice, maybe in one run; there the last one comes first.
  const std::vector<EntryBuffer>& runs() const { return runs_; }
  const UnsortedEntries& unsorted() const { return unsorted_; }

 private:
  void AddUnsorted(const Oid& suffix, const PackedValue& value,
                   absl::string_view label);

  std::vector<EntryBuffer> runs_ = std::vector<EntryBuffer>(1);
  UnsortedEntries unsorted_;
  size_t size_ = 0;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_ENCODING_ENTRY_SORTER_H_
