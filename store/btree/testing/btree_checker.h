// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BTREE_TESTING_BTREE_CHECKER_H_
#define STORE_BTREE_TESTING_BTREE_CHECKER_H_

#include <map>
#include <string>

#include "passpersist/oid.h"
#include "passpersist/value.h"
#include "store/btree/key_tree.h"
#include "store/btree/key_tree_traits.h"
#include "store/cow_tree/testing/cow_tree_checker.h"

namespace passpersist::store_internal {

// The expected content of a tree: values that are not computed, and labels.
struct TreeRow {
  Value value;
  std::string label;
};
using TreeModel = std::map<Oid, TreeRow>;

// Expects that all keys are in order, and that each separator is between the
// keys beside it.
//
// Used by one thread at a time.
class BtreeChecker : public CowTreeChecker<KeyTreeTraits> {
 public:
  explicit BtreeChecker(const KeyTree& tree);

  // Expects the entries of `model`, and nothing else.
  void ExpectHolds(const TreeModel& model) const;
};

// The tree of `model`.
KeyTree LoadTree(const TreeModel& model);

// Loads a tree, and frees it in the destructor.
class LoadedTree : public OwnedTree<KeyTreeTraits> {
 public:
  explicit LoadedTree(const TreeModel& model) : OwnedTree(LoadTree(model)) {}
};

}  // namespace passpersist::store_internal

#endif  // STORE_BTREE_TESTING_BTREE_CHECKER_H_
