// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BTREE_TESTING_BTREE_CHECKER_H_
#define STORE_BTREE_TESTING_BTREE_CHECKER_H_

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "passpersist/oid.h"
#include "passpersist/value.h"
#include "store/btree/key_page.h"
#include "store/btree/key_tree.h"

namespace passpersist::store_internal {

// The expected content of a tree: values that are not computed, and labels.
struct TreeRow {
  Value value;
  std::string label;
};
using TreeModel = std::map<Oid, TreeRow>;

// Visits all pages of a tree, without the iterator, and expects that its
// invariants hold.
//
// Used by one thread at a time.
class BtreeChecker {
 public:
  explicit BtreeChecker(const KeyTree& tree);

  // Expects the entries of `model`, and nothing else.
  void ExpectHolds(const TreeModel& model) const;

  // The fill factor of the leaves: 1 if all leaves are full.
  double fill() const;

  size_t pages() const { return pages_; }

 private:
  void Visit(const KeyPage& page, absl::string_view from, absl::string_view to,
             bool has_end);

  std::vector<const KeyPage*> leaves_;
  size_t pages_ = 0;
  size_t entries_ = 0;
  size_t memory_ = 0;
};

// Loads a tree, and frees it in the destructor.
//
// Used by one thread at a time.
class LoadedTree {
 public:
  explicit LoadedTree(const TreeModel& model);
  LoadedTree(const LoadedTree&) = delete;
  LoadedTree& operator=(const LoadedTree&) = delete;
  ~LoadedTree() {
    if (tree_.root != nullptr) FreePages(tree_.root);
  }

  const KeyTree& tree() const { return tree_; }

 private:
  KeyTree tree_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_BTREE_TESTING_BTREE_CHECKER_H_
