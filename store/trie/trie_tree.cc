// SPDX-License-Identifier: Apache-2.0

#include "store/trie/trie_tree.h"

#include "absl/container/flat_hash_set.h"
#include "store/cow_tree/cow_tree.h"
#include "store/trie/node_refs.h"
#include "store/values/value_tree_traits.h"

namespace passpersist::store_internal {
namespace {

void ListNodes(const TrieNode* node,
               absl::flat_hash_set<const TrieNode*>* listed,
               std::vector<const Block*>* blocks) {
  if (!listed->insert(node).second) return;  // reached through another parent
  blocks->push_back(node);
  ForEachChild(
      *node, [&](const TrieNode* child) { ListNodes(child, listed, blocks); });
}

}  // namespace

void ListBlocks(const TrieTree& tree, std::vector<const Block*>* blocks) {
  absl::flat_hash_set<const TrieNode*> listed;
  if (tree.keys != nullptr) ListNodes(tree.keys, &listed, blocks);
  ListPages<ValueTreeTraits>(tree.values.root, tree.values.level, blocks);
}

}  // namespace passpersist::store_internal
