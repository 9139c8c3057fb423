// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_VALUES_VALUE_CURSOR_H_
#define STORE_VALUES_VALUE_CURSOR_H_

#include <array>
#include <cstddef>

#include "absl/strings/string_view.h"
#include "passpersist/encoding/packed_value.h"
#include "store/values/value_dir.h"
#include "store/values/value_page.h"
#include "store/values/value_tree.h"

namespace passpersist::store_internal {

// A position in a tree: a page, a place in it, and the dirs above with the
// position of the child in each. Next() within a page reads only the page.
//
// Used by one thread at a time. Does not keep the blocks of the tree.
class ValueCursor {
 public:
  // A new cursor is after the last value.
  explicit ValueCursor(const ValueTree& tree) : tree_(tree) {}

  bool Valid() const { return page_ != nullptr; }

  // Moves to the value of `rank`, or after the last value if there is none.
  // Begins to fetch the value.
  void Seek(size_t rank);

  // This and the functions below require Valid().
  void Next() {
    if (++place_ == page_->count()) NextPage();
  }

  // Valid as long as the page.
  internal::PackedValue value() const { return page_->value(place_); }
  absl::string_view label() const { return page_->label(place_); }

 private:
  // A dir has at least 32 children, except the root, and at most 2^32 values.
  static constexpr size_t kMaxHeight = 8;

  // A dir, and the child that the cursor is below.
  struct Step {
    const ValueDir* dir;
    size_t child;
  };

  void NextPage();

  const ValueTree tree_;
  std::array<Step, kMaxHeight> steps_;  // by level, from 1 on
  const ValuePage* page_ = nullptr;     // null: after the last value
  size_t place_ = 0;
};

}  // namespace passpersist::store_internal

#endif  // STORE_VALUES_VALUE_CURSOR_H_
