// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_COW_TREE_COW_BUILDER_H_
#define STORE_COW_TREE_COW_BUILDER_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "passpersist/encoding/byte_arena.h"
#include "store/cow_tree/cow_tree.h"
#include "store/cow_tree/page_maker.h"

namespace passpersist::store_internal {

// Loads a tree from its leaves, in order. Collects the children of one inner
// page of each level; a full page becomes a child of the page above it. In
// addition to the pages, the builder therefore needs memory for about one page
// of each level only.
//
// All inner pages are full, except the last two of each level: if too few
// children are left at the end for a page, they are packed again together with
// those of the last page. The entries of the last leaf likewise.
//
// Used by one thread at a time.
template <typename Traits>
class CowBuilder {
 public:
  using Tree = typename Traits::Tree;
  using Child = typename Traits::Child;
  using Entries = typename Traits::Entries;

  // The pages will be born in version `birth`.
  explicit CowBuilder(uint64_t birth) : pages_({}, birth) {}
  CowBuilder(const CowBuilder&) = delete;
  CowBuilder& operator=(const CowBuilder&) = delete;
  ~CowBuilder();

  uint64_t birth() const { return pages_.birth; }
  bool empty() const { return levels_.empty(); }

  // Adds a leaf, which has at least a quarter of the maximum of entries.
  void AddLeaf(const Child& leaf) {
    pages_.tree.size += Traits::Count(leaf, 0);
    AddChild(1, pages_.Add(leaf));
  }
  // The same for entries that fit one leaf.
  void AddLeafOf(const Entries& entries) {
    AddLeaf(Traits::MakeLeaf(birth(), entries, 0, entries.size()));
  }

  // Adds the last entries, perhaps none, and returns the tree, which the caller
  // then owns. Call it once.
  Tree Finish(Entries entries);

 private:
  using Items = CowItems<Traits>;

  // The children that are not in a page of this level yet.
  struct Level {
    std::vector<Child> children;
    internal::ByteArena bytes;  // that the children borrow
  };

  Level& At(int level) { return levels_[static_cast<size_t>(level) - 1]; }
  void AddChild(int level, const Child& child);
  // The pending children of `level` as items, which leaves none pending.
  Items TakeChildren(int level);
  // Packs the last items of a level.
  void PackLast(Items items);

  PageMaker<Traits> pages_;
  std::vector<Level> levels_;  // from 1 on
};

// Frees what Finish() has not returned.
template <typename Traits>
CowBuilder<Traits>::~CowBuilder() {
  int level = 0;
  for (const Level& above : levels_) {
    for (const Child& child : above.children) {
      FreePages<Traits>(child.page, level);
    }
    ++level;
  }
}

template <typename Traits>
void CowBuilder<Traits>::AddChild(int level, const Child& child) {
  if (levels_.size() < static_cast<size_t>(level)) levels_.emplace_back();
  const size_t max_count = Items::MaxCount(level);
  if (At(level).children.size() == max_count) {
    const Items items = TakeChildren(level);
    AddChild(level + 1, pages_.Pack(items, 0, max_count));
    At(level).bytes.Clear();  // the new page has copied them
  }
  Level& siblings = At(level);
  siblings.children.push_back(Traits::Keep(child, &siblings.bytes));
}

template <typename Traits>
typename CowBuilder<Traits>::Items CowBuilder<Traits>::TakeChildren(int level) {
  Items items;
  items.level = level;
  items.children.swap(At(level).children);
  return items;
}

template <typename Traits>
void CowBuilder<Traits>::PackLast(Items items) {
  const int above = items.level + 1;
  const bool is_only_page = levels_.size() < static_cast<size_t>(above);
  const Block* unpacked = nullptr;
  // Too few for a page: the last page is unpacked and packed again with them,
  // as one page, or as two of equal size.
  if (!is_only_page && items.size() < Items::MinCount(items.level)) {
    const Child last = At(above).children.back();
    At(above).children.pop_back();
    pages_.tree.memory -= last.page->memory();
    Items joined = pages_.Unpack(last, items.level);
    joined.Append(items);
    items = std::move(joined);
    unpacked = last.page;
  }
  Items packed;
  packed.level = above;
  pages_.PackInto(items, &packed);
  for (const Child& child : packed.children) AddChild(above, child);
  // Only now, since the items borrow its bytes.
  if (unpacked != nullptr) unpacked->Free();
}

template <typename Traits>
typename Traits::Tree CowBuilder<Traits>::Finish(Entries entries) {
  Tree& tree = pages_.tree;
  tree.size += entries.size();
  if (tree.size == 0) return tree;
  if (entries.size() > 0) {
    Items items;
    items.entries = std::move(entries);
    PackLast(std::move(items));
  }
  // A single child needs no page above it: it is the root.
  while (levels_.size() > static_cast<size_t>(tree.level) + 1 ||
         levels_.back().children.size() > 1) {
    PackLast(TakeChildren(++tree.level));
  }
  tree.root = levels_.back().children.front().page;
  levels_.clear();
  return tree;
}

}  // namespace passpersist::store_internal

#endif  // STORE_COW_TREE_COW_BUILDER_H_
