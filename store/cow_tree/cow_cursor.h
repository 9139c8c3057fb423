// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_COW_TREE_COW_CURSOR_H_
#define STORE_COW_TREE_COW_CURSOR_H_

#include <array>
#include <cstddef>

#include "absl/strings/string_view.h"
#include "passpersist/encoding/packed_value.h"

namespace passpersist::store_internal {

// A position in a tree: a leaf, a place in it, and the inner pages above with
// the position of the child in each. Next() within a leaf reads only the leaf.
// A new cursor is after the last entry.
//
// KeyCursor and ValueCursor derive from it and search. Traits: see CowTree.
//
// Used by one thread at a time. Does not keep the pages of the tree.
template <typename Traits>
class CowCursor {
 public:
  using Tree = typename Traits::Tree;

  bool Valid() const { return leaf_ != nullptr; }

  void SeekToFirst() {
    leaf_ = nullptr;
    if (tree_.root != nullptr) DescendLeft(tree_.root, tree_.level);
  }

  // This and the functions below require Valid().
  void Next() {
    if (++place_ == leaf_->count()) NextLeaf();
  }

  // Valid as long as the leaf.
  internal::PackedValue value() const { return leaf_->value(place_); }
  absl::string_view label() const { return leaf_->label(place_); }

 protected:
  using Page = typename Traits::Page;
  using Leaf = typename Traits::Leaf;
  using Inner = typename Traits::Inner;

  explicit CowCursor(const Tree& tree) : tree_(tree) {}

  const Tree& tree() const { return tree_; }
  const Leaf* leaf() const { return leaf_; }  // null: not Valid()
  size_t place() const { return place_; }

  // Returns the leaf that `child_for(inner)` leads to: the position of the
  // child to go to. Requires a root.
  template <typename ChildFor>
  const Leaf* Descend(const ChildFor& child_for) {
    const Page* page = tree_.root;
    for (int level = tree_.level; level > 0; --level) {
      const auto& inner = static_cast<const Inner&>(*page);
      const size_t i = child_for(inner);
      StepAt(level) = {&inner, i};
      page = inner.child(i);
    }
    return static_cast<const Leaf*>(page);
  }
  void Enter(const Leaf* leaf, size_t place) {
    leaf_ = leaf;
    place_ = place;
  }
  // Moves to the first entry of the next leaf.
  void NextLeaf();

 private:
  // An inner page has at least 32 children, except the root: with eight levels
  // there is room for 2^32 entries.
  static constexpr size_t kMaxHeight = 8;

  // An inner page, and the child that the cursor is below.
  struct Step {
    const Inner* page;
    size_t child;
  };

  Step& StepAt(int level) { return steps_[static_cast<size_t>(level) - 1]; }
  void DescendLeft(const Page* page, int level) {
    for (; level > 0; --level) {
      const auto& inner = static_cast<const Inner&>(*page);
      StepAt(level) = {&inner, 0};
      page = inner.child(0);
    }
    Enter(static_cast<const Leaf*>(page), 0);
  }

  const Tree tree_;
  std::array<Step, kMaxHeight> steps_;  // by level, from 1 on
  const Leaf* leaf_ = nullptr;          // null: after the last entry
  size_t place_ = 0;
};

template <typename Traits>
void CowCursor<Traits>::NextLeaf() {
  leaf_ = nullptr;
  for (int level = 1; level <= tree_.level; ++level) {
    Step& step = StepAt(level);
    if (++step.child == step.page->count()) continue;
    DescendLeft(step.page->child(step.child), level - 1);
    // A walk needs the leaf after this one soon.
    const auto& [parent, child] = StepAt(1);
    if (child + 1 < parent->count()) {
      Traits::Prefetch(parent->child(child + 1));
    }
    return;
  }
}

}  // namespace passpersist::store_internal

#endif  // STORE_COW_TREE_COW_CURSOR_H_
