// SPDX-License-Identifier: Apache-2.0

#include "store/trie/trie_builder.h"

#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "store/trie/testing/trie_checker.h"
#include "store/trie/trie_inner.h"
#include "store/trie/trie_leaf.h"

namespace passpersist::store_internal {
namespace {

using Kind = TrieNode::Kind;

// `columns` columns of rows 1 to `rows`, below 1.
std::set<Oid> Table(uint32_t columns, uint32_t rows) {
  std::set<Oid> suffixes;
  for (uint32_t column = 1; column <= columns; ++column) {
    for (uint32_t row = 1; row <= rows; ++row)
      suffixes.insert({1, column, row});
  }
  return suffixes;
}

TEST(TrieBuilderTest, MakesNoNodeOfNoKeys) {
  CheckedTrie trie;
  trie.Build({});
  trie.Check();
}

TEST(TrieBuilderTest, HoldsOneKey) {
  CheckedTrie trie;
  trie.Build({{1, 2, 3}});
  trie.Check();
}

TEST(TrieBuilderTest, StoresTheRowsOfATableOnce) {
  CheckedTrie trie;
  trie.Build(Table(100, 500));
  trie.Check();
  EXPECT_LT(trie.memory(), 4000);
}

TEST(TrieBuilderTest, StoresLongIndexesOnceForAllColumns) {
  std::mt19937 random(1);
  std::set<Oid> rows;
  while (rows.size() < 1000) rows.insert(RandomOid(&random, 20, 256));
  const auto memory = [&](uint32_t columns) {
    std::set<Oid> suffixes;
    for (uint32_t column = 1; column <= columns; ++column) {
      for (const Oid& row : rows) suffixes.insert(Concat({7, 1, column}, row));
    }
    CheckedTrie trie;
    trie.Build(suffixes);
    trie.Check();
    return trie.memory();
  };
  EXPECT_LT(memory(10), memory(1) + 1000);
}

TEST(TrieBuilderTest, StoresDenseRowsWithGapsAsBitmaps) {
  std::mt19937 random(1);
  std::set<Oid> suffixes;
  for (uint32_t row = 1; row <= 10000; ++row) {
    if (random() % 20 != 0) suffixes.insert({1, 1, row});
  }
  CheckedTrie trie;
  trie.Build(suffixes);
  trie.Check();
  EXPECT_LT(trie.memory(), suffixes.size() / 3);
}

TEST(TrieBuilderTest, DistinguishesGroupsThatDifferInOneKey) {
  for (const Oid& more :
       {Oid{1, 2, 301}, Oid{1, 2, 300, 0}, Oid{1, 2, 0}, Oid{1, 2},
        Oid{1, 2, 5, 7}, Oid{1, 3}, Oid{1, 2, 4294967295}}) {
    std::set<Oid> suffixes = Table(4, 300);
    suffixes.insert(more);
    CheckedTrie trie;
    trie.Build(suffixes);
    trie.Check();
  }
  for (const Oid& less : {Oid{1, 2, 1}, Oid{1, 2, 300}, Oid{1, 4, 300},
                          Oid{1, 2, 150}, Oid{1, 3, 2}}) {
    std::set<Oid> suffixes = Table(4, 300);
    suffixes.erase(less);
    CheckedTrie trie;
    trie.Build(suffixes);
    trie.Check();
  }
}

TEST(TrieBuilderTest, HoldsColumnsWithAlternatingRows) {
  std::set<Oid> suffixes;
  for (uint32_t column = 1; column <= 20; ++column) {
    for (uint32_t row = 1; row <= 500; ++row) {
      suffixes.insert({1, column, row * (column % 3 + 1), 4});
    }
  }
  CheckedTrie trie;
  trie.Build(suffixes);
  trie.Check();
}

TEST(TrieBuilderTest, HoldsRandomKeys) {
  std::mt19937 random(3);
  for (const size_t max_size : {1, 2, 3, 8, 128}) {
    for (const uint32_t max_arc : {2u, 5u, 300u, 70000u, 4294967295u}) {
      std::set<Oid> suffixes;
      for (int i = 0; i < 1000; ++i) {
        suffixes.insert(RandomOid(&random, max_size, max_arc));
      }
      CheckedTrie trie;
      trie.Build(suffixes);
      trie.Check();
    }
  }
}

TEST(TrieBuilderTest, HoldsNestedTables) {
  std::mt19937 random(4);
  std::set<Oid> suffixes;
  for (int i = 0; i < 20000; ++i) {
    suffixes.insert({1, RandomArc(&random, 4), RandomArc(&random, 40),
                     RandomArc(&random, 300)});
  }
  for (int i = 0; i < 300; ++i) {
    suffixes.insert(RandomOid(&random, 4, 5));
  }
  CheckedTrie trie;
  trie.Build(suffixes);
  trie.Check();
}

TEST(TrieBuilderTest, AddsNodes) {
  const std::set<Oid> rows = Table(1, 400);
  // Suffixes in addition to the columns {3, 2}, {3, 3} and {3, 5}.
  const std::vector<std::set<Oid>> others = {
      {},
      {{1}, {2, 7}, {3}, {3, 1, 5}},
      {{3, 2}},             // a prefix of the column
      {{3, 2, 0}},          // before the rows, below the prefix
      {{3, 2, 2}, {3, 4}},  // after the rows
      {{3, 3, 1, 400, 0}, {3, 3, 1, 400, 1}, {3, 5, 2}},
      {{3, 3, 1, 401}, {3, 6}, {4, 4, 4}},
  };
  for (const std::set<Oid>& other : others) {
    std::set<Oid> all = other;
    for (const uint32_t column : {2u, 3u, 5u}) {
      for (const Oid& row : rows) all.insert(Concat({3, column}, row));
    }
    CheckedTrie trie;
    trie.Make(
        [&](NodeRefs& nodes) {
          TrieBuilder table(&nodes);
          std::string last;
          for (const Oid& row : rows) {
            table.Add(Packed(row), last.empty() ? 0 : 2);
            last = Packed(row);
          }
          const TrieNode* const node = table.Finish();
          TrieBuilder builder(&nodes);
          Oid before;
          bool after_node = false;
          for (auto suffix = all.begin(); suffix != all.end(); ++suffix) {
            const bool is_row = suffix->size() == 4 &&
                                suffix->StartsWith({3}) &&
                                rows.count(Oid(suffix->ArcsFrom(2))) > 0;
            if (!is_row) {
              size_t arcs = 0;
              while (arcs < before.size() && arcs < suffix->size() &&
                     before[arcs] == (*suffix)[arcs]) {
                ++arcs;
              }
              const size_t shared =
                  Packed(Oid(before.arcs().first(arcs))).size();
              builder.Add(Packed(*suffix), after_node ? 0 : shared);
              after_node = false;
            } else if (suffix->back() == 1) {
              builder.AddNode(Packed({3, (*suffix)[1]}), node);
              after_node = true;
            }
            before = *suffix;
          }
          return builder.Finish();
        },
        all);
    trie.Check();
  }
}

}  // namespace
}  // namespace passpersist::store_internal
