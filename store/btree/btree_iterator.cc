// SPDX-License-Identifier: Apache-2.0

#include "store/btree/btree_iterator.h"

namespace passpersist::store_internal {

void BtreeIterator::SeekToFirst() {
  leaf_ = nullptr;
  height_ = 0;
  if (root_ != nullptr) DescendLeft(root_);
}

void BtreeIterator::Seek(const Oid& suffix) {
  target_.Assign(suffix);
  if (leaf_ != nullptr && SeekNearby(target_.bytes())) return;
  if (root_ != nullptr) Descend(target_.bytes());
}

// False if the target is neither the current entry nor the next one.
bool BtreeIterator::SeekNearby(absl::string_view key) {
  int order = leaf_->keys().Compare(place_, key);
  if (order == 0) return true;
  if (order > 0) return false;  // the target is before the current entry
  Next();
  return leaf_ == nullptr || leaf_->keys().Compare(place_, key) >= 0;
}

void BtreeIterator::Descend(absl::string_view key) {
  height_ = 0;
  const KeyPage* page = root_;
  while (!page->is_leaf()) {
    const size_t child = page->ChildFor(key);
    steps_[height_++] = {page, child};
    page = page->child(child);
    KeyPage::Prefetch(page);
  }
  const size_t place = page->keys().Find(key).index;
  EnterLeaf(page, place);
  if (place == page->count()) NextLeaf();
}

void BtreeIterator::DescendLeft(const KeyPage* page) {
  while (!page->is_leaf()) {
    steps_[height_++] = {page, 0};
    page = page->child(0);
  }
  EnterLeaf(page, 0);
}

void BtreeIterator::EnterLeaf(const KeyPage* leaf, size_t place) {
  leaf_ = leaf;
  place_ = place;
  suffix_ = nullptr;
  slot_ = nullptr;
}

void BtreeIterator::NextLeaf() {
  leaf_ = nullptr;
  while (height_ > 0) {
    Step& step = steps_[height_ - 1];
    if (++step.child < step.page->count()) {
      const KeyPage* const next = step.page->child(step.child);
      // A walk needs the leaf after this one soon.
      if (step.child + 1 < step.page->count()) {
        KeyPage::Prefetch(step.page->child(step.child + 1));
      }
      DescendLeft(next);
      return;
    }
    --height_;
  }
}

void BtreeIterator::UnpackSuffix() const {
  const PackedKeys& keys = leaf_->keys();
  if (decoded_leaf_ != leaf_) {
    decoded_leaf_ = leaf_;
    suffix_decoder_.SetPrefix({}, keys.prefix());
  }
  suffix_ = &suffix_decoder_.Decode(keys, place_);
}

}  // namespace passpersist::store_internal
