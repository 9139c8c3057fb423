// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/reading/snapshot_view.h"

#include <utility>

namespace passpersist::internal {

SnapshotView::SnapshotView(const MibTree* objects, SnapshotPool* pool)
    : objects_(*objects), pool_(*pool), entries_(objects->subtrees().size()) {}

SnapshotView::~SnapshotView() {
  Release([](const PinnedSnapshot&) { return true; });
}

void SnapshotView::Entry::Close() {
  snapshot->ReturnIterator(std::move(iterator));
  snapshot = PinnedSnapshot::Ref();
}

void SnapshotView::Pin(const Subtree& subtree, Entry* entry, bool* is_new) {
  const SetEpoch& epoch = objects_.set_epoch();
  if (!std::exchange(has_pinned_, true)) set_epoch_ = epoch.Now();
  entry->number = number_;
  // Before the snapshot: a write in between is seen twice, not never.
  entry->writes = subtree.writes();
  if (!entry->snapshot || !entry->snapshot->IsNewest()) {
    if (entry->snapshot) entry->Close();
    entry->snapshot = pool_.Pin(subtree);
    entry->iterator = entry->snapshot->TakeIterator();
    *is_new = true;
  }
  // After the snapshot: a set that is published later is not in it.
  if (!epoch.IsStill(set_epoch_)) may_show_half_a_set_ = true;
}

}  // namespace passpersist::internal
