// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_VALUES_TESTING_VALUE_TREE_CHECKER_H_
#define STORE_VALUES_TESTING_VALUE_TREE_CHECKER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "passpersist/value.h"
#include "store/values/value_page.h"
#include "store/values/value_tree.h"
#include "store/version/block.h"

namespace passpersist::store_internal {

// What a tree should hold: values that are not lazy, and labels.
struct ValueRow {
  Value value;
  std::string label;
};
using ValueModel = std::vector<ValueRow>;

// Finds the pages of a tree by itself and expects its invariants to hold.
//
// Used by one thread at a time.
class ValueTreeChecker {
 public:
  explicit ValueTreeChecker(const ValueTree& tree);

  // Expects the values of `model`, and nothing else.
  void ExpectHolds(const ValueModel& model) const;

  // How full the pages are: 1 if each has all the values that it can have.
  double fill() const;

  // How many pages hold values of several types.
  size_t mixed_pages() const;

  size_t blocks() const { return parts_; }

 private:
  // Returns how many values lie below.
  size_t Visit(const Block& block, int level, bool is_root);

  const ValueTree tree_;
  std::vector<const ValuePage*> pages_;
  size_t parts_ = 0;
  size_t memory_ = 0;
};

// Loads a tree, one value after the other; frees it when it goes.
//
// Used by one thread at a time.
class LoadedValues {
 public:
  explicit LoadedValues(const ValueModel& model);
  LoadedValues(const LoadedValues&) = delete;
  LoadedValues& operator=(const LoadedValues&) = delete;
  ~LoadedValues() { FreeBlocks(tree_); }

  const ValueTree& tree() const { return tree_; }

 private:
  ValueTree tree_;
};

// A column of a table.
inline ValueModel Counters(uint32_t count) {
  ValueModel model;
  for (uint32_t i = 0; i < count; ++i) model.push_back({Counter32{i}, ""});
  return model;
}

}  // namespace passpersist::store_internal

#endif  // STORE_VALUES_TESTING_VALUE_TREE_CHECKER_H_
