// SPDX-License-Identifier: Apache-2.0

#include "store/values/value_cursor.h"

#include <cstddef>

#include "gtest/gtest.h"
#include "passpersist/value.h"
#include "store/values/testing/value_tree_checker.h"
#include "store/values/value_tree.h"

namespace passpersist::store_internal {
namespace {

TEST(ValueCursorTest, IsAfterTheLastValueAtFirst) {
  const LoadedValues loaded(Counters(3));
  const ValueCursor cursor(loaded.tree());
  EXPECT_FALSE(cursor.Valid());
}

TEST(ValueCursorTest, FindsNothingInAnEmptyTree) {
  ValueCursor cursor{ValueTree()};
  cursor.Seek(0);
  EXPECT_FALSE(cursor.Valid());
}

TEST(ValueCursorTest, WalksFromAnyRankToTheEnd) {
  for (const size_t size : {1, 240, 241, 100000}) {
    ValueModel model = Counters(static_cast<uint32_t>(size));
    model[size / 2].label = "half";
    const LoadedValues loaded(model);
    ValueCursor cursor(loaded.tree());
    for (size_t from = 0; from < size; from += 1 + size / 7) {
      cursor.Seek(from);
      for (size_t rank = from; rank < size; ++rank) {
        ASSERT_TRUE(cursor.Valid());
        ASSERT_EQ(cursor.value().number, rank);
        ASSERT_EQ(cursor.label(), model[rank].label);
        cursor.Next();
      }
      EXPECT_FALSE(cursor.Valid());
    }
    cursor.Seek(size - 1);
    EXPECT_TRUE(cursor.Valid());
    cursor.Seek(size);
    EXPECT_FALSE(cursor.Valid());
  }
}

}  // namespace
}  // namespace passpersist::store_internal
