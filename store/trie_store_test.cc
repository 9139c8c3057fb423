// SPDX-License-Identifier: Apache-2.0

#include "store/trie_store.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/row_index.h"
#include "passpersist/value.h"
#include "store/testing/store_conformance_test_lib.h"

namespace passpersist_testing {
namespace {

using passpersist::Changes;
using passpersist::Concat;
using passpersist::Contents;
using passpersist::Counter32;
using passpersist::Integer32;
using passpersist::Oid;
using passpersist::RowIndex;
using passpersist::Snapshot;
using passpersist::TrieStore;
using passpersist::Value;

INSTANTIATE_TEST_SUITE_P(TrieStore, StoreConformanceTest,
                         testing::Values(TrieStore::Factory()));

// The indexes of `rows` rows, each of up to 20 arcs.
std::vector<Oid> LongIndexes(size_t rows) {
  std::mt19937 random(1);
  std::set<Oid> indexes;
  while (indexes.size() < rows) {
    Oid index;
    for (size_t size = 4 + random() % 17; size > 0; --size) {
      index.Append(static_cast<uint32_t>(random() % 256));
    }
    indexes.insert(index);
  }
  return {indexes.begin(), indexes.end()};
}

double BytesAnEntry(const TrieStore& store) {
  return static_cast<double>(store.ApproximateMemory()) /
         static_cast<double>(store.snapshot()->size());
}

TEST(TrieStoreTest, ATableTakesLittleMoreThanItsValues) {
  TrieStore store;
  Contents contents;
  for (uint32_t column = 1; column <= 50; ++column) {
    for (uint32_t row = 1; row <= 2000; ++row) {
      contents.Put({1, column, row}, Counter32{row});
    }
  }
  ASSERT_TRUE(store.Replace(std::move(contents)).ok());
  EXPECT_LT(BytesAnEntry(store), sizeof(uint32_t) + 0.5);
}

TEST(TrieStoreTest, AFewMissingCellsCostLessThanAByteAnEntry) {
  std::mt19937 random(2);
  TrieStore store;
  Contents contents;
  for (uint32_t column = 1; column <= 50; ++column) {
    for (uint32_t row = 1; row <= 4000; ++row) {
      if (random() % 20 == 0) continue;
      contents.Put({1, column, row}, Counter32{row});
    }
  }
  ASSERT_TRUE(store.Replace(std::move(contents)).ok());
  EXPECT_LT(BytesAnEntry(store), sizeof(uint32_t) + 1.0);
}

TEST(TrieStoreTest, SparseColumnsOfARowIndexShareItsLongIndexes) {
  const std::vector<Oid> indexes = LongIndexes(4000);
  const auto rows = RowIndex::Make(indexes);
  ASSERT_TRUE(rows.ok());
  std::mt19937 random(3);
  TrieStore store;
  Contents contents;
  std::vector<StoreRow> expected;
  for (uint32_t column = 1; column <= 50; ++column) {
    std::vector<std::optional<Counter32>> values(indexes.size());
    for (uint32_t row = 0; row < indexes.size(); ++row) {
      if (random() % 20 == 0) continue;
      values[row] = Counter32{row};
      expected.push_back(
          {Concat({1, column}, indexes[row]), Counter32{row}, ""});
    }
    contents.PutColumn({1, column}, *rows, std::move(values));
  }
  ASSERT_TRUE(store.Replace(std::move(contents)).ok());
  EXPECT_EQ(ReadRows(*store.snapshot()), expected);
  EXPECT_LT(BytesAnEntry(store), sizeof(uint32_t) + 1.5);
}

TEST(TrieStoreTest, ReplacingColumnsReusesTheirRows) {
  const auto rows = RowIndex::Make(LongIndexes(3000));
  ASSERT_TRUE(rows.ok());
  TrieStore store;
  const auto refresh = [&](uint32_t value) {
    Contents contents;
    for (const uint32_t column : {1u, 2u, 7u}) {
      contents.PutColumn({1, column}, *rows,
                         std::vector<Counter32>((*rows)->size(), {value}));
    }
    contents.Put({2, 0}, Integer32{1});
    ASSERT_TRUE(store.Replace(std::move(contents)).ok());
  };
  refresh(1);
  const size_t memory = store.ApproximateMemory();
  const std::shared_ptr<const Snapshot> first = store.snapshot();
  const std::vector<StoreRow> first_rows = ReadRows(*first);
  refresh(2);
  EXPECT_EQ(store.ApproximateMemory(), memory);
  EXPECT_EQ(ReadRows(*first), first_rows);
  EXPECT_EQ(ReadRows(*store.snapshot()).front().value, Value(Counter32{2}));
}

TEST(TrieStoreTest, ColumnsStaySharedWhenARowIsAddedOrRemovedInAllOfThem) {
  TrieStore store;
  const std::vector<Oid> indexes = LongIndexes(1000);
  Contents contents;
  for (uint32_t column = 1; column <= 20; ++column) {
    for (const Oid& index : indexes) {
      contents.Put(Concat({1, column}, index), Counter32{column});
    }
  }
  ASSERT_TRUE(store.Replace(std::move(contents)).ok());
  const double before = BytesAnEntry(store);
  for (int i = 0; i < 100; ++i) {
    Changes changes;
    for (uint32_t column = 1; column <= 20; ++column) {
      const Oid& index = indexes[static_cast<size_t>(i) * 7];
      changes.Erase(Concat({1, column}, index));
      Oid other = index;
      other.Append(5);
      changes.Put(Concat({1, column}, other), Counter32{1});
    }
    ASSERT_TRUE(store.Apply(changes).ok());
  }
  EXPECT_LT(BytesAnEntry(store), before + 0.5);
}

}  // namespace
}  // namespace passpersist_testing
