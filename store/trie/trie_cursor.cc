// SPDX-License-Identifier: Apache-2.0

#include "store/trie/trie_cursor.h"

#include <algorithm>

#include "passpersist/encoding/oid_encoding.h"
#include "store/block/packed_keys.h"

namespace passpersist::store_internal {

void TrieCursor::SeekToFirst() {
  steps_.clear();
  path_size_ = 0;
  leaf_ = nullptr;
  rank_ = 0;
  if (root_ != nullptr) DescendLeft(*root_);
}

bool TrieCursor::Seek(absl::string_view key) {
  // Names that are asked for one after the other are often in one leaf.
  if (leaf_ != nullptr && HasPath(key)) {
    const TrieLeaf::Place place = leaf_->Find(key.substr(path_size_));
    const bool is_between = place.rank > 0 && place.at != end_;
    if (place.found || is_between) {
      at_ = place.at;
      rank_ = leaf_rank_ + place.rank;
      return place.found;
    }
  }
  steps_.clear();
  path_size_ = 0;
  leaf_ = nullptr;
  rank_ = 0;
  const TrieNode* node = root_;
  if (node == nullptr) return false;
  size_t path = 0;  // the bytes of the key that are labels of the path
  while (!node->is_leaf()) {
    const auto& inner = static_cast<const TrieInner&>(*node);
    size_t child;
    size_t label = 0;
    if (node->kind() == TrieNode::Kind::kIndex) {
      child = inner.ChildFor(key.substr(path));
    } else {
      const PackedKeys::Place place = inner.FindChild(key.substr(path), &label);
      child = place.index;
      // All keys of the next child follow the target, so its first key is the
      // result.
      if (!place.found) {
        SetPath(key.substr(0, path));
        EnterChild(inner, child);
        return false;
      }
    }
    steps_.push_back(
        {&inner, static_cast<uint32_t>(child), static_cast<uint32_t>(path)});
    path += label;
    const bool is_index = node->kind() == TrieNode::Kind::kIndex;
    rank_ += inner.cumulative_count(child);
    node = inner.child(child);
    // A child of a branch is often shared and in the cache; a child of an index
    // node is one of many.
    if (is_index) TrieNode::Prefetch(node);
  }
  SetPath(key.substr(0, path));
  const auto& leaf = static_cast<const TrieLeaf&>(*node);
  const TrieLeaf::Place place = leaf.Find(key.substr(path));
  EnterLeaf(leaf, place.at, place.rank);
  if (at_ == end_) NextLeaf();
  return place.found;
}

void TrieCursor::SetPath(absl::string_view path) {
  if (path_.size() < path.size()) path_.resize(path.size());
  std::copy(path.begin(), path.end(), path_.begin());
  path_size_ = path.size();
}

// Moves to the first key below `child`, or after all keys of `node` if `child`
// is count(). Requires that rank_ is that of the first key of `node`.
void TrieCursor::EnterChild(const TrieInner& node, size_t child) {
  if (child == node.count()) {
    rank_ += node.size();
    return NextLeaf();
  }
  rank_ += node.cumulative_count(child);
  Descend(node, child);
  DescendLeft(*node.child(child));
}

void TrieCursor::Descend(const TrieInner& node, size_t child) {
  steps_.push_back(
      {&node, static_cast<uint32_t>(child), static_cast<uint32_t>(path_size_)});
  if (node.kind() == TrieNode::Kind::kIndex) return;
  const size_t label = node.LabelSize(child);
  const size_t bound = path_size_ + label + TrieInner::kSlack;
  if (path_.size() < bound) path_.resize(bound);
  node.CopyLabel(child, &path_[path_size_]);
  path_size_ += label;
}

void TrieCursor::DescendLeft(const TrieNode& top) {
  const TrieNode* node = &top;
  while (!node->is_leaf()) {
    const auto& inner = static_cast<const TrieInner&>(*node);
    Descend(inner, 0);
    node = inner.child(0);
  }
  const auto& leaf = static_cast<const TrieLeaf&>(*node);
  EnterLeaf(leaf, leaf.begin(), 0);
}

// `rank` is that of the key at `at` in the leaf. Requires that rank_ is that of
// the first key of the leaf.
void TrieCursor::EnterLeaf(const TrieLeaf& leaf, uint32_t at, uint32_t rank) {
  leaf_ = &leaf;
  leaf_rank_ = rank_;
  rank_ += rank;
  at_ = at;
  end_ = leaf.end();
  ++visit_;
}

void TrieCursor::NextLeaf() {
  leaf_ = nullptr;
  while (!steps_.empty()) {
    const Step step = steps_.back();
    steps_.pop_back();
    path_size_ = step.path_size;
    // A node that is finished is left. The others stay on the way to the leaf.
    const size_t child = step.child + 1;
    if (child == step.node->count()) continue;
    // A walk needs the child after this one soon.
    if (child + 1 < step.node->count()) {
      TrieNode::Prefetch(step.node->child(child + 1));
    }
    Descend(*step.node, child);
    return DescendLeft(*step.node->child(child));
  }
}

int TrieCursor::Compare(absl::string_view key) const {
  const size_t common = std::min(path_size_, key.size());
  const int order = internal::CompareBytes(path_.data(), key.data(), common);
  if (order != 0) return order;
  if (key.size() < path_size_) return 1;
  return leaf_->Compare(at_, key.substr(path_size_));
}

void TrieCursor::AppendKey(std::string* out) const {
  out->append(path_.data(), path_size_);
  const size_t size = out->size();
  out->resize(size + leaf_->KeyBound(at_));
  char* const begin = &(*out)[size];
  const char* const end = leaf_->CopyKey(at_, begin);
  out->resize(size + static_cast<size_t>(end - begin));
}

}  // namespace passpersist::store_internal
