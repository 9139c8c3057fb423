// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_COW_TREE_PAGE_MAKER_H_
#define STORE_COW_TREE_PAGE_MAKER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "store/block/value_arena.h"
#include "store/cow_tree/cow_tree.h"

namespace passpersist::store_internal {

// Packs items into pages and unpacks pages, while a version of a tree is made.
// Counts the memory of the pages that it makes.
//
// Used by one thread at a time.
template <typename Traits>
class PageMaker {
 public:
  using Child = typename Traits::Child;
  using Items = CowItems<Traits>;

  // New pages will be born in version `page_birth`.
  PageMaker(const typename Traits::Tree& old_tree, uint64_t page_birth)
      : tree(old_tree), birth(page_birth) {}

  // Packs `count` items into one page.
  Child Pack(const Items& items, size_t begin, size_t count) {
    return Add(
        items.level == 0
            ? Traits::MakeLeaf(birth, items.entries, begin, count)
            : Traits::MakeInner(
                  birth, items.level,
                  absl::MakeConstSpan(items.children).subspan(begin, count)));
  }

  // Packs the items into as few pages as possible and adds these to `above`.
  void PackInto(const Items& items, Items* above) {
    const size_t min_count = Items::MinCount(items.level);
    const size_t max_count = Items::MaxCount(items.level);
    size_t pages = (items.size() + max_count - 1) / max_count;
    size_t left = items.size();
    for (size_t begin = 0; left > 0; --pages) {
      size_t count = (left + pages - 1) / pages;  // pages of equal size
      // After an append, full pages, but enough items for each of the others.
      if (items.appended && pages > 1) {
        count = std::min(max_count, left - min_count * (pages - 1));
      }
      above->children.push_back(Pack(items, begin, count));
      begin += count;
      left -= count;
    }
  }

  // The items of a page, which must outlive them.
  Items Unpack(const Child& child, int level) {
    const size_t count = Traits::Count(child, level);
    Items items;
    items.level = level;
    if (level == 0) {
      items.entries = Traits::BeginEntries(child, count);
      Traits::AddEntries(static_cast<const typename Traits::Leaf&>(*child.page),
                         0, count, &arena.bytes(), &items.entries);
      return items;
    }
    for (size_t i = 0; i < count; ++i) {
      items.children.push_back(Traits::ChildAt(child, i, &arena.bytes()));
    }
    return items;
  }

  // Counts a page that was made elsewhere.
  Child Add(const Child& child) {
    tree.memory += child.page->memory();
    return child;
  }

  typename Traits::Tree tree;
  const uint64_t birth;
  ValueArena arena;  // of what the items borrow
};

}  // namespace passpersist::store_internal

#endif  // STORE_COW_TREE_PAGE_MAKER_H_
