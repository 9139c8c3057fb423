// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_VALUES_VALUE_TREE_H_
#define STORE_VALUES_VALUE_TREE_H_

#include <cstddef>
#include <vector>

#include "store/values/value_dir.h"
#include "store/values/value_page.h"
#include "store/version/block.h"

namespace passpersist::store_internal {

// One version of a sequence of values: a B+-tree that finds a value by its
// rank. The first value has rank 0. The tree has no keys; the trie of a
// TrieStore converts a key to a rank.
//
//                     +-----+
//                     | dir |              up to 128 children, and the number
//                     +-----+              of values before each
//                     /     \.
//              +-----+       +-----+
//              | dir |  ...  | dir |
//              +-----+       +-----+
//              /     \       /     \.
//        +------+ +------+ +------+ +------+
//        | page | | page | | page | | page |   up to 240 values
//        +------+ +------+ +------+ +------+
//
// Invariants:
// - All pages are at level 0, all children of a dir one level below the dir.
// - The root has at least one value, or two children. All other pages and dirs
//   have at least a quarter of their maximum.
// - Blocks are immutable. The next version shares all blocks with this one,
//   except those between the root and the changes.
//
// Find() reads only dirs, which take 12 bytes for 240 values. They stay in the
// cache. A search therefore costs one cache miss, for the value, and the caller
// can do other work until the value has arrived.
//
// With n values, Find() takes O(log n), and O(1) in each dir whose pages are
// full. A change copies O(log n) blocks. Loading takes O(n).
//
// A value type that borrows the blocks.
struct ValueTree {
  static constexpr size_t MaxCount(int level) {
    return level == 0 ? ValuePage::kMaxValues : ValueDir::kMaxChildren;
  }
  static constexpr size_t MinCount(int level) { return MaxCount(level) / 4; }

  struct Place {
    const ValuePage* page;
    size_t index;

    // Begins to fetch the value.
    void Prefetch() const { page->PrefetchValue(index); }
    internal::PackedValue value() const { return page->value(index); }
    absl::string_view label() const { return page->label(index); }
  };

  // Requires rank < size. Does not read the page.
  Place Find(size_t rank) const {
    const Block* block = root;
    for (int above = level; above > 0; --above) {
      const auto* const dir = static_cast<const ValueDir*>(block);
      const size_t i = dir->ChildFor(rank);
      rank -= dir->begin(i);
      block = dir->child(i);
    }
    return {static_cast<const ValuePage*>(block), rank};
  }

  const Block* root = nullptr;  // null: no values
  int level = 0;                // of the root; 0: the root is a page
  size_t size = 0;              // values
  size_t memory = 0;            // bytes of all blocks and their SharedValues
};

// Adds all blocks of `tree` to `blocks`. Does not read pages.
void ListBlocks(const ValueTree& tree, std::vector<const Block*>* blocks);

// Frees all blocks of `tree`.
void FreeBlocks(const ValueTree& tree);

}  // namespace passpersist::store_internal

#endif  // STORE_VALUES_VALUE_TREE_H_
