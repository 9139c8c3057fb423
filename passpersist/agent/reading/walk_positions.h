// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_READING_WALK_POSITIONS_H_
#define PASSPERSIST_AGENT_READING_WALK_POSITIONS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "passpersist/agent/reading/pinned_snapshot.h"
#include "passpersist/base/nanoseconds.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"

namespace passpersist::internal {

// Where the walks of a connection are. A manager's walk is a sequence of
// requests, each for the name that the last one answered; nothing else tells
// which requests belong together. So a position is found by two names:
//
//   answered   the next request of the walk asks for it
//   asked      a retransmission of the last request asks for it again; of walks
//              only that have continued, so that a poller that repeats its only
//              request gets new values
//
// Every request that begins a walk makes a position, also those of a poller
// that asks for other names each time. Positions that were never continued are
// therefore bounded separately: they push out only each other. Of either kind,
// the one that was used least recently is pushed out.
//
// Used by one thread at a time. In steady state it allocates no memory.
class WalkPositions {
 public:
  static constexpr size_t kMaxBegun = 1'024;  // five PDUs of 200 columns
  static constexpr size_t kMaxContinued = 4'096;

  // Names are relative to the base of its subtree.
  class Position {
   public:
    size_t region() const { return region_; }
    const Oid& answered() const { return answered_; }

    // Where the walk reads. Null if the snapshot was dropped: the walk then
    // continues in the newest one.
    PinnedSnapshot::Ref snapshot;
    // Null, or an iterator in the snapshot. It is at the entry `answered` if
    // `in_place`.
    std::unique_ptr<Iterator> iterator;
    bool in_place = false;

    // Drops the snapshot and the iterator.
    void Drop() {
      if (iterator != nullptr) snapshot->ReturnIterator(std::move(iterator));
      in_place = false;
      snapshot = PinnedSnapshot::Ref();
    }

   private:
    friend class WalkPositions;

    bool HasAnswered(size_t region, const Oid& suffix) const {
      return region_ == region && answered_ == suffix;
    }
    bool WasAsked(size_t region, const Oid& suffix) const {
      return has_asked_ && region_ == region && asked_ == suffix;
    }

    size_t region_ = 0;
    Oid answered_;
    Oid asked_;
    // Buckets of the tables, while it is in them.
    size_t answered_bucket_ = 0;
    size_t asked_bucket_ = 0;
    bool has_asked_ = false;  // asked_ can be found
    bool continued_ = false;
    Nanoseconds used_;

    // The next position in the same bucket of a table.
    Position* next_answered_ = nullptr;
    Position* next_asked_ = nullptr;
    // Neighbours in a list.
    Position* older_ = nullptr;
    Position* newer_ = nullptr;
  };

  // Positions expire when they were not used for `lifetime`.
  explicit WalkPositions(Nanoseconds lifetime);
  WalkPositions(const WalkPositions&) = delete;
  WalkPositions& operator=(const WalkPositions&) = delete;

  // Returns the position whose last answer is `suffix`, or else the one whose
  // last question is `suffix`: the one that was used last if there are several,
  // null if there is none. It is valid until it is removed, also by Add() or
  // Move() of another one.
  Position* Find(size_t region, const Oid& suffix, Nanoseconds now);

  // Adds a position without a snapshot.
  Position* Add(size_t region, const Oid& answered, Nanoseconds now);

  // The walk has continued from its last answer to this one.
  void Move(Position* position, size_t region, const Oid& answered,
            Nanoseconds now);

  void Remove(Position* position);

  // Removes the positions that have expired.
  void RemoveExpired(Nanoseconds now);

  // Drops the snapshots for which `predicate(const PinnedSnapshot&)` is true.
  template <typename Predicate>
  void DropSnapshots(Predicate predicate) {
    for (const List& list : {begun_, continued_}) {
      for (Position* p = list.newest; p != nullptr; p = p->older_) {
        if (p->snapshot && predicate(*p->snapshot.get())) p->Drop();
      }
    }
  }

  size_t size() const { return begun_.size + continued_.size; }

 private:
  // In the order of their last use.
  struct List {
    Position* newest = nullptr;
    Position* oldest = nullptr;
    size_t size = 0;
  };

  static constexpr size_t kBuckets = 4'096;
  using Table = std::vector<Position*>;  // empty until the first position

  static size_t Bucket(size_t region, const Oid& suffix);
  static void Append(Position* position, List* list);
  static void Remove(Position* position, List* list);

  Position* FindOther(size_t region, const Oid& suffix, Nanoseconds now);
  void AddToTables(Position* position);
  void RemoveFromTables(Position* position);
  // Makes it the newest position, with this answer. Requires that it is in no
  // table.
  void Use(Position* position, size_t region, const Oid& answered,
           Nanoseconds now);
  // Out of tables and list.
  void Unlink(Position* position);

  const Nanoseconds lifetime_;
  // The position that was used last, or null. It is in no table until another
  // one is used: most requests continue the walk of the last one, which then
  // costs no search.
  Position* newest_ = nullptr;
  Table by_answered_;
  Table by_asked_;
  List begun_;
  List continued_;
  std::deque<Position> positions_;  // all that ever were in use at once
  std::vector<Position*> unused_;
};

inline WalkPositions::Position* WalkPositions::Find(size_t region,
                                                    const Oid& suffix,
                                                    Nanoseconds now) {
  if (newest_ != nullptr && newest_->HasAnswered(region, suffix) &&
      now - newest_->used_ < lifetime_) {
    return newest_;
  }
  return FindOther(region, suffix, now);
}

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_READING_WALK_POSITIONS_H_
