// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/reading/walk_positions.h"

#include <utility>

namespace passpersist::internal {

WalkPositions::WalkPositions(Nanoseconds lifetime) : lifetime_(lifetime) {}

WalkPositions::Position* WalkPositions::FindOther(size_t region,
                                                  const Oid& suffix,
                                                  Nanoseconds now) {
  if (by_answered_.empty()) return nullptr;
  const size_t bucket = Bucket(region, suffix);
  Position* p = by_answered_[bucket];
  while (p != nullptr && !p->HasAnswered(region, suffix)) {
    p = p->next_answered_;
  }
  if (p != nullptr && now - p->used_ < lifetime_) return p;

  p = newest_;
  if (p == nullptr || !p->WasAsked(region, suffix)) {
    p = by_asked_[bucket];
    while (p != nullptr && !p->WasAsked(region, suffix)) p = p->next_asked_;
  }
  if (p == nullptr || now - p->used_ >= lifetime_) return nullptr;
  p->in_place = false;  // its iterator is at the answer to that question
  return p;
}

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
  Append(position, &begun_);
  Use(position, region, answered, now);
  return position;
}

void WalkPositions::Move(Position* position, size_t region, const Oid& answered,
                         Nanoseconds now) {
  if (!position->continued_) {
    if (continued_.size >= kMaxContinued) Remove(continued_.oldest);
    Remove(position, &begun_);
    position->continued_ = true;
    Append(position, &continued_);
  } else if (position != continued_.newest) {
    Remove(position, &continued_);
    Append(position, &continued_);
  }
  if (position != newest_) RemoveFromTables(position);
  // The last answer is what was asked now. In another region it can't be
  // found: a position has one region.
  position->has_asked_ = region == position->region_;
  if (position->has_asked_) position->asked_ = position->answered_;
  Use(position, region, answered, now);
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

inline void WalkPositions::Use(Position* position, size_t region,
                               const Oid& answered, Nanoseconds now) {
  if (position != newest_) {
    if (newest_ != nullptr) AddToTables(newest_);
    newest_ = position;
  }
  position->region_ = region;
  position->answered_ = answered;
  position->used_ = now;
}

// A multiplication and a shift for each arc. Neighbours differ in the last
// arcs, which the last steps spread over the upper bits.
inline size_t WalkPositions::Bucket(size_t region, const Oid& suffix) {
  uint64_t hash = region;
  for (const uint32_t arc : suffix.arcs()) {
    hash = (hash ^ arc) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 32;
  }
  return hash % kBuckets;
}

// At the front: of positions with the same name, the one used last is found.
inline void WalkPositions::AddToTables(Position* position) {
  position->answered_bucket_ = Bucket(position->region_, position->answered_);
  position->next_answered_ =
      std::exchange(by_answered_[position->answered_bucket_], position);
  if (!position->has_asked_) return;
  position->asked_bucket_ = Bucket(position->region_, position->asked_);
  position->next_asked_ =
      std::exchange(by_asked_[position->asked_bucket_], position);
}

inline void WalkPositions::RemoveFromTables(Position* position) {
  Position** link = &by_answered_[position->answered_bucket_];
  while (*link != position) link = &(*link)->next_answered_;
  *link = position->next_answered_;
  if (!position->has_asked_) return;
  link = &by_asked_[position->asked_bucket_];
  while (*link != position) link = &(*link)->next_asked_;
  *link = position->next_asked_;
}

inline void WalkPositions::Unlink(Position* position) {
  if (position == newest_) {
    newest_ = nullptr;
  } else {
    RemoveFromTables(position);
  }
  Remove(position, position->continued_ ? &continued_ : &begun_);
}

void WalkPositions::Append(Position* position, List* list) {
  position->newer_ = nullptr;
  position->older_ = list->newest;
  (list->newest == nullptr ? list->oldest : list->newest->newer_) = position;
  list->newest = position;
  ++list->size;
}

void WalkPositions::Remove(Position* position, List* list) {
  (position->newer_ == nullptr ? list->newest : position->newer_->older_) =
      position->older_;
  (position->older_ == nullptr ? list->oldest : position->older_->newer_) =
      position->newer_;
  --list->size;
}

}  // namespace passpersist::internal
