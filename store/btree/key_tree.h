// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BTREE_KEY_TREE_H_
#define STORE_BTREE_KEY_TREE_H_

#include <cstddef>
#include <vector>

#include "store/btree/key_page.h"
#include "store/version/block.h"

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
// Invariants:
// - All leaves are at level 0, all children of a page one level below the page.
// - The root has at least one entry, or two children. All other pages have at
//   least a quarter of their maximum (for one exception, see BtreeEditor).
// - Pages are immutable. The next version shares all pages with this one,
//   except those between the root and the changes.
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
struct KeyTree {
  static constexpr size_t kMinEntries = KeyPage::kMaxEntries / 4;
  static constexpr size_t kMinChildren = KeyPage::kMaxChildren / 4;

  static constexpr size_t MaxCount(int level) {
    return level == 0 ? KeyPage::kMaxEntries : KeyPage::kMaxChildren;
  }
  static constexpr size_t MinCount(int level) {
    return level == 0 ? kMinEntries : kMinChildren;
  }

  const KeyPage* root = nullptr;  // null: no entries
  size_t size = 0;                // entries
  size_t memory = 0;              // bytes of all pages and their SharedValues
};

// Adds a page and all pages below it to `blocks`. Does not read leaves, except
// a root that is a leaf.
inline void ListPages(const KeyPage* page, std::vector<const Block*>* blocks) {
  blocks->push_back(page);
  if (page->is_leaf()) return;
  if (page->level() == 1) {
    blocks->insert(blocks->end(), page->children().begin(),
                   page->children().end());
    return;
  }
  for (const KeyPage* const child : page->children()) {
    ListPages(child, blocks);
  }
}

// Frees a page and all pages below it.
inline void FreePages(const KeyPage* page) {
  std::vector<const Block*> blocks;
  ListPages(page, &blocks);
  for (const Block* const block : blocks) block->Free();
}

}  // namespace passpersist::store_internal

#endif  // STORE_BTREE_KEY_TREE_H_
