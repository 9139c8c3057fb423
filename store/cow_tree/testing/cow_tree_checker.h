// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_COW_TREE_TESTING_COW_TREE_CHECKER_H_
#define STORE_COW_TREE_TESTING_COW_TREE_CHECKER_H_

#include <cstddef>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "passpersist/encoding/byte_arena.h"
#include "store/cow_tree/cow_tree.h"
#include "store/version/block.h"

namespace passpersist::store_internal {

// Visits all pages of a tree, without a cursor, and expects that the invariants
// of all trees hold. Collects the pages, so that a derived checker can compare
// the entries and check what is special about its tree.
//
// Used by one thread at a time.
template <typename Traits>
class CowTreeChecker {
 public:
  using Tree = typename Traits::Tree;
  using Leaf = typename Traits::Leaf;
  using Child = typename Traits::Child;

  explicit CowTreeChecker(const Tree& tree) : tree_(tree) {
    std::vector<const Block*> listed;
    if (tree.root != nullptr) {
      Visit(Traits::RootOf(tree), tree.level);
    }
    ListPages<Traits>(tree.root, tree.level, &listed);
    EXPECT_EQ(entries_, tree.size);
    EXPECT_EQ(memory_, tree.memory);
    EXPECT_EQ(listed.size(), pages());
  }

  // The fill factor of the leaves: 1 if all leaves are full.
  double fill() const {
    return static_cast<double>(entries_) /
           static_cast<double>(leaves_.size() * Tree::MaxCount(0));
  }

  size_t pages() const { return leaves_.size() + inner_.size(); }

 protected:
  // An inner page and its level.
  using InnerPage = std::pair<Child, int>;

  const Tree& tree() const { return tree_; }
  // In order.
  const std::vector<const Leaf*>& leaves() const { return leaves_; }
  const std::vector<InnerPage>& inner_pages() const { return inner_; }

 private:
  void Visit(const Child& child, int level) {
    const size_t count = Traits::Count(child, level);
    const bool is_root = child.page == tree_.root;
    memory_ += child.page->memory();
    EXPECT_GE(count, !is_root     ? CowItems<Traits>::MinCount(level)
                     : level == 0 ? 1
                                  : 2);
    EXPECT_LE(count, Tree::MaxCount(level));
    if (level == 0) {
      leaves_.push_back(static_cast<const Leaf*>(child.page));
      EXPECT_EQ(leaves_.back()->count(), count);
      entries_ += count;
      return;
    }
    inner_.push_back({child, level});
    for (size_t i = 0; i < count; ++i) {
      const Child below = Traits::ChildAt(child, i, &bytes_);
      EXPECT_LE(below.page->birth(), child.page->birth());
      Visit(below, level - 1);
    }
  }

  const Tree tree_;
  internal::ByteArena bytes_;
  std::vector<const Leaf*> leaves_;
  std::vector<InnerPage> inner_;
  size_t entries_ = 0;
  size_t memory_ = 0;
};

// A tree that the destructor frees.
//
// Used by one thread at a time.
template <typename Traits>
class OwnedTree {
 public:
  using Tree = typename Traits::Tree;

  explicit OwnedTree(const Tree& tree = {}) : tree_(tree) {}
  OwnedTree(const OwnedTree&) = delete;
  OwnedTree& operator=(const OwnedTree&) = delete;
  ~OwnedTree() { FreePages<Traits>(tree_.root, tree_.level); }

  const Tree& tree() const { return tree_; }

 private:
  const Tree tree_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_COW_TREE_TESTING_COW_TREE_CHECKER_H_
