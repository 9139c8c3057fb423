// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_READING_PINNED_SNAPSHOT_H_
#define PASSPERSIST_AGENT_READING_PINNED_SNAPSHOT_H_

#include <cstddef>
#include <list>
#include <memory>
#include <utility>
#include <vector>

#include "passpersist/agent/mib/subtree.h"
#include "passpersist/oid_store.h"

namespace passpersist::internal {

class SnapshotPool;

// A snapshot that the requests of a connection read, and iterators in it that
// are not in use.
//
// The references are counted without atomic operations: a pool and all of its
// snapshots are used by one thread at a time.
class PinnedSnapshot {
 public:
  // Keeps a pinned snapshot.
  class Ref {
   public:
    Ref() = default;
    explicit Ref(PinnedSnapshot* pinned) : pinned_(pinned) {
      if (pinned_ != nullptr) ++pinned_->references_;
    }
    Ref(const Ref& other) : Ref(other.pinned_) {}
    Ref(Ref&& other) noexcept
        : pinned_(std::exchange(other.pinned_, nullptr)) {}
    Ref& operator=(Ref other) noexcept {
      std::swap(pinned_, other.pinned_);
      return *this;
    }
    ~Ref() { Unref(); }

    explicit operator bool() const { return pinned_ != nullptr; }
    PinnedSnapshot* operator->() const { return pinned_; }
    PinnedSnapshot* get() const { return pinned_; }

   private:
    void Unref() {
      if (pinned_ != nullptr && --pinned_->references_ == 0) pinned_->Unpin();
    }

    PinnedSnapshot* pinned_ = nullptr;
  };

  PinnedSnapshot(SnapshotPool* pool, const Subtree* subtree);
  PinnedSnapshot(const PinnedSnapshot&) = delete;
  PinnedSnapshot& operator=(const PinnedSnapshot&) = delete;

  const Subtree& subtree() const { return subtree_; }
  // Bytes, when it was pinned.
  size_t memory() const { return memory_; }

  // True if the subtree has no newer snapshot.
  bool IsNewest() const {
    return snapshot_->IsNewest() || subtree_.snapshot() == snapshot_;
  }

  // An iterator at an unspecified position; ReturnIterator() takes it back.
  std::unique_ptr<Iterator> TakeIterator();
  void ReturnIterator(std::unique_ptr<Iterator> iterator);

 private:
  friend class SnapshotPool;

  // Out of the pool. Nothing refers to it.
  void Unpin();

  // So many iterators are kept for reuse: they then need no new memory.
  static constexpr size_t kMaxIdleIterators = 64;

  SnapshotPool& pool_;
  const Subtree& subtree_;
  const size_t memory_;
  const std::shared_ptr<const Snapshot> snapshot_;
  std::vector<std::unique_ptr<Iterator>> idle_;
  size_t references_ = 0;
};

// The snapshots that the requests of a connection read.
//
// Used by one thread at a time. Must outlive the references to its snapshots.
class SnapshotPool {
 public:
  SnapshotPool() = default;
  SnapshotPool(const SnapshotPool&) = delete;
  SnapshotPool& operator=(const SnapshotPool&) = delete;

  // Pins the newest snapshot of a subtree. Two pins of one snapshot are the
  // same.
  PinnedSnapshot::Ref Pin(const Subtree& subtree);

  size_t size() const { return pinned_.size(); }

  // The snapshot that was pinned first among those that are not the newest of
  // their subtree, if these have more than `limit` bytes together. Otherwise
  // null.
  PinnedSnapshot* OldestAbove(size_t limit) const;

 private:
  friend class PinnedSnapshot;

  std::list<PinnedSnapshot> pinned_;  // in the order of pinning
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_READING_PINNED_SNAPSHOT_H_
