// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_VALUES_VALUE_TREE_H_
#define STORE_VALUES_VALUE_TREE_H_

#include <cstddef>
#include <vector>

#include "store/values/value_dir.h"
#include "store/values/value_page.h"
#include "store/version/block.h"

namespace passpersist::store_internal {

// One version of a sequence of values, which are found by rank: 0 is the first
// one. Names are none of its business: a trie beside it makes a rank of a name.
//
//                     +-----+
//                     | dir |              up to 128 children, and how many
//                     +-----+              values come before each
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
// - All pages are at level 0, all children of a dir one level below it.
// - The root has at least one value, or two children. All other pages and dirs
//   have at least a quarter of what they can have.
// - Parts are immutable. The next version shares all parts with this one but
//   those between the root and what was changed.
//
// A rank says where a value is without a look at other values, so what lies
// above the pages, 12 bytes for 240 values, is all that a search reads: it
// stays in the cache, and a search costs one miss, which can be waited for
// later.
//
// n values: Find() takes O(log n), O(1) within a dir whose pages are full; a
// change O(log n) parts to be copied; loading O(n).
//
// A value type that borrows the parts.
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

  // Requires rank < size. Touches no page.
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

  const Block* root = nullptr;  // null: no value
  int level = 0;                // of the root; 0: it is a page
  size_t size = 0;              // values
  size_t memory = 0;            // bytes of all parts and what they box
};

// Adds all parts of `tree` to `parts`. Touches no page.
void ListBlocks(const ValueTree& tree, std::vector<const Block*>* blocks);

// Frees all parts of `tree`.
void FreeBlocks(const ValueTree& tree);

}  // namespace passpersist::store_internal

#endif  // STORE_VALUES_VALUE_TREE_H_
