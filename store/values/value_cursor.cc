// SPDX-License-Identifier: Apache-2.0

#include "store/values/value_cursor.h"

namespace passpersist::store_internal {

void ValueCursor::Seek(size_t rank) {
  page_ = nullptr;
  if (rank >= tree_.size) return;
  const Block* block = tree_.root;
  for (auto level = static_cast<size_t>(tree_.level); level > 0; --level) {
    const auto* const dir = static_cast<const ValueDir*>(block);
    const size_t i = dir->ChildFor(rank);
    steps_[level - 1] = {dir, i};
    rank -= dir->begin(i);
    block = dir->child(i);
  }
  page_ = static_cast<const ValuePage*>(block);
  place_ = rank;
  page_->PrefetchValue(place_);
}

void ValueCursor::NextPage() {
  page_ = nullptr;
  place_ = 0;
  size_t level = 0;  // of the lowest step that has another child
  const auto height = static_cast<size_t>(tree_.level);
  while (level < height &&
         steps_[level].child + 1 == steps_[level].dir->count())
    ++level;
  if (level == height) return;
  ++steps_[level].child;
  for (; level > 0; --level) {
    const Block* const block = steps_[level].dir->child(steps_[level].child);
    steps_[level - 1] = {static_cast<const ValueDir*>(block), 0};
  }
  const auto& [dir, child] = steps_[0];
  page_ = static_cast<const ValuePage*>(dir->child(child));
  // A walk needs the page after this one soon.
  if (child + 1 < dir->count()) {
    static_cast<const ValuePage*>(dir->child(child + 1))->Prefetch();
  }
}

}  // namespace passpersist::store_internal
