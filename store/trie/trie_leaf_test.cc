// SPDX-License-Identifier: Apache-2.0

#include "store/trie/trie_leaf.h"

#include <cstdint>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "store/trie/testing/trie_checker.h"

namespace passpersist::store_internal {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

using LeafPtr = std::unique_ptr<const TrieLeaf, FreeBlock>;

LeafPtr MakeKeys(const std::vector<Oid>& suffixes) {
  std::vector<std::string> packed;
  for (const Oid& suffix : suffixes) packed.push_back(Packed(suffix));
  const std::vector<absl::string_view> keys(packed.begin(), packed.end());
  return LeafPtr(TrieLeaf::MakeKeys(1, keys));
}

std::vector<Oid> SuffixesOf(const TrieLeaf& leaf) {
  std::vector<Oid> suffixes;
  for (uint32_t at = leaf.begin(); at != leaf.end(); at = leaf.Next(at)) {
    std::string key(leaf.KeyBound(at), 0);
    key.resize(static_cast<size_t>(leaf.CopyKey(at, key.data()) - key.data()));
    suffixes.push_back(Unpacked(key));
  }
  return suffixes;
}

// Expects that the leaf finds and compares `targets` like a set of `suffixes`.
void ExpectFinds(const TrieLeaf& leaf, const std::set<Oid>& suffixes,
                 const std::vector<Oid>& targets) {
  for (const Oid& oid : targets) {
    const std::string key = Packed(oid);
    const auto next = suffixes.lower_bound(oid);
    const TrieLeaf::Place place = leaf.Find(key);
    EXPECT_EQ(place.found, suffixes.count(oid) > 0) << oid;
    EXPECT_EQ(place.rank, std::distance(suffixes.begin(), next)) << oid;
    if (next == suffixes.end()) {
      EXPECT_EQ(place.at, leaf.end()) << oid;
      continue;
    }
    ASSERT_NE(place.at, leaf.end()) << oid;
    const int order = leaf.Compare(place.at, key);
    EXPECT_EQ(order == 0, place.found) << oid;
    EXPECT_GE(order, 0) << oid;
    EXPECT_LT(leaf.Compare(place.at, Packed({4294967295})), 0) << oid;
  }
}

TEST(TrieLeafTest, ARangeHoldsConsecutiveKeys) {
  const LeafPtr leaf(TrieLeaf::MakeRange(1, 246, 5));
  EXPECT_EQ(leaf->size(), 5);
  EXPECT_THAT(SuffixesOf(*leaf),
              ElementsAre(Oid{246}, Oid{247}, Oid{248}, Oid{249}, Oid{250}));
  ExpectFinds(*leaf, {{246}, {247}, {248}, {249}, {250}},
              {{}, {0}, {245}, {246}, {246, 0}, {248}, {250}, {250, 1}, {251}});
}

TEST(TrieLeafTest, ARangeOfMillionsTakesNoMoreThanARangeOfTwo) {
  const LeafPtr two(TrieLeaf::MakeRange(1, 1, 2));
  const LeafPtr millions(TrieLeaf::MakeRange(1, 1, 10000000));
  EXPECT_EQ(millions->memory(), two->memory());
}

TEST(TrieLeafTest, ABitmapHoldsKeysWithGaps) {
  const std::vector<uint32_t> arcs = {1000, 1001, 1063, 1064, 1500, 3047};
  const LeafPtr leaf(TrieLeaf::MakeBitmap(1, arcs));
  std::set<Oid> suffixes;
  for (const uint32_t arc : arcs) suffixes.insert(Oid({arc}));
  EXPECT_THAT(SuffixesOf(*leaf), ElementsAreArray(suffixes));
  ExpectFinds(*leaf, suffixes,
              {{},
               {999},
               {1000},
               {1000, 7},
               {1002},
               {1062},
               {1064, 0},
               {1499},
               {3046},
               {3047},
               {3047, 1},
               {3048},
               {9000}});
}

TEST(TrieLeafTest, AKeyLeafHoldsKeysOfAnyForm) {
  const std::vector<Oid> suffixes = {
      {1}, {1, 5, 4294967295}, {1, 6}, {70000, 1, 2, 3, 4, 5}};
  const LeafPtr leaf = MakeKeys(suffixes);
  EXPECT_THAT(SuffixesOf(*leaf), ElementsAreArray(suffixes));
  ExpectFinds(*leaf, {suffixes.begin(), suffixes.end()},
              {{}, {0, 9}, {1}, {1, 5}, {1, 6}, {1, 6, 0}, {70000}, {70001}});
}

TEST(TrieLeafTest, AMaskedLeafHoldsSomeKeysOfAnotherLeaf) {
  std::vector<Oid> all;
  for (uint32_t i = 0; i < TrieLeaf::kMaxKeys; ++i) all.push_back({i, i + 1});
  const LeafPtr leaf = MakeKeys(all);
  const std::vector<uint32_t> places = {1, 63, 64, 70, TrieLeaf::kMaxKeys - 1};
  const LeafPtr masked(TrieLeaf::MakeMasked(2, leaf.get(), places));
  std::set<Oid> suffixes;
  for (const uint32_t place : places) suffixes.insert(all[place]);
  EXPECT_THAT(SuffixesOf(*masked), ElementsAreArray(suffixes));
  ExpectFinds(*masked, suffixes, all);
  ExpectFinds(*masked, suffixes, {{}, {63}, {63, 64, 0}, {95, 96, 1}});
  EXPECT_LT(masked->memory(), leaf->memory() / 2);
}

}  // namespace
}  // namespace passpersist::store_internal
