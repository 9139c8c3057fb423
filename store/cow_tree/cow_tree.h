// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_COW_TREE_COW_TREE_H_
#define STORE_COW_TREE_COW_TREE_H_

#include <cstddef>
#include <vector>

#include "store/block/leaf_entries.h"
#include "store/version/block.h"

namespace passpersist::store_internal {

// One version of a B+-tree of immutable pages, which the next version copies
// where it differs. All entries are in leaves, at level 0; an inner page is one
// level above its children.
//
// Invariants:
// - The root has at least one entry, or two children. All other pages have at
//   least a quarter of their maximum.
// - A page is not older than the pages below it.
// - The next version shares all pages with this one, except those between the
//   root and the changes.
//
// KeyTree and ValueTree derive from it. A Traits class tells CowEditor,
// CowBuilder and CowCursor what is special about a tree:
//
//   Tree     the tree, with `static size_t MaxCount(int level)`
//   Page     the base class of all pages: a Block
//   Leaf     count(), value(i), label(i), CopyWithValues(birth, new_values)
//   Inner    count(), children()
//   Child    a page below another one: Page* `page`, and what the page above
//            stores about it
//   Entries  entries outside of a leaf: a LeafEntries, perhaps with keys
//   Edit     a change of an entry; edits are sorted
//
//   Child    RootOf(tree)
//   Child    ChildAt(parent, i, arena)      child i of an inner page
//   Child    Keep(child, arena)             the same, borrows only from `arena`
//   size_t   Count(child, level)            its entries or children
//   size_t   EntriesBefore(inner, i)        in children 0 to i-1; 0 if unknown
//   Division Divide(inner, level, begin, edits)
//            the child, a page of `level`, to which the first edit applies, and
//            how many edits apply to it
//   Place    Find(leaf, begin, edit)        where the edit applies
//   NormalizedChange& ChangeOf(edit)
//   Entries  BeginEntries(leaf, count)      none, with memory for `count`
//   void     AddEntries(leaf, begin, end, arena, entries)
//   void     AddEdit(edit, value, label, entries)
//   bool     MayJoin(left, entries)         if `entries` may be packed together
//                                           with those of leaf `left`
//   Child    MakeLeaf(birth, entries, begin, count)
//   Child    MakeInner(birth, level, children)
//   Child    CopyInner(child, birth, new_children)
//   void     Prefetch(leaf)                 begins to fetch what a walk reads
//
// `begin` is the rank of the first entry below a page in the whole tree, 0 if
// EntriesBefore() is always 0.
//
// A value type that borrows the pages.
template <typename PageType>
struct CowTree {
  const PageType* root = nullptr;  // null: no entries
  int level = 0;                   // of the root
  size_t size = 0;                 // entries
  size_t memory = 0;               // bytes of all pages and their SharedValues
};

// The part of a batch of edits that applies to one child.
struct Division {
  size_t child;
  size_t count;  // edits
};

// A child that replaces the child at `place`.
template <typename Child>
struct NewChild {
  size_t place;
  Child child;
};

// Entries, or pages, that are not in a page above: the future content of one
// page, or of several.
//
// A value type that borrows the pages and all bytes.
template <typename Traits>
struct CowItems {
  int level = 0;                     // of the page that will hold them
  bool appended = false;             // the last edit made the last item
  typename Traits::Entries entries;  // at level 0
  std::vector<typename Traits::Child> children;  // above

  static size_t MaxCount(int level) { return Traits::Tree::MaxCount(level); }
  static size_t MinCount(int level) { return MaxCount(level) / 4; }

  size_t size() const { return level == 0 ? entries.size() : children.size(); }
  bool FitOnePage() const {
    return size() >= MinCount(level) && size() <= MaxCount(level);
  }
  void Append(const CowItems& more) {
    entries.Append(more.entries);
    AppendTo(&children, more.children);
  }
};

// Adds a page, which is at `level`, and all pages below it to `blocks`; a null
// page adds nothing. Does not read leaves.
template <typename Traits>
void ListPages(const typename Traits::Page* page, int level,
               std::vector<const Block*>* blocks) {
  if (page == nullptr) return;
  blocks->push_back(page);
  if (level == 0) return;
  for (const auto* const child :
       static_cast<const typename Traits::Inner*>(page)->children()) {
    ListPages<Traits>(child, level - 1, blocks);
  }
}

// Frees a page and all pages below it.
template <typename Traits>
void FreePages(const typename Traits::Page* page, int level) {
  std::vector<const Block*> blocks;
  ListPages<Traits>(page, level, &blocks);
  for (const Block* const block : blocks) block->Free();
}

}  // namespace passpersist::store_internal

#endif  // STORE_COW_TREE_COW_TREE_H_
