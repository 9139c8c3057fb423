// SPDX-License-Identifier: Apache-2.0

#include "store/values/testing/value_tree_checker.h"

#include <variant>

#include "gtest/gtest.h"
#include "passpersist/encoding/packed_value.h"
#include "store/values/value_builder.h"
#include "store/values/value_cursor.h"
#include "store/values/value_dir.h"
#include "store/values/value_page.h"

namespace passpersist::store_internal {

ValueTreeChecker::ValueTreeChecker(const ValueTree& tree)
    : CowTreeChecker(tree) {
  for (const auto& [child, level] : inner_pages()) {
    const auto& dir = static_cast<const ValueDir&>(*child.page);
    EXPECT_EQ(child.size, dir.size());
    size_t size = 0;
    for (size_t i = 0; i < dir.count(); ++i) {
      EXPECT_EQ(dir.begin(i), size);
      size += level == 1 ? static_cast<const ValuePage*>(dir.child(i))->count()
                         : static_cast<const ValueDir*>(dir.child(i))->size();
      EXPECT_EQ(dir.end(i), size);
    }
  }
}

void ValueTreeChecker::ExpectHolds(const ValueModel& model) const {
  ASSERT_EQ(tree().size, model.size());
  size_t rank = 0;
  internal::ValueUnpacker unpacker;
  ValueCursor cursor(tree());
  for (const ValuePage* const page : leaves()) {
    for (size_t i = 0; i < page->count(); ++i, ++rank) {
      ASSERT_EQ(std::get<Value>(unpacker.Unpack(page->value(i))),
                model[rank].value)
          << rank;
      ASSERT_EQ(page->label(i), model[rank].label) << rank;
      // A cursor finds the edges and the middle of each page.
      if (i > 0 && i + 1 < page->count() && i != page->count() / 2) continue;
      cursor.Seek(rank);
      ASSERT_TRUE(cursor.Valid()) << rank;
      ASSERT_EQ(std::get<Value>(unpacker.Unpack(cursor.value())),
                model[rank].value)
          << rank;
    }
  }
}

size_t ValueTreeChecker::mixed_pages() const {
  size_t mixed = 0;
  for (const ValuePage* const page : leaves()) {
    if (!page->HoldsOnly(page->value(0).tag)) ++mixed;
  }
  return mixed;
}

ValueTree LoadValues(const ValueModel& model) {
  ValueBuilder builder(1);
  internal::ValuePacker packer;
  for (const auto& [value, label] : model) {
    builder.Add(packer.Pack(value), label);
  }
  return builder.Finish();
}

}  // namespace passpersist::store_internal
