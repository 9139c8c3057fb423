// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_UPDATE_MERGING_READER_H_
#define PASSPERSIST_UPDATE_MERGING_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "passpersist/update/contents_sink.h"
#include "passpersist/update/overlay.h"
#include "passpersist/update/sorted_run.h"

namespace passpersist::internal {

// Brings runs, columns and overrides into one order, for a sink.
//
//   runs       .1.0     .2.1.7                  .5.0
//   columns        .1.1.*       .3.1.* .3.2.*
//   overrides                                        .5.1
//              ----------------------------------------->
//
// A column is given to the sink whole where nothing else lies among its names,
// as those of tables mostly do; else its cells become a run of their own.
//
// Complexity: O(1) an entry that follows one of its run, else O(log n) of n
// runs; O(log n) a column. So runs whose names don't lie among each other cost
// no more than one.
//
// Used by one thread at a time.
class MergingReader {
 public:
  // Borrows both.
  MergingReader(const Overlay* overrides, ContentsSink* sink);
  MergingReader(const MergingReader&) = delete;
  MergingReader& operator=(const MergingReader&) = delete;

  void AddRun(std::unique_ptr<SortedRun> run);
  void AddColumn(const PackedColumn& column);

  // Gives everything to the sink. AlreadyExists if a name comes twice; the sink
  // then has what is before it. Call it once.
  absl::Status Run();

 private:
  // A column that has not begun.
  struct Waiting {
    PackedColumn column;
    std::string first;  // name of a row, whether it has a cell or not
    std::string last;
  };

  // A run that has begun.
  struct Begun {
    uint64_t head;  // of its entry's key: see entry_head.h
    SortedRun* run;
  };

  static bool IsBefore(const Begun& a, const Begun& b);
  // Puts the first run, which is at another entry, in its place.
  void Finalize();
  void BeginColumn(const Waiting& waiting);
  bool IsAlone(const Waiting& waiting) const;
  // The least entry.
  absl::Status Deliver();
  // Puts of names that are not there, up to `key`.
  void DeliverOverridesBefore(absl::string_view key);
  void DeliverOverride();
  void Send(PackedEntry entry);
  // `key` is the next name, and has `shared` bytes in common with last_.
  void Pass(absl::string_view key, size_t shared);

  const Overlay& overrides_;
  Overlay::Map::const_iterator override_;
  ContentsSink& sink_;
  std::vector<std::unique_ptr<const Waiting>> columns_;
  size_t next_column_ = 0;
  std::vector<std::unique_ptr<SortedRun>> runs_;
  // A heap: none is behind its parent, which is that at (i - 1) / 2.
  std::vector<Begun> begun_;

  bool has_last_ = false;
  std::string last_;  // the last name, whether it was sent or erased
  const SortedRun* last_run_ = nullptr;  // which it was from
  size_t shared_ = 0;  // by all names since the last one that was sent
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_UPDATE_MERGING_READER_H_
