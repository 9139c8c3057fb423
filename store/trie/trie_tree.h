// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_TRIE_TRIE_TREE_H_
#define STORE_TRIE_TRIE_TREE_H_

#include <cstddef>
#include <vector>

#include "store/trie/trie_node.h"
#include "store/values/value_tree.h"
#include "store/version/block.h"

namespace passpersist::store_internal {

// One version of a TrieStore. The value of a key is at the rank of the key.
//
// A value type that borrows the blocks.
struct TrieTree {
  const TrieNode* keys = nullptr;  // the root; null: no keys
  size_t keys_memory = 0;          // bytes of all nodes
  ValueTree values;
};

inline size_t SizeOf(const TrieTree& tree) { return tree.values.size; }
inline size_t MemoryOf(const TrieTree& tree) {
  return tree.keys_memory + tree.values.memory;
}

// Adds all blocks of `tree` to `blocks`, each once.
void ListBlocks(const TrieTree& tree, std::vector<const Block*>* blocks);

}  // namespace passpersist::store_internal

#endif  // STORE_TRIE_TRIE_TREE_H_
