#include "store/packed_iterator.h"

#include <algorithm>

#include "absl/types/span.h"

namespace passpersist::internal {

void PackedIterator::SeekToFirst() {
  leaf_ = nullptr;
  height_ = 0;
  if (root_ != nullptr) DescendLeft(root_);
}

void PackedIterator::Seek(const Oid& suffix) {
  sought_.Assign(suffix);
  if (leaf_ != nullptr && SeekNearby(sought_.bytes())) return;
  if (root_ != nullptr) Descend(sought_.bytes());
}

// False if the entry is neither the present one nor the one behind it.
bool PackedIterator::SeekNearby(absl::string_view key) {
  int order = leaf_->keys().Compare(place_, key);
  if (order == 0) return true;
  if (order > 0) return false;  // the present entry is behind the key
  Next();
  return leaf_ == nullptr || leaf_->keys().Compare(place_, key) >= 0;
}

void PackedIterator::Descend(absl::string_view key) {
  height_ = 0;
  const PackedPage* page = root_;
  while (!page->is_leaf()) {
    const size_t child = page->ChildFor(key);
    steps_[height_++] = {page, child};
    page = page->child(child);
    PackedPage::Prefetch(page);
  }
  const size_t place = page->keys().Find(key).index;
  EnterLeaf(page, place);
  if (place == page->count()) NextLeaf();
}

void PackedIterator::DescendLeft(const PackedPage* page) {
  while (!page->is_leaf()) {
    steps_[height_++] = {page, 0};
    page = page->child(0);
  }
  EnterLeaf(page, 0);
}

void PackedIterator::EnterLeaf(const PackedPage* leaf, size_t place) {
  leaf_ = leaf;
  place_ = place;
  suffix_is_unpacked_ = false;
  slot_ = nullptr;
}

void PackedIterator::NextLeaf() {
  leaf_ = nullptr;
  while (height_ > 0) {
    Step& step = steps_[height_ - 1];
    if (++step.child < step.page->count()) {
      const PackedPage* const next = step.page->child(step.child);
      // A walk will want the one behind it soon.
      if (step.child + 1 < step.page->count()) {
        PackedPage::Prefetch(step.page->child(step.child + 1));
      }
      DescendLeft(next);
      return;
    }
    --height_;
  }
}

void PackedIterator::UnpackSuffix() const {
  const PackedKeys& keys = leaf_->keys();
  if (unpacked_leaf_ != leaf_) {
    unpacked_leaf_ = leaf_;
    const absl::string_view prefix = keys.prefix();
    arcs_.resize(std::max(arcs_.size(), prefix.size()));
    size_t used = 0;
    prefix_arcs_ = UnpackArcs(prefix, arcs_.data(), &used);
    const absl::string_view cut = prefix.substr(used);
    rest_of_prefix_ = cut.size();
    rest_.resize(std::max(rest_.size(), cut.size()));
    std::copy(cut.begin(), cut.end(), rest_.begin());
  }
  const absl::string_view tail = keys.Tail(place_);
  const size_t bound = rest_of_prefix_ + PackedKeys::kSlack + tail.size();
  if (rest_.size() < bound) rest_.resize(bound);
  if (arcs_.size() < prefix_arcs_ + bound) arcs_.resize(prefix_arcs_ + bound);
  char* const head = rest_.data() + rest_of_prefix_;
  char* end = keys.CopyHead(place_, head);
  const auto size = [&] { return static_cast<size_t>(end - rest_.data()); };
  uint32_t* const arcs = arcs_.data() + prefix_arcs_;
  size_t used = 0;
  size_t count = UnpackArcs({rest_.data(), size()}, arcs, &used);
  if (used == size()) {
    count += UnpackArcs(tail, arcs + count, &used);
  } else {  // the head ends within an arc
    end = std::copy(tail.begin(), tail.end(), end);
    count = UnpackArcs({rest_.data(), size()}, arcs, &used);
  }
  suffix_.Assign(absl::MakeConstSpan(arcs_.data(), prefix_arcs_ + count));
  suffix_is_unpacked_ = true;
}

}  // namespace passpersist::internal
