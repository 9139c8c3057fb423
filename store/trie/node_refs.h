// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_TRIE_NODE_REFS_H_
#define STORE_TRIE_NODE_REFS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "store/trie/trie_inner.h"
#include "store/trie/trie_leaf.h"
#include "store/trie/trie_node.h"
#include "store/version/block.h"

namespace passpersist::store_internal {

// Calls `use` for each node that `node` refers to, in order.
template <typename Function>
void ForEachChild(const TrieNode& node, const Function& use) {
  if (!node.is_leaf()) {
    const auto& inner = static_cast<const TrieInner&>(node);
    for (const TrieNode* const child : inner.children()) use(child);
  } else if (node.kind() == TrieNode::Kind::kMasked) {
    use(static_cast<const TrieLeaf&>(node).full_leaf());
  }
}

// What a writer knows of the nodes while it makes a version: which ones are
// new, and which old ones the version does without.
//
// A node may have many owners: nodes above it; the root has one too. They are
// counted by the writer alone and for the newest version alone; a reader
// never does, and older versions need no count, since Versions keeps what they
// are made of. An old node that loses its last owner is retired, and its
// children lose an owner. A new one may find its owner later: what has none at
// the end was made in vain, and goes with this object.
//
// A node that is made like another one has mostly its children, and mostly
// takes its place: then these keep the owners that they have, and are not even
// touched. Whether it does is known in Finalize(); until then such a node
// counts as nobody's owner.
//
// Used by one thread at a time.
class NodeRefs {
 public:
  // New nodes will be born in version `birth`; those of the version before take
  // `memory` bytes.
  NodeRefs(uint64_t birth, size_t memory) : birth_(birth), memory_(memory) {}
  NodeRefs(const NodeRefs&) = delete;
  NodeRefs& operator=(const NodeRefs&) = delete;
  // Frees what was made in vain; that is all, if no root was set.
  ~NodeRefs();

  // See TrieLeaf and TrieInner.
  const TrieLeaf* MakeRange(uint32_t first, uint32_t count);
  const TrieLeaf* MakeBitmap(absl::Span<const uint32_t> arcs);
  const TrieLeaf* CopyBitmap(const TrieLeaf& bitmap,
                               absl::Span<const uint32_t> changed_arcs);
  const TrieLeaf* MakeKeys(absl::Span<const absl::string_view> keys);
  const TrieLeaf* MakeMasked(const TrieLeaf* all,
                             absl::Span<const uint32_t> places);
  const TrieInner* MakeBranch(absl::Span<const absl::string_view> labels,
                              absl::Span<const TrieNode* const> children);
  const TrieInner* MakeIndex(int height,
                             absl::Span<const absl::string_view> separators,
                             absl::Span<const TrieNode* const> children);

  const TrieInner* CopyWithChildren(const TrieInner& inner,
                            absl::Span<const TrieNode* const> children);

  // Gives the new root an owner, and takes the old one's away. Null is none.
  void ReplaceRoot(const TrieNode* old_root, const TrieNode* new_root);

  // Ends the making of nodes: what has no owner now was made in vain.
  void Finalize();

  // After Finalize(), the bytes of all nodes that have an owner.
  size_t memory() const { return memory_; }

  // The old nodes that have lost all owners.
  const std::vector<const Block*>& garbage() const { return garbage_; }

 private:
  template <typename Node>
  const Node* Add(const Node* node);
  void RefChildren(const TrieNode& node);
  void Unref(const TrieNode* node);
  void UnrefChildren(const TrieNode& node);
  // Makes a node that was made like another one the owner of its children.
  void TransferChildRefs(const TrieInner& node, const TrieInner& original);

  const uint64_t birth_;
  size_t memory_;
  std::vector<const TrieNode*> made_;
  std::vector<const TrieNode*> unreferenced_;
  // The models of nodes that were made like others.
  absl::flat_hash_map<const TrieNode*, const TrieInner*> originals_;
  // Of each model, how many of these nodes are not settled.
  absl::flat_hash_map<const TrieNode*, size_t> pending_copies_;
  // Models that have been retired, and still own their children.
  absl::flat_hash_set<const TrieNode*> orphaning_;
  std::vector<const Block*> garbage_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_TRIE_NODE_REFS_H_
