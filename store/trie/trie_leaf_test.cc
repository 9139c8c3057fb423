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

using OwnedLeaf = std::unique_ptr<const TrieLeaf, FreeBlock>;

OwnedLeaf MakeKeys(const std::vector<Oid>& names) {
  std::vector<std::string> packed;
  for (const Oid& name : names) packed.push_back(Packed(name));
  const std::vector<absl::string_view> keys(packed.begin(), packed.end());
  return OwnedLeaf(TrieLeaf::MakeKeys(1, keys));
}

std::vector<Oid> NamesOf(const TrieLeaf& leaf) {
  std::vector<Oid> names;
  for (uint32_t at = leaf.begin(); at != leaf.end(); at = leaf.Next(at)) {
    std::string key(leaf.KeyBound(at), 0);
    key.resize(static_cast<size_t>(leaf.CopyKey(at, key.data()) - key.data()));
    names.push_back(Unpacked(key));
  }
  return names;
}

// Expects that the leaf finds and compares as a set of `names` does.
void ExpectFinds(const TrieLeaf& leaf, const std::set<Oid>& names,
                 const std::vector<Oid>& sought) {
  for (const Oid& oid : sought) {
    const std::string key = Packed(oid);
    const auto next = names.lower_bound(oid);
    const TrieLeaf::Place place = leaf.Find(key);
    EXPECT_EQ(place.found, names.count(oid) > 0) << oid;
    EXPECT_EQ(place.rank, std::distance(names.begin(), next)) << oid;
    if (next == names.end()) {
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

TEST(TrieLeafTest, ARunHoldsNamesThatCountUp) {
  const OwnedLeaf leaf(TrieLeaf::MakeRange(1, 246, 5));
  EXPECT_EQ(leaf->size(), 5);
  EXPECT_THAT(NamesOf(*leaf),
              ElementsAre(Oid{246}, Oid{247}, Oid{248}, Oid{249}, Oid{250}));
  ExpectFinds(*leaf, {{246}, {247}, {248}, {249}, {250}},
              {{}, {0}, {245}, {246}, {246, 0}, {248}, {250}, {250, 1}, {251}});
}

TEST(TrieLeafTest, ARunOfMillionsTakesNoMoreThanOneOfTwo) {
  const OwnedLeaf two(TrieLeaf::MakeRange(1, 1, 2));
  const OwnedLeaf millions(TrieLeaf::MakeRange(1, 1, 10000000));
  EXPECT_EQ(millions->memory(), two->memory());
}

TEST(TrieLeafTest, BitsHoldNamesWithGaps) {
  const std::vector<uint32_t> arcs = {1000, 1001, 1063, 1064, 1500, 3047};
  const OwnedLeaf leaf(TrieLeaf::MakeBitmap(1, arcs));
  std::set<Oid> names;
  for (const uint32_t arc : arcs) names.insert(Oid({arc}));
  EXPECT_THAT(NamesOf(*leaf), ElementsAreArray(names));
  ExpectFinds(*leaf, names,
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

TEST(TrieLeafTest, KeysHoldNamesOfAnyForm) {
  const std::vector<Oid> names = {
      {1}, {1, 5, 4294967295}, {1, 6}, {70000, 1, 2, 3, 4, 5}};
  const OwnedLeaf leaf = MakeKeys(names);
  EXPECT_THAT(NamesOf(*leaf), ElementsAreArray(names));
  ExpectFinds(*leaf, {names.begin(), names.end()},
              {{}, {0, 9}, {1}, {1, 5}, {1, 6}, {1, 6, 0}, {70000}, {70001}});
}

TEST(TrieLeafTest, ASubsetHoldsSomeOfTheNamesOfAnotherLeaf) {
  std::vector<Oid> all;
  for (uint32_t i = 0; i < TrieLeaf::kMaxKeys; ++i) all.push_back({i, i + 1});
  const OwnedLeaf leaf = MakeKeys(all);
  const std::vector<uint32_t> places = {1, 63, 64, 70, TrieLeaf::kMaxKeys - 1};
  const OwnedLeaf subset(TrieLeaf::MakeMasked(2, leaf.get(), places));
  std::set<Oid> names;
  for (const uint32_t place : places) names.insert(all[place]);
  EXPECT_THAT(NamesOf(*subset), ElementsAreArray(names));
  ExpectFinds(*subset, names, all);
  ExpectFinds(*subset, names, {{}, {63}, {63, 64, 0}, {95, 96, 1}});
  EXPECT_LT(subset->memory(), leaf->memory() / 2);
}

}  // namespace
}  // namespace passpersist::store_internal
