// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_VALUES_VALUE_CURSOR_H_
#define STORE_VALUES_VALUE_CURSOR_H_

#include <cstddef>

#include "store/cow_tree/cow_cursor.h"
#include "store/values/value_dir.h"
#include "store/values/value_page.h"
#include "store/values/value_tree.h"
#include "store/values/value_tree_traits.h"

namespace passpersist::store_internal {

// A position in a ValueTree, found by its rank.
//
// Used by one thread at a time. Does not keep the blocks of the tree.
class ValueCursor : public CowCursor<ValueTreeTraits> {
 public:
  explicit ValueCursor(const ValueTree& tree) : CowCursor(tree) {}

  // Moves to the value of `rank`, or after the last value if there is none.
  // Begins to fetch the value, and does not read the page.
  void Seek(size_t rank) {
    Enter(nullptr, 0);
    if (rank >= tree().size) return;
    const ValuePage* const page = Descend([&](const ValueDir& dir) {
      const size_t i = dir.ChildFor(rank);
      rank -= dir.begin(i);
      return i;
    });
    Enter(page, rank);
    page->PrefetchValue(rank);
  }
};

}  // namespace passpersist::store_internal

#endif  // STORE_VALUES_VALUE_CURSOR_H_
