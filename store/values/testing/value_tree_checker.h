// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_VALUES_TESTING_VALUE_TREE_CHECKER_H_
#define STORE_VALUES_TESTING_VALUE_TREE_CHECKER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "passpersist/value.h"
#include "store/cow_tree/testing/cow_tree_checker.h"
#include "store/values/value_tree.h"
#include "store/values/value_tree_traits.h"

namespace passpersist::store_internal {

// The expected content of a tree: values that are not computed, and labels.
struct ValueRow {
  Value value;
  std::string label;
};
using ValueModel = std::vector<ValueRow>;

// Expects that the dirs count the values below their children.
//
// Used by one thread at a time.
class ValueTreeChecker : public CowTreeChecker<ValueTreeTraits> {
 public:
  explicit ValueTreeChecker(const ValueTree& tree);

  // Expects the values of `model`, and nothing else, and that a cursor finds
  // them.
  void ExpectHolds(const ValueModel& model) const;

  // The number of pages with values of several types.
  size_t mixed_pages() const;
};

// The tree of `model`, loaded value by value.
ValueTree LoadValues(const ValueModel& model);

// Loads a tree, and frees it in the destructor.
class LoadedValues : public OwnedTree<ValueTreeTraits> {
 public:
  explicit LoadedValues(const ValueModel& model)
      : OwnedTree(LoadValues(model)) {}
};

// The values of a column of counters.
inline ValueModel Counters(uint32_t count) {
  ValueModel model;
  for (uint32_t i = 0; i < count; ++i) model.push_back({Counter32{i}, ""});
  return model;
}

}  // namespace passpersist::store_internal

#endif  // STORE_VALUES_TESTING_VALUE_TREE_CHECKER_H_
