// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/reading/walk_positions.h"

#include <utility>

namespace passpersist::internal {

void WalkPositions::Position::Drop() {
  if (iterator != nullptr) snapshot->ReturnIterator(std::move(iterator));
  iterator = nullptr;
  in_place = false;
  snapshot = PinnedSnapshot::Ref();
}

WalkPositions::WalkPositions(Nanoseconds lifetime) : lifetime_(lifetime) {}

WalkPositions::Position* WalkPositions::Add(size_t region, const Oid& answered,
                                            Nanoseconds now) {
  if (by_answered_.empty()) {
    by_answered_.resize(kBuckets);
    by_asked_.resize(kBuckets);
  }
  Position* position;
  if (begun_.size >= kMaxBegun) {
    position = begun_.oldest;
    Unlink(position);
    position->Drop();
  } else if (unused_.empty()) {
    position = &positions_.emplace_back();
  } else {
    position = unused_.back();
    unused_.pop_back();
  }
  position->continued_ = false;
  position->has_asked_ = false;
  Insert(position, region, answered, now);
  return position;
}

void WalkPositions::Move(Position* position, size_t region, const Oid& answered,
                         Nanoseconds now) {
  if (!position->continued_ && continued_.size >= kMaxContinued) {
    Remove(continued_.oldest);
  }
  Unlink(position);
  position->continued_ = true;
  // The last answer is what was asked now. In another region it can't be
  // found: a position has one region.
  position->has_asked_ = region == position->region_;
  if (position->has_asked_) {
    position->asked_ = position->answered_;
    position->asked_bucket_ = position->answered_bucket_;
    position->next_asked_ =
        std::exchange(by_asked_[position->asked_bucket_], position);
  }
  Insert(position, region, answered, now);
}

void WalkPositions::Remove(Position* position) {
  Unlink(position);
  position->Drop();
  unused_.push_back(position);
}

void WalkPositions::RemoveExpired(Nanoseconds now) {
  for (List* const list : {&begun_, &continued_}) {
    while (list->oldest != nullptr && now - list->oldest->used_ >= lifetime_) {
      Remove(list->oldest);
    }
  }
}

inline void WalkPositions::Insert(Position* position, size_t region,
                                  const Oid& answered, Nanoseconds now) {
  position->region_ = region;
  position->answered_ = answered;
  position->answered_bucket_ = Bucket(region, answered);
  position->used_ = now;
  // At the front: of positions with the same name, the one used last is found.
  position->next_answered_ =
      std::exchange(by_answered_[position->answered_bucket_], position);

  List& list = position->continued_ ? continued_ : begun_;
  position->newer_ = nullptr;
  position->older_ = list.newest;
  (list.newest == nullptr ? list.oldest : list.newest->newer_) = position;
  list.newest = position;
  ++list.size;
}

inline void WalkPositions::Unlink(Position* position) {
  Position** link = &by_answered_[position->answered_bucket_];
  while (*link != position) link = &(*link)->next_answered_;
  *link = position->next_answered_;
  if (position->has_asked_) {
    link = &by_asked_[position->asked_bucket_];
    while (*link != position) link = &(*link)->next_asked_;
    *link = position->next_asked_;
  }

  List& list = position->continued_ ? continued_ : begun_;
  (position->newer_ == nullptr ? list.newest : position->newer_->older_) =
      position->older_;
  (position->older_ == nullptr ? list.oldest : position->older_->newer_) =
      position->newer_;
  --list.size;
}

}  // namespace passpersist::internal
