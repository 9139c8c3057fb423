// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_READING_SNAPSHOT_VIEW_H_
#define PASSPERSIST_AGENT_READING_SNAPSHOT_VIEW_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "passpersist/agent/mib/mib_tree.h"
#include "passpersist/agent/reading/pinned_snapshot.h"
#include "passpersist/oid_store.h"

namespace passpersist::internal {

// The snapshots that several reads share: one for each subtree, the newest at
// the first read of the subtree. What an SNMP SET or the owner of a store
// writes is seen by the next read nevertheless.
//
// Used by one thread at a time.
class SnapshotView {
 public:
  // Both outlive this.
  SnapshotView(const MibTree* objects, SnapshotPool* pool);
  SnapshotView(const SnapshotView&) = delete;
  SnapshotView& operator=(const SnapshotView&) = delete;
  ~SnapshotView();

  struct Opened {
    PinnedSnapshot* snapshot;
    Iterator* iterator;  // at an unspecified position
  };

  // Returns the snapshot of the subtree with this number, and sets
  // *is_new if it was pinned by this call.
  Opened Open(size_t subtree, bool* is_new) {
    Entry& entry = entries_[subtree];
    const Subtree& wanted = *objects_.subtrees()[subtree];
    if (!IsCurrent(entry, wanted)) Pin(wanted, &entry, is_new);
    return {entry.snapshot.get(), entry.iterator.get()};
  }

  // True if Open() would return the snapshot of an earlier read.
  bool IsOpen(size_t subtree) const {
    return IsCurrent(entries_[subtree], *objects_.subtrees()[subtree]);
  }

  // The next reads are in the newest snapshots.
  void Renew() {
    ++number_;
    has_pinned_ = false;
    may_show_half_a_set_ = false;
  }

  // True if a set was published between two reads since Renew() that pinned
  // snapshots.
  bool may_show_half_a_set() const { return may_show_half_a_set_; }

  // Releases the snapshots for which `predicate(const PinnedSnapshot&)` is
  // true.
  template <typename Predicate>
  void Release(Predicate predicate) {
    for (Entry& entry : entries_) {
      if (entry.snapshot && predicate(*entry.snapshot.get())) entry.Close();
    }
  }

 private:
  struct Entry {
    PinnedSnapshot::Ref snapshot;
    std::unique_ptr<Iterator> iterator;
    uint64_t number = 0;  // of the view at the last read
    uint64_t writes = 0;  // of the subtree before it was pinned

    void Close();
  };

  void Pin(const Subtree& subtree, Entry* entry, bool* is_new);

  // What the owner of a store has written must be seen by the next read. The
  // rows of a live table must be seen whole, by all reads of a PDU.
  bool IsCurrent(const Entry& entry, const Subtree& subtree) const {
    return entry.number == number_ && entry.snapshot &&
           entry.writes == subtree.writes() &&
           (subtree.shares_snapshots() || entry.snapshot->IsNewest());
  }

  const MibTree& objects_;
  SnapshotPool& pool_;
  uint64_t number_ = 1;
  bool has_pinned_ = false;  // since Renew()
  bool may_show_half_a_set_ = false;
  uint64_t set_epoch_ = 0;      // before the first pin
  std::vector<Entry> entries_;  // one for each subtree
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_READING_SNAPSHOT_VIEW_H_
