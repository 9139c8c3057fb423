// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_TRIE_NODE_REFS_H_
#define STORE_TRIE_NODE_REFS_H_

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
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

// Makes nodes and counts the references to nodes while a writer makes a
// version: tells which nodes are new, and which old nodes the version does not
// use.
//
// A node may have many references: from the nodes above it, and one for being
// the root. Only the writer counts them, and only for the newest version.
// Readers never do, and older versions need no counts because VersionSet keeps
// their blocks. An old node that loses its last reference is garbage, and its
// children lose a reference each. A new node may get its first reference later.
// New nodes without a reference in Finalize() are unreferenced: the destructor
// frees them.
//
// A copy (CopyWithChildren()) usually replaces its original and shares most of
// its children. The references of these children are then transferred to the
// copy: their counts do not change, and the children are not touched. Whether
// the copy replaces the original is known in Finalize(); until then the copy
// holds no references to its children.
//
// Used by one thread at a time.
class NodeRefs {
 public:
  // New nodes will be born in version `birth`. The nodes of the previous
  // version take `memory` bytes.
  NodeRefs(uint64_t birth, size_t memory) : birth_(birth), memory_(memory) {}
  NodeRefs(const NodeRefs&) = delete;
  NodeRefs& operator=(const NodeRefs&) = delete;
  // Frees the unreferenced new nodes: all new nodes, if no root was set.
  ~NodeRefs();

  // Makes a node with a function of TrieLeaf or TrieInner, which gets the birth
  // and then `args`. The node has a reference to each of its children.
  // (enable_if lets an argument be converted to the type of its parameter.)
  template <typename Node, typename... Params>
  const Node* Make(const Node* (*make)(uint64_t, Params...),
                   std::enable_if_t<true, Params>... args) {
    const Node* const node = make(birth_, args...);
    RefChildren(*node);
    return Add(node);
  }

  // See TrieInner.
  const TrieInner* CopyWithChildren(const TrieInner& original,
                                    absl::Span<const TrieNode* const> children);

  // Adds a reference to the new root and drops that of the old root. Null means
  // an empty trie.
  void ReplaceRoot(const TrieNode* old_root, const TrieNode* new_root);

  // Called after the last node was made: finds the unreferenced new nodes.
  void Finalize();

  // After Finalize(), the bytes of all nodes that have a reference.
  size_t memory() const { return memory_; }

  // The old nodes that have lost their last reference.
  const std::vector<const Block*>& garbage() const { return garbage_; }

 private:
  template <typename Node>
  const Node* Add(const Node* node) {
    made_.push_back(node);
    memory_ += node->memory();
    return node;
  }
  static void RefChildren(const TrieNode& node) {
    ForEachChild(node, [](const TrieNode* child) { ++child->refs; });
  }
  void Unref(const TrieNode* node);
  void UnrefChildren(const TrieNode& node);
  // Gives `node`, a copy of `original`, its references to its children.
  void TransferChildRefs(const TrieInner& node, const TrieInner& original);

  const uint64_t birth_;
  size_t memory_;
  std::vector<const TrieNode*> made_;
  std::vector<const TrieNode*> unreferenced_;
  // The original of each copy.
  absl::flat_hash_map<const TrieNode*, const TrieInner*> originals_;
  // For each original, how many of its copies Finalize() has not processed yet.
  absl::flat_hash_map<const TrieNode*, size_t> pending_copies_;
  // Originals that are garbage and still hold the references to their children,
  // for a copy to take over.
  absl::flat_hash_set<const TrieNode*> orphans_;
  std::vector<const Block*> garbage_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_TRIE_NODE_REFS_H_
