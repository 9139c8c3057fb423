// SPDX-License-Identifier: Apache-2.0

#include "store/trie/trie_editor.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <random>
#include <set>
#include <vector>

#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "store/trie/testing/trie_checker.h"
#include "store/trie/trie_inner.h"
#include "store/trie/trie_leaf.h"

namespace passpersist::store_internal {
namespace {

std::set<Oid> Column(const Oid& column, uint32_t rows) {
  std::set<Oid> suffixes;
  for (uint32_t row = 1; row <= rows; ++row) {
    suffixes.insert(Concat(column, {row}));
  }
  return suffixes;
}

std::set<Oid> Table(uint32_t columns, const std::set<Oid>& rows) {
  std::set<Oid> suffixes;
  for (uint32_t column = 1; column <= columns; ++column) {
    for (const Oid& row : rows) suffixes.insert(Concat({1, column}, row));
  }
  return suffixes;
}

// Puts or erases `count` random suffixes of `pool`, whichever is possible.
void EditAtRandom(const std::vector<Oid>& pool, size_t count,
                  std::mt19937* random, CheckedTrie* trie) {
  std::set<Oid> puts;
  std::set<Oid> erases;
  for (size_t i = 0; i < count; ++i) {
    const Oid& suffix = pool[(*random)() % pool.size()];
    (trie->suffixes().count(suffix) > 0 ? erases : puts).insert(suffix);
  }
  trie->Edit(puts, erases);
}

TEST(TrieEditorTest, AddsAndErasesKeysOneByOne) {
  std::mt19937 random(1);
  std::vector<Oid> suffixes;
  for (int i = 0; i < 700; ++i) suffixes.push_back(RandomOid(&random, 4, 12));
  CheckedTrie trie;
  for (const Oid& suffix : suffixes) {
    if (trie.suffixes().count(suffix) == 0) trie.Edit({suffix}, {});
    if (random() % 50 == 0) trie.Check();
  }
  trie.Check();
  std::shuffle(suffixes.begin(), suffixes.end(), random);
  for (const Oid& suffix : suffixes) {
    if (trie.suffixes().count(suffix) > 0) trie.Edit({}, {suffix});
    if (random() % 50 == 0) trie.Check();
  }
  EXPECT_TRUE(trie.suffixes().empty());
  trie.Check();
}

TEST(TrieEditorTest, AppliesBatchesOfAnySize) {
  std::mt19937 random(2);
  for (const size_t max_size : {1, 2, 5}) {
    for (const uint32_t max_arc : {8u, 400u, 20000u}) {
      std::vector<Oid> pool;
      for (int i = 0; i < 2000; ++i) {
        pool.push_back(RandomOid(&random, max_size, max_arc));
      }
      CheckedTrie trie;
      for (const size_t count : {1, 3000, 3, 100, 2000, 1, 8000, 300}) {
        EditAtRandom(pool, count, &random, &trie);
        trie.Check();
      }
    }
  }
}

TEST(TrieEditorTest, KeepsTheInvariantsOfATrieOfManyLeaves) {
  std::mt19937 random(3);
  std::vector<Oid> pool;
  for (int i = 0; i < 20000; ++i) {
    pool.push_back({RandomArc(&random, 1000), RandomArc(&random, 1000),
                    RandomArc(&random, 100000)});
  }
  CheckedTrie trie;
  trie.Build(std::set<Oid>(pool.begin(), pool.begin() + 12000));
  for (const size_t count : {1, 500, 5000, 20000, 7, 30000}) {
    EditAtRandom(pool, count, &random, &trie);
    trie.Check();
  }
}

TEST(TrieEditorTest, ColumnsStaySharedWhenARowIsAddedOrErasedInAllOfThem) {
  CheckedTrie trie;
  trie.Build(Table(20, Column({}, 500)));
  const size_t memory = trie.memory();
  for (const uint32_t row : {501u, 250u, 1u}) {
    const std::set<Oid> cells = Table(20, {{row}});
    const bool is_new = row == 501;
    trie.Edit(is_new ? cells : std::set<Oid>(),
              is_new ? std::set<Oid>() : cells);
    trie.Check();
    EXPECT_LT(trie.memory(), memory + 1000) << row;
  }
}

TEST(TrieEditorTest, AFilledGapLeavesNoTrace) {
  CheckedTrie trie;
  trie.Build(Column({1, 1}, 2000));
  const size_t memory = trie.memory();
  std::mt19937 random(4);
  std::vector<Oid> rows;
  for (uint32_t row = 1; row <= 2000; ++row) rows.push_back({1, 1, row});
  std::shuffle(rows.begin(), rows.end(), random);
  for (const Oid& row : rows) trie.Edit({}, {row});
  EXPECT_TRUE(trie.suffixes().empty());
  std::shuffle(rows.begin(), rows.end(), random);
  for (const Oid& row : rows) trie.Edit({row}, {});
  trie.Check();
  EXPECT_LT(trie.memory(), memory + 1000);
}

TEST(TrieEditorTest, AMissingCellLeavesTheOtherRowsShared) {
  std::mt19937 random(5);
  std::set<Oid> rows;
  while (rows.size() < 1000) rows.insert(RandomOid(&random, 20, 256));
  CheckedTrie trie;
  trie.Build(Table(10, rows));
  const size_t memory = trie.memory();
  const Oid cell = Concat({1, 4}, *std::next(rows.begin(), 500));
  trie.Edit({}, {cell});
  trie.Check();
  EXPECT_LT(trie.memory(), memory + 1000);
  trie.Edit({cell}, {});
  trie.Check();
  EXPECT_LT(trie.memory(), memory + 500);
}

TEST(TrieEditorTest, CopiesOnlyThePathToAChange) {
  std::mt19937 random(6);
  std::set<Oid> suffixes;
  while (suffixes.size() < 20000) {
    suffixes.insert({RandomArc(&random, 100000), RandomArc(&random, 4294967295),
                     RandomArc(&random, 4294967295)});
  }
  CheckedTrie trie;
  trie.Build(suffixes);
  for (int i = 0; i < 50; ++i) {
    trie.Edit({{RandomArc(&random, 100000), RandomArc(&random, 4294967295),
                RandomArc(&random, 4294967295)}},
              {});
    EXPECT_LE(trie.garbage(), 5);
  }
}

}  // namespace
}  // namespace passpersist::store_internal
