// SPDX-License-Identifier: Apache-2.0

#include "store/trie/trie_cursor.h"

#include <cstdint>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "store/trie/node_refs.h"
#include "store/trie/testing/trie_checker.h"
#include "store/trie/testing/trie_node_factory.h"
#include "store/trie/trie_node.h"

namespace passpersist::store_internal {
namespace {

constexpr uint32_t kMaxArc = 4294967295;

Oid SuffixAt(const TrieCursor& cursor) {
  std::string key;
  cursor.AppendKey(&key);
  return Unpacked(key);
}

// A trie with every kind of node:
//
//   index
//     branch    1.1 ─┬─ range 10 to 12
//               1.2 ─┘
//               3   ─── branch
//                         1 ─── keys 1, 2.2
//                         7 ─── keys 7
//               4   ─── index
//                         keys 2, 2.1
//                         masked 5.5, 5.9 (of 5, 5.5, 5.9)
//     keys      6, 6.1, 9.9.9
//     bitmap    10, 12, 14
class TrieCursorTest : public testing::Test {
 protected:
  TrieCursorTest() {
    TrieNodeMaker make(&nodes_);
    const uint32_t places[] = {1, 2};
    const TrieNode* const masked = nodes_.Make(
        TrieLeaf::MakeMasked, make.Keys({{5}, {5, 5}, {5, 9}}), places);
    const uint32_t arcs[] = {10, 12, 14};
    root_ = make.Index(
        {{6}, {9, 9, 9, 9}},
        {make.Branch({{1, 1}, {1, 2}, {3}, {4}},
                     {range_, range_,
                      make.Branch({{1}, {7}},
                                  {make.Keys({{1}, {2, 2}}), make.Keys({{7}})}),
                      make.Index({{5}}, {make.Keys({{2}, {2, 1}}), masked})}),
         make.Keys({{6}, {6, 1}, {9, 9, 9}}),
         nodes_.Make(TrieLeaf::MakeBitmap, arcs)});
  }

  // All suffixes of up to three arcs, made of arcs in the trie and some
  // between.
  static std::vector<Oid> Targets() {
    constexpr uint32_t kArcs[] = {0, 1,  2,  3,  4,  5,  6,  7,
                                  9, 10, 11, 12, 13, 14, 15, kMaxArc};
    std::vector<Oid> targets = {{}};
    for (size_t i = 0; i < targets.size() && targets[i].size() < 3; ++i) {
      for (const uint32_t arc : kArcs) {
        targets.push_back(Concat(targets[i], {arc}));
      }
    }
    return targets;
  }

  // Expects that the cursor walks over all suffixes from `suffix` on.
  void ExpectWalkFrom(const Oid& suffix, TrieCursor* cursor) const {
    auto expected = suffixes_.lower_bound(suffix);
    auto rank = std::distance(suffixes_.begin(), expected);
    for (; expected != suffixes_.end(); ++expected, ++rank) {
      ASSERT_TRUE(cursor->Valid()) << suffix;
      ASSERT_EQ(SuffixAt(*cursor), *expected) << suffix;
      ASSERT_EQ(cursor->rank(), rank) << suffix;
      cursor->Next();
    }
    ASSERT_FALSE(cursor->Valid()) << suffix;
    ASSERT_EQ(cursor->rank(), rank) << suffix;
  }

  NodeRefs nodes_{1, 0};  // frees all nodes, since none gets a reference
  const TrieNode* const range_ = nodes_.Make(TrieLeaf::MakeRange, 10, 3);
  const TrieNode* root_ = nullptr;
  const std::set<Oid> suffixes_ = {
      {1, 1, 10}, {1, 1, 11}, {1, 1, 12},   {1, 2, 10}, {1, 2, 11},
      {1, 2, 12}, {3, 1, 1},  {3, 1, 2, 2}, {3, 7, 7},  {4, 2},
      {4, 2, 1},  {4, 5, 5},  {4, 5, 9},    {6},        {6, 1},
      {9, 9, 9},  {10},       {12},         {14}};
};

TEST_F(TrieCursorTest, IsAfterTheLastKeyAtFirst) {
  const TrieCursor cursor(root_);
  EXPECT_FALSE(cursor.Valid());
}

TEST_F(TrieCursorTest, FindsNothingInAnEmptyTrie) {
  TrieCursor cursor(nullptr);
  cursor.SeekToFirst();
  EXPECT_FALSE(cursor.Valid());
  EXPECT_EQ(cursor.rank(), 0);
  for (const Oid& oid : {Oid{}, Oid{1}}) {
    cursor.Seek(Packed(oid));
    EXPECT_FALSE(cursor.Valid());
    EXPECT_EQ(cursor.rank(), 0);
  }
}

TEST_F(TrieCursorTest, WalksFromTheFirstKeyToTheEnd) {
  TrieCursor cursor(root_);
  cursor.SeekToFirst();
  ExpectWalkFrom({}, &cursor);
}

TEST_F(TrieCursorTest, SeeksTheKeyOrTheNextOneAndWalksOn) {
  TrieCursor cursor(root_);
  for (const Oid& oid : Targets()) {
    cursor.Seek(Packed(oid));
    ASSERT_NO_FATAL_FAILURE(ExpectWalkFrom(oid, &cursor));
  }
}

TEST_F(TrieCursorTest, SeeksFromAnyPosition) {
  TrieCursor cursor(root_);
  for (const Oid& from : suffixes_) {
    for (const Oid& to : suffixes_) {
      cursor.Seek(Packed(from));
      cursor.Seek(Packed(to));
      ASSERT_EQ(SuffixAt(cursor), to) << "from " << from;
    }
    cursor.Seek(Packed({kMaxArc}));
    cursor.Seek(Packed(from));
    ASSERT_EQ(SuffixAt(cursor), from);
    cursor.SeekToFirst();
    ASSERT_EQ(SuffixAt(cursor), *suffixes_.begin()) << "from " << from;
    ASSERT_EQ(cursor.rank(), 0) << "from " << from;
  }
}

TEST_F(TrieCursorTest, ComparesItsKeyLikeOids) {
  TrieCursor cursor(root_);
  const std::vector<Oid> targets = Targets();
  for (cursor.SeekToFirst(); cursor.Valid(); cursor.Next()) {
    const Oid suffix = SuffixAt(cursor);
    for (const Oid& oid : targets) {
      const int order = cursor.Compare(Packed(oid));
      ASSERT_EQ(order < 0, suffix < oid) << suffix << " and " << oid;
      ASSERT_EQ(order > 0, oid < suffix) << suffix << " and " << oid;
    }
  }
}

TEST_F(TrieCursorTest, AKeyIsThePathAndAKeyOfTheLeaf) {
  TrieCursor cursor(root_);
  cursor.Seek(Packed({1, 2, 12}));
  EXPECT_EQ(cursor.path(), Packed({1, 2}));
  EXPECT_EQ(&cursor.leaf(), range_);
  EXPECT_EQ(cursor.at(), 2);
  cursor.Seek(Packed({4, 5, 9}));
  EXPECT_EQ(cursor.path(), Packed({4}));  // an index node adds nothing
  EXPECT_EQ(cursor.at(), 2);
  cursor.Seek(Packed({9, 9, 9}));
  EXPECT_EQ(cursor.path(), "");
}

TEST_F(TrieCursorTest, AppendsTheKey) {
  TrieCursor cursor(root_);
  for (cursor.SeekToFirst(); cursor.Valid(); cursor.Next()) {
    std::string key = "before";
    cursor.AppendKey(&key);
    EXPECT_EQ(key, "before" + Packed(SuffixAt(cursor)));
  }
}

// A reader may cache data of the path and the leaf while the visit is the same.
TEST_F(TrieCursorTest, AVisitIsOnePathAndOneLeaf) {
  TrieCursor cursor(root_);
  std::set<uint64_t> visits;
  uint64_t visit = cursor.visit();
  std::string path;
  const TrieNode* leaf = nullptr;
  for (cursor.SeekToFirst(); cursor.Valid(); cursor.Next()) {
    if (cursor.visit() != visit) {
      EXPECT_GT(cursor.visit(), visit);
      visit = cursor.visit();
      path = std::string(cursor.path());
      leaf = &cursor.leaf();
      visits.insert(visit);
    }
    EXPECT_EQ(cursor.path(), path);
    EXPECT_EQ(&cursor.leaf(), leaf);
  }
  EXPECT_EQ(visits.size(),
            8);  // the range is visited once in each of its columns
}

TEST_F(TrieCursorTest, ASeekToAnotherColumnOfTheLeafIsAnotherVisit) {
  TrieCursor cursor(root_);
  cursor.Seek(Packed({1, 1, 11}));
  const uint64_t visit = cursor.visit();
  cursor.Seek(Packed({1, 2, 11}));
  EXPECT_EQ(&cursor.leaf(), range_);
  EXPECT_GT(cursor.visit(), visit);
}

TEST_F(TrieCursorTest, HandlesPathsOfAnyLength) {
  TrieNodeMaker make(&nodes_);
  const Oid half(std::vector<uint32_t>(Oid::kMaxArcs / 2 - 1, kMaxArc));
  const TrieNode* const root = make.Branch(
      {{1}, {2}},
      {range_, make.Branch({half}, {make.Branch({half}, {range_})})});
  const Oid longest = Concat(Concat({2}, half), Concat(half, {11}));
  TrieCursor cursor(root);
  const Oid shortest = {1, 12};
  cursor.Seek(Packed(shortest));
  cursor.Next();
  ASSERT_TRUE(cursor.Valid());
  EXPECT_EQ(SuffixAt(cursor), Concat(Concat({2}, half), Concat(half, {10})));
  for (const Oid& suffix : {longest, shortest, longest, shortest}) {
    cursor.Seek(Packed(suffix));
    ASSERT_TRUE(cursor.Valid());
    EXPECT_EQ(SuffixAt(cursor), suffix);
  }
}

}  // namespace
}  // namespace passpersist::store_internal
