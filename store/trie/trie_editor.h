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

// A name that comes or goes.
//
// A value type that borrows the bytes.
struct TrieEdit {
  absl::string_view key;
  bool erases;
};

// Makes the next version of a trie: new nodes between the root and the edits,
// and the old ones for the rest.
//
// Going down, the edits are split among the children; coming up, what has
// changed is names and nodes, as items, that are packed anew. In a split these
// are packed together with those of a neighbour, if they are few: nodes stay
// large; so are runs beside them: a gap that is filled leaves no trace.
//
// What was shared stays so:
// - if the same edits meet the same child of a branch again, as they do where a
//   row comes or goes in all columns, the result is the same node;
// - names that are erased from a leaf of keys that others have too, and keep,
//   make a subset of it, and one that has all names again is that leaf.
// A trie that grows from nothing is first leaves, like a B+-tree, and is built
// anew a few times while it is small, so that columns become branches.
//
// Complexity: each edit costs the packing of a leaf and of the nodes above it,
// whose sizes have a bound; edits that meet share it.
//
// Used by one thread at a time.
class TrieEditor {
 public:
  explicit TrieEditor(NodeRefs* nodes) : nodes_(*nodes), partitioner_(nodes) {}
  TrieEditor(const TrieEditor&) = delete;
  TrieEditor& operator=(const TrieEditor&) = delete;

  // Requires edits in order, one for a name, that erase what is there and add
  // what is not. Null is an empty trie.
  const TrieNode* Apply(const TrieNode* root, absl::Span<const TrieEdit> edits);

  // The same for a node that others keep as it is.
  const TrieNode* ApplyToCopy(const TrieNode& node,
                              absl::Span<const TrieEdit> edits) {
    return edits.empty() ? &node : Edit(node, edits, true);
  }

 private:
  using Edits = absl::Span<const TrieEdit>;
  class PendingEntries;
  class PendingSubtries;

  // Less than that, names or children, is too few for a node among others.
  static constexpr size_t kMinItems = TrieLeaf::kMaxKeys / 4;

  // Up to so many names are grouped anew when there are too many for the leaves
  // that they are in.
  static constexpr size_t kMaxRebuiltKeys = 4096;

  // What edits come to in a branch.
  struct BranchEdit {
    struct Child {
      size_t index;
      std::vector<TrieEdit> edits;  // without the label
      const TrieNode* result;       // null: no name is left
    };
    std::vector<Child> children;    // those that change, in order
    std::vector<TrieEdit> between;  // names that are in no child
  };
  // Kept, and not made again when it is asked for again.
  const BranchEdit& EditBranch(const TrieInner& branch, Edits edits,
                               bool is_shared);

  // The node with the edits; null if no name is left. `is_shared`: others keep
  // the node, or one above it, as it is.
  const TrieNode* Edit(const TrieNode& node, Edits edits, bool is_shared);

  // The same in a node of the same form, which is much cheaper where it can be
  // done; else null. Of a leaf of keys, a subset has its form.
  const TrieNode* EditInForm(const TrieNode& node, Edits edits, bool is_shared);
  const TrieNode* EditBitmapInForm(const TrieLeaf& bitmap, Edits edits);
  const TrieNode* EditKeysInForm(const TrieLeaf& leaf, Edits edits,
                                 bool is_shared);
  const TrieNode* EditBranchInForm(const TrieInner& branch, Edits edits,
                                   bool is_shared);
  const TrieNode* EditIndexInForm(const TrieInner& index_node, Edits edits,
                                  bool is_shared);

  // The children of a split. `separator` is that before the first one.
  std::vector<Subtrie> EditIndex(const TrieInner& index_node, Edits edits,
                                 absl::string_view separator, bool is_shared);
  // The same for Items or Pieces, as the children are. Those side by side that
  // change, or that join one that does, are packed together.
  template <typename Changed>
  std::vector<Subtrie> EditChildren(const TrieInner& index_node, Edits edits,
                                    absl::string_view separator,
                                    bool is_shared);
  const TrieNode* Rebuild(const TrieNode& node);

  absl::string_view CopyLabel(const TrieInner& node, size_t i);

  NodeRefs& nodes_;
  NodePartitioner partitioner_;
  // By the branch and the first of the edits.
  std::map<std::pair<const TrieInner*, const TrieEdit*>, BranchEdit>
      branch_edits_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_TRIE_TRIE_EDITOR_H_
