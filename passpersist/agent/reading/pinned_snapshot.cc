// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/reading/pinned_snapshot.h"

namespace passpersist::internal {

PinnedSnapshot::PinnedSnapshot(SnapshotPool* pool, const Subtree* subtree)
    : pool_(*pool),
      subtree_(*subtree),
      memory_(subtree->ApproximateMemory()),
      snapshot_(subtree->snapshot()) {}

std::unique_ptr<Iterator> PinnedSnapshot::TakeIterator() {
  if (idle_.empty()) return snapshot_->NewIterator();
  std::unique_ptr<Iterator> iterator = std::move(idle_.back());
  idle_.pop_back();
  return iterator;
}

void PinnedSnapshot::ReturnIterator(std::unique_ptr<Iterator> iterator) {
  if (idle_.size() < kMaxIdleIterators) idle_.push_back(std::move(iterator));
}

void PinnedSnapshot::Unpin() {
  std::list<PinnedSnapshot>& all = pool_.pinned_;
  // A connection reads few snapshots at a time.
  for (auto it = all.begin(); it != all.end(); ++it) {
    if (&*it == this) {
      all.erase(it);
      return;
    }
  }
}

PinnedSnapshot::Ref SnapshotPool::Pin(const Subtree& subtree) {
  for (auto it = pinned_.rbegin(); it != pinned_.rend(); ++it) {
    if (&it->subtree() != &subtree) continue;
    if (it->IsNewest()) return PinnedSnapshot::Ref(&*it);
    break;  // the older ones of the subtree are not newer
  }
  return PinnedSnapshot::Ref(&pinned_.emplace_back(this, &subtree));
}

PinnedSnapshot* SnapshotPool::OldestAbove(size_t limit) const {
  const PinnedSnapshot* oldest = nullptr;
  size_t memory = 0;
  for (const PinnedSnapshot& pinned : pinned_) {
    if (pinned.IsNewest()) continue;
    if (oldest == nullptr) oldest = &pinned;
    memory += pinned.memory();
  }
  return memory > limit ? const_cast<PinnedSnapshot*>(oldest) : nullptr;
}

}  // namespace passpersist::internal
