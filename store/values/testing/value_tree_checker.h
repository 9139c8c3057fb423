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

// The expected content of a tree: values that are not computed, and labels.
struct ValueRow {
  Value value;
  std::string label;
};
using ValueModel = std::vector<ValueRow>;

// Visits all blocks of a tree and expects that its invariants hold.
//
// Used by one thread at a time.
class ValueTreeChecker {
 public:
  explicit ValueTreeChecker(const ValueTree& tree);

  // Expects the values of `model`, and nothing else.
  void ExpectHolds(const ValueModel& model) const;

  // The fill factor of the pages: 1 if all pages are full.
  double fill() const;

  // The number of pages with values of several types.
  size_t mixed_pages() const;

  size_t blocks() const { return blocks_; }

 private:
  // Returns the number of values below.
  size_t Visit(const Block& block, int level, bool is_root);

  const ValueTree tree_;
  std::vector<const ValuePage*> pages_;
  size_t blocks_ = 0;
  size_t memory_ = 0;
};

// Loads a tree value by value, and frees it in the destructor.
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

// The values of a column of counters.
inline ValueModel Counters(uint32_t count) {
  ValueModel model;
  for (uint32_t i = 0; i < count; ++i) model.push_back({Counter32{i}, ""});
  return model;
}

}  // namespace passpersist::store_internal

#endif  // STORE_VALUES_TESTING_VALUE_TREE_CHECKER_H_
