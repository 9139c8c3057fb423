// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_VALUES_VALUE_TREE_H_
#define STORE_VALUES_VALUE_TREE_H_

#include <cstddef>

#include "store/cow_tree/cow_tree.h"
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
// A search (ValueCursor) reads only dirs, which take 12 bytes for 240 values.
// They stay in the cache. A search therefore costs one cache miss, for the
// value, and the caller can do other work until the value has arrived.
//
// With n values, a search takes O(log n), and O(1) in each dir whose pages are
// full. A change copies O(log n) blocks. Loading takes O(n).
//
// A value type that borrows the blocks.
struct ValueTree : CowTree<Block> {
  static constexpr size_t MaxCount(int level) {
    return level == 0 ? ValuePage::kMaxValues : ValueDir::kMaxChildren;
  }
};

}  // namespace passpersist::store_internal

#endif  // STORE_VALUES_VALUE_TREE_H_
