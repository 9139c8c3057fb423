// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BTREE_KEY_TREE_H_
#define STORE_BTREE_KEY_TREE_H_

#include <cstddef>

#include "store/btree/key_page.h"
#include "store/cow_tree/cow_tree.h"

namespace passpersist::store_internal {

// One version of a BtreeStore, a B+-tree: keys in the encoding of EncodedOid,
// with values and labels.
//
//                      +-------+
//                      | inner |              up to 128 children
//                      +-------+
//                      |   |   |
//            +---------+   |   +---------+
//            |             |             |
//        +-------+     +-------+     +-------+
//        | inner |     | inner |     | inner |
//        +-------+     +-------+     +-------+
//         |     |       |     |       |     |
//      +------+ |    +------+ |    +------+ |
//      | leaf | ...  | leaf | ...  | leaf | ...   up to 64 entries
//      +------+      +------+      +------+
//
// Wide pages make the tree low and its inner pages small: with 64 entries a
// leaf, the inner pages are a fortieth of the tree or less and stay in the
// cache. A search therefore costs one miss, for the leaf, also among millions
// of entries. Packing makes the leaf small, because it is fetched as a whole.
//
// With n entries, a search takes O(log n) comparisons, a step O(1), loading
// O(n). A change copies O(log n) pages.
//
// A value type that borrows the pages.
struct KeyTree : CowTree<KeyPage> {
  static constexpr size_t MaxCount(int level) {
    return level == 0 ? KeyPage::kMaxEntries : KeyPage::kMaxChildren;
  }
};

}  // namespace passpersist::store_internal

#endif  // STORE_BTREE_KEY_TREE_H_
