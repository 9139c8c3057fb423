// SPDX-License-Identifier: Apache-2.0

#include "store/trie/node_refs.h"

namespace passpersist::store_internal {

const TrieInner* NodeRefs::CopyWithChildren(
    const TrieInner& original, absl::Span<const TrieNode* const> children) {
  const TrieInner* const copy =
      TrieInner::CopyWithChildren(birth_, original, children);
  originals_[copy] = &original;
  ++pending_copies_[&original];
  return Add(copy);
}

void NodeRefs::ReplaceRoot(const TrieNode* old_root, const TrieNode* new_root) {
  // In this order, since both may be the same node.
  if (new_root != nullptr) ++new_root->refs;
  if (old_root != nullptr) Unref(old_root);
}

void NodeRefs::Unref(const TrieNode* node) {
  if (--node->refs > 0) return;
  // A new node may get another reference, so Finalize() decides.
  if (node->birth() == birth_) return;
  memory_ -= node->memory();
  garbage_.push_back(node);
  const auto pending = pending_copies_.find(node);
  // A pending copy may take over the references to the children.
  if (pending != pending_copies_.end() && pending->second > 0) {
    orphans_.insert(node);
  } else {
    UnrefChildren(*node);
  }
}

void NodeRefs::UnrefChildren(const TrieNode& node) {
  ForEachChild(node, [this](const TrieNode* child) { Unref(child); });
}

void NodeRefs::Finalize() {
  // In reverse order: the children of a node were made before it, so a node
  // that turns out to be unreferenced drops its references before the children
  // are processed.
  for (auto made = made_.rbegin(); made != made_.rend(); ++made) {
    const TrieNode* const node = *made;
    const auto original = originals_.find(node);
    const bool is_copy = original != originals_.end();
    if (is_copy) --pending_copies_[original->second];
    if (node->refs > 0) {
      if (is_copy) {
        TransferChildRefs(static_cast<const TrieInner&>(*node),
                          *original->second);
      }
      continue;
    }
    // An unreferenced copy has never held references to its children.
    if (!is_copy) UnrefChildren(*node);
    memory_ -= node->memory();
    unreferenced_.push_back(node);
  }
  made_.clear();
  // The originals whose references no copy has taken over.
  for (const TrieNode* const node : orphans_) UnrefChildren(*node);
  orphans_.clear();
  originals_.clear();
  pending_copies_.clear();
}

void NodeRefs::TransferChildRefs(const TrieInner& node,
                                 const TrieInner& original) {
  // Only the last copy takes over the references. Until then the original has
  // to keep them, since another copy may share children that this one does not.
  if (pending_copies_[&original] > 0 || orphans_.erase(&original) == 0) {
    return RefChildren(node);
  }
  for (size_t i = 0; i < node.count(); ++i) {
    if (node.child(i) == original.child(i)) continue;
    ++node.child(i)->refs;
    Unref(original.child(i));
  }
}

NodeRefs::~NodeRefs() {
  Finalize();
  for (const TrieNode* const node : unreferenced_) node->Free();
}

}  // namespace passpersist::store_internal
