// SPDX-License-Identifier: Apache-2.0

#include "store/trie/trie_tree.h"

#include "absl/container/flat_hash_set.h"
#include "store/trie/node_refs.h"

namespace passpersist::store_internal {
namespace {

void ListNodes(const TrieNode* node,
               absl::flat_hash_set<const TrieNode*>* listed,
               std::vector<const Block*>* parts) {
  if (!listed->insert(node).second) return;
  parts->push_back(node);
  ForEachChild(*node,
               [&](const TrieNode* child) { ListNodes(child, listed, parts); });
}

}  // namespace

void ListParts(const TrieTree& tree, std::vector<const Block*>* parts) {
  absl::flat_hash_set<const TrieNode*> listed;
  if (tree.names != nullptr) ListNodes(tree.names, &listed, parts);
  ListParts(tree.values, parts);
}

}  // namespace passpersist::store_internal
