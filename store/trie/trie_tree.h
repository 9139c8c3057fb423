// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_TRIE_TRIE_TREE_H_
#define STORE_TRIE_TRIE_TREE_H_

#include <cstddef>
#include <vector>

#include "store/trie/trie_node.h"
#include "store/values/value_tree.h"
#include "store/version/block.h"

namespace passpersist::store_internal {

// One version of a TrieStore: the value of rank i is that of name i.
//
// A value type that borrows the parts.
struct TrieTree {
  const TrieNode* names = nullptr;  // null: none
  size_t keys_memory = 0;          // bytes of all nodes
  ValueTree values;

  size_t size() const { return values.size; }
  size_t memory() const { return keys_memory + values.memory; }
};

// Adds all parts of `tree` to `parts`, each once.
void ListBlocks(const TrieTree& tree, std::vector<const Block*>* blocks);

}  // namespace passpersist::store_internal

#endif  // STORE_TRIE_TRIE_TREE_H_
