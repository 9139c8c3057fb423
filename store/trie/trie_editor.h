// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_TRIE_TRIE_EDITOR_H_
#define STORE_TRIE_TRIE_EDITOR_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "store/trie/node_partitioner.h"
#include "store/trie/node_refs.h"
#include "store/trie/trie_inner.h"
#include "store/trie/trie_leaf.h"
#include "store/trie/trie_node.h"

namespace passpersist::store_internal {

// Adds or erases a key.
//
// A value type that borrows the bytes.
struct TrieEdit {
  absl::string_view key;
  bool erases;
};

// Makes the next version of a trie: new nodes between the root and the edits,
// and the old nodes elsewhere.
//
// On the way down, the edits are divided among the children. On the way up, the
// content of a changed node is a list of entries, which NodePartitioner makes
// nodes of. Below an index node, few entries are combined with those of a
// neighbour, so nodes stay large. Ranges beside a changed node are combined
// with it too: a gap that is filled again leaves no trace.
//
// Shared nodes stay shared:
// - If the same edits apply to the same child of a branch several times, as
//   when a row is added to or removed from all columns, the result is the same
//   node.
// - Keys erased from a kKeys leaf that other parents keep make a kMasked leaf
//   of it. A kMasked leaf that gets all keys again becomes that kKeys leaf.
// A trie that grows from nothing consists of leaves first, like a B+-tree.
// While it is small it is rebuilt a few times, so that columns become branches.
//
// Complexity: an edit costs packing a leaf and the nodes above it, whose sizes
// are bounded. Edits of the same node share this cost.
//
// Used by one thread at a time.
class TrieEditor {
 public:
  explicit TrieEditor(NodeRefs* nodes) : nodes_(*nodes), partitioner_(nodes) {}
  TrieEditor(const TrieEditor&) = delete;
  TrieEditor& operator=(const TrieEditor&) = delete;

  // Requires edits in order, one for a key, that erase existing keys and add
  // missing ones. `root` null means an empty trie.
  const TrieNode* Apply(const TrieNode* root, absl::Span<const TrieEdit> edits);

  // The same for a node that other parents keep unchanged.
  const TrieNode* ApplyToCopy(const TrieNode& node,
                              absl::Span<const TrieEdit> edits) {
    return edits.empty() ? &node : Edit(node, edits, true);
  }

 private:
  using Edits = absl::Span<const TrieEdit>;
  class PendingEntries;
  class PendingSubtries;

  // Fewer keys or children than this are too few for a node below an index
  // node.
  static constexpr size_t kMinItems = TrieLeaf::kMaxKeys / 4;

  // The keys of a node, up to this many, are rebuilt when edits divide it into
  // more nodes.
  static constexpr size_t kMaxRebuiltKeys = 4096;

  // The result of edits in a branch.
  struct BranchEdit {
    struct Child {
      size_t index;
      std::vector<TrieEdit> edits;  // without the label
      const TrieNode* result;       // null: no key is left
    };
    std::vector<Child> children;    // the changed children, in order
    std::vector<TrieEdit> between;  // keys that begin with no label
  };
  // The result is cached: EditInForm() may fail after it, and the next attempt
  // needs the same result.
  const BranchEdit& EditBranch(const TrieInner& branch, Edits edits,
                               bool is_shared);

  // The node with the edits; null if no key is left. `is_shared`: other parents
  // keep the node, or a node above it, unchanged.
  const TrieNode* Edit(const TrieNode& node, Edits edits, bool is_shared);

  // The same as a node of the same form, which is much cheaper; null if that is
  // not possible. A kMasked leaf has the form of a kKeys leaf.
  const TrieNode* EditInForm(const TrieNode& node, Edits edits, bool is_shared);
  const TrieNode* EditBitmapInForm(const TrieLeaf& bitmap, Edits edits);
  const TrieNode* EditKeysInForm(const TrieLeaf& leaf, Edits edits,
                                 bool is_shared);
  const TrieNode* EditBranchInForm(const TrieInner& branch, Edits edits,
                                   bool is_shared);
  const TrieNode* EditIndexInForm(const TrieInner& index_node, Edits edits,
                                  bool is_shared);

  // The new children of an index node. `separator` is that before the first
  // one.
  std::vector<Subtrie> EditIndex(const TrieInner& index_node, Edits edits,
                                 absl::string_view separator, bool is_shared);
  // The same; Changed is PendingEntries if the children are leaves and
  // branches, PendingSubtries if they are index nodes. Adjacent children that
  // change, or that are combined with one that does, are packed together.
  template <typename Changed>
  std::vector<Subtrie> EditChildren(const TrieInner& index_node, Edits edits,
                                    absl::string_view separator,
                                    bool is_shared);
  // Builds the trie of the keys of `node` with a TrieBuilder, which finds
  // columns.
  const TrieNode* Rebuild(const TrieNode& node);

  absl::string_view CopyLabel(const TrieInner& node, size_t i);

  NodeRefs& nodes_;
  NodePartitioner partitioner_;
  // By the branch and the first edit.
  std::map<std::pair<const TrieInner*, const TrieEdit*>, BranchEdit>
      branch_edits_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_TRIE_TRIE_EDITOR_H_
