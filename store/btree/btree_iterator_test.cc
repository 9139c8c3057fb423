// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "gtest/gtest.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/testing/allocation_count.h"
#include "passpersist/value.h"
#include "store/btree/key_cursor.h"
#include "store/btree/testing/btree_checker.h"
#include "store/version/tree_iterator.h"

namespace passpersist::store_internal {
namespace {

using passpersist_testing::AllocationCount;
using BtreeIterator = TreeIterator<KeyCursor>;

// Suffixes of many lengths and values of several types, in a tree of several
// levels.
const TreeModel& Model() {
  static const auto* const kModel = [] {
    auto* const model = new TreeModel;
    std::mt19937 random(3);
    for (int i = 0; i < 20000; ++i) {
      Oid oid;
      for (size_t size = 1 + random() % 6; size > 0; --size) {
        oid.Append(random() % 3 == 0 ? random() : random() % 4);
      }
      const uint32_t number = random();
      Value value = Counter64{number};
      if (oid[0] % 2 == 0) value = OctetString{std::string(number % 50, 'x')};
      if (oid[0] % 4 == 1) value = Gauge32{number};
      (*model)[oid] = {value, number % 5 == 0 ? oid.ToString() : ""};
    }
    return model;
  }();
  return *kModel;
}

void ExpectAt(const BtreeIterator& iterator, TreeModel::const_iterator row) {
  if (row == Model().end()) {
    EXPECT_FALSE(iterator.Valid());
    return;
  }
  ASSERT_TRUE(iterator.Valid());
  ASSERT_EQ(iterator.suffix(), row->first);
  ASSERT_EQ(std::get<Value>(iterator.value()), row->second.value);
  ASSERT_EQ(iterator.label(), row->second.label);
}

TEST(BtreeIteratorTest, WalksEverythingInOrder) {
  const LoadedTree loaded(Model());
  BtreeIterator iterator(nullptr, loaded.tree());
  EXPECT_FALSE(iterator.Valid());
  iterator.SeekToFirst();
  for (auto row = Model().begin(); row != Model().end(); ++row) {
    ExpectAt(iterator, row);
    iterator.Next();
  }
  EXPECT_FALSE(iterator.Valid());
}

TEST(BtreeIteratorTest, WalksWithoutReadingEachEntry) {
  const LoadedTree loaded(Model());
  BtreeIterator iterator(nullptr, loaded.tree());
  iterator.SeekToFirst();
  size_t i = 0;
  for (auto row = Model().begin(); row != Model().end(); ++row, ++i) {
    if (i % 97 == 0) ExpectAt(iterator, row);
    iterator.Next();
  }
}

TEST(BtreeIteratorTest, SeeksNearAndFar) {
  const LoadedTree loaded(Model());
  BtreeIterator iterator(nullptr, loaded.tree());
  std::vector<Oid> suffixes;
  for (const auto& [suffix, row] : Model()) suffixes.push_back(suffix);
  std::mt19937 random(4);
  size_t i = 0;
  for (int round = 0; round < 20000; ++round) {
    if (random() % 4 == 0) i = random() % suffixes.size();
    Oid suffix = suffixes[(i + random() % 4) % suffixes.size()];
    if (random() % 3 == 0) suffix.Append(0);
    if (random() % 3 == 0)
      suffix = Oid(suffix.ArcsFrom(0).first(suffix.size() - 1));
    iterator.Seek(suffix);
    ExpectAt(iterator, Model().lower_bound(suffix));
    if (iterator.Valid() && random() % 2 == 0) iterator.Next();
    if (HasFailure()) return;
  }
}

TEST(BtreeIteratorTest, SeekingTheNextEntryIsAStep) {
  const LoadedTree loaded(Model());
  BtreeIterator iterator(nullptr, loaded.tree());
  iterator.SeekToFirst();
  for (auto row = Model().begin(); row != Model().end(); ++row) {
    iterator.Seek(row->first);
    ExpectAt(iterator, row);
    Oid next = row->first;
    next.Append(0);
    iterator.Seek(next);
    ExpectAt(iterator, Model().lower_bound(next));
  }
}

TEST(BtreeIteratorTest, DoesNotAllocateAfterTheFirstWalk) {
  const LoadedTree loaded(Model());
  BtreeIterator iterator(nullptr, loaded.tree());
  const Oid somewhere = {1, 2, 3};
  size_t before = 0;
  for (int round = 0; round < 2; ++round) {
    before = AllocationCount();
    size_t sum = 0;
    for (iterator.SeekToFirst(); iterator.Valid(); iterator.Next()) {
      sum += iterator.suffix().size() + iterator.value().index() +
             iterator.label().size();
    }
    iterator.Seek(somewhere);
    EXPECT_GT(sum, 0);
  }
  EXPECT_EQ(AllocationCount(), before);
}

}  // namespace
}  // namespace passpersist::store_internal
