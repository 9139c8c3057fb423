// SPDX-License-Identifier: Apache-2.0

#include "store/trie/node_refs.h"

namespace passpersist::store_internal {

template <typename Node>
const Node* NodeRefs::Add(const Node* node) {
  made_.push_back(node);
  memory_ += node->memory();
  return node;
}

void NodeRefs::AddOwner(const TrieNode& node) {
  ForEachChild(node, [](const TrieNode* child) { ++child->owners; });
}

const TrieLeaf* NodeRefs::MakeRun(uint32_t first, uint32_t count) {
  return Add(TrieLeaf::MakeRun(birth_, first, count));
}

const TrieLeaf* NodeRefs::MakeBits(absl::Span<const uint32_t> arcs) {
  return Add(TrieLeaf::MakeBits(birth_, arcs));
}

const TrieLeaf* NodeRefs::MakeBitsLike(
    const TrieLeaf& bits, absl::Span<const uint32_t> changed_arcs) {
  return Add(TrieLeaf::MakeBitsLike(birth_, bits, changed_arcs));
}

const TrieLeaf* NodeRefs::MakeKeys(absl::Span<const absl::string_view> keys) {
  return Add(TrieLeaf::MakeKeys(birth_, keys));
}

const TrieLeaf* NodeRefs::MakeSubset(const TrieLeaf* all,
                                     absl::Span<const uint32_t> places) {
  const TrieLeaf* const subset = TrieLeaf::MakeSubset(birth_, all, places);
  AddOwner(*subset);
  return Add(subset);
}

const TrieInner* NodeRefs::MakeBranch(
    absl::Span<const absl::string_view> labels,
    absl::Span<const TrieNode* const> children) {
  const TrieInner* const branch =
      TrieInner::MakeBranch(birth_, labels, children);
  AddOwner(*branch);
  return Add(branch);
}

const TrieInner* NodeRefs::MakeSplit(
    int height, absl::Span<const absl::string_view> separators,
    absl::Span<const TrieNode* const> children) {
  const TrieInner* const split =
      TrieInner::MakeSplit(birth_, height, separators, children);
  AddOwner(*split);
  return Add(split);
}

const TrieInner* NodeRefs::MakeLike(
    const TrieInner& inner, absl::Span<const TrieNode* const> children) {
  const TrieInner* const like = TrieInner::MakeLike(birth_, inner, children);
  models_[like] = &inner;
  ++followers_[&inner];
  return Add(like);
}

void NodeRefs::ReplaceRoot(const TrieNode* old_root, const TrieNode* new_root) {
  if (new_root != nullptr) ++new_root->owners;
  if (old_root != nullptr) Unref(old_root);
}

void NodeRefs::Unref(const TrieNode* node) {
  if (--node->owners > 0) return;
  if (node->birth() == birth_) return;  // Finalize() will see
  memory_ -= node->memory();
  retired_.push_back(node);
  const auto followers = followers_.find(node);
  if (followers != followers_.end() && followers->second > 0) {
    heirless_.insert(node);
  } else {
    DisownChildren(*node);
  }
}

void NodeRefs::DisownChildren(const TrieNode& node) {
  ForEachChild(node, [this](const TrieNode* child) { Unref(child); });
}

void NodeRefs::Finalize() {
  // The children of a node were made before it, so that their turn is later.
  for (auto made = made_.rbegin(); made != made_.rend(); ++made) {
    const TrieNode* const node = *made;
    const auto model = models_.find(node);
    const bool is_like = model != models_.end();
    if (is_like) --followers_[model->second];
    if (node->owners > 0) {
      if (is_like) {
        SettleLike(static_cast<const TrieInner&>(*node), *model->second);
      }
      continue;
    }
    if (!is_like) DisownChildren(*node);
    memory_ -= node->memory();
    vain_.push_back(node);
  }
  made_.clear();
  for (const TrieNode* const node : heirless_) DisownChildren(*node);
  heirless_.clear();
  models_.clear();
  followers_.clear();
}

void NodeRefs::SettleLike(const TrieInner& node, const TrieInner& model) {
  // The last one: the others may have children that this one has not.
  if (followers_[&model] > 0 || heirless_.erase(&model) == 0) {
    return AddOwner(node);
  }
  for (size_t i = 0; i < node.count(); ++i) {
    if (node.child(i) == model.child(i)) continue;
    ++node.child(i)->owners;
    Unref(model.child(i));
  }
}

NodeRefs::~NodeRefs() {
  Finalize();
  for (const TrieNode* const node : vain_) node->Free();
}

}  // namespace passpersist::store_internal
