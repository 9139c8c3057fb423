// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_UPDATE_MERGING_READER_H_
#define PASSPERSIST_UPDATE_MERGING_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "passpersist/update/contents_sink.h"
#include "passpersist/update/overlay.h"
#include "passpersist/update/sorted_run.h"

namespace passpersist::internal {

// Merges runs, columns and an overlay in OID order and sends them to a sink.
//
//   runs       .1.0     .2.1.7                  .5.0
//   columns        .1.1.*       .3.1.* .3.2.*
//   overlay                                          .5.1
//              ----------------------------------------->
//
// A column is sent as a whole if no other key lies between its keys, which is
// the usual case for tables; else its cells become a run of their own.
//
// Of a key that comes more than once, one entry is sent: that of a run goes
// before that of a column, and that of a later run or column before that of an
// earlier one.
//
// Complexity: O(1) for an entry that follows an entry of the same run, else
// O(log n) for n runs; O(log n) for a column. So runs whose keys do not
// interleave cost no more than one run.
//
// Used by one thread at a time.
class MergingReader {
 public:
  // Borrows both arguments.
  MergingReader(const Overlay* overlay, ContentsSink* sink);
  MergingReader(const MergingReader&) = delete;
  MergingReader& operator=(const MergingReader&) = delete;

  void AddRun(std::unique_ptr<SortedRun> run);
  void AddColumn(const PackedColumn& column);

  // Is called with a key that comes more than once, for each entry that is not
  // sent. An error ends the merge.
  using OnRepeatedKey = absl::FunctionRef<absl::Status(absl::string_view key)>;

  // Sends everything to the sink, or returns the first error of the callback:
  // then the sink has received everything up to that key. Call it once.
  absl::Status Run(OnRepeatedKey on_repeated_key);

 private:
  // A column whose first key has not been reached.
  struct PendingColumn {
    PackedColumn column;
    std::string first;  // key of the first row, whether it has a cell or not
    std::string last;   // key of the last row
    size_t rank;
  };

  // A run that is at an entry.
  struct ActiveRun {
    uint64_t key_prefix;  // of the key of that entry
    SortedRun* run;
  };

  static bool IsBefore(const ActiveRun& a, const ActiveRun& b);
  void AddRanked(size_t rank, std::unique_ptr<SortedRun> run);
  // Restores the heap after its first run has moved to another entry.
  void SiftDown();
  void BeginColumn(const PendingColumn& pending);
  bool IsAlone(const PendingColumn& pending) const;
  // Sends the least entry of all runs, with what the overlay has up to its key,
  // unless its key was sent already.
  absl::Status SendLeast(OnRepeatedKey on_repeated_key);
  // Sends an entry, or the change of the overlay for its key.
  void SendChanged(const PackedEntry& entry);
  // Sends the puts of the overlay whose keys are less than `key`.
  void SendOverlayBefore(absl::string_view key);
  void SendNextChange();
  void Send(PackedEntry entry);
  // Makes `key` the last key. It has `shared` bytes of whole arcs in common
  // with last_.
  void SetLast(absl::string_view key, size_t shared);

  const Overlay& overlay_;
  std::vector<Overlay::Change>::const_iterator next_change_;
  const std::vector<Overlay::Change>::const_iterator end_of_changes_;
  ContentsSink& sink_;
  std::vector<std::unique_ptr<const PendingColumn>> columns_;
  size_t next_column_ = 0;
  std::vector<std::unique_ptr<SortedRun>> runs_;
  // A heap: the parent of element i, at (i - 1) / 2, is not greater.
  std::vector<ActiveRun> active_runs_;

  bool has_last_ = false;
  std::string last_;  // the last key, whether it was sent or erased
  const SortedRun* last_run_ = nullptr;  // the run of last_, or null
  // Bytes that all keys since the last sent key have in common with it.
  size_t shared_ = 0;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_UPDATE_MERGING_READER_H_
