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

Oid NameAt(const TrieCursor& cursor) {
  std::string key;
  cursor.AppendKey(&key);
  return Unpacked(key);
}

// A trie of every kind of node:
//
//   split
//     branch    1.1 ─┬─ run 10 to 12
//               1.2 ─┘
//               3   ─── branch
//                         1 ─── keys 1, 2.2
//                         7 ─── keys 7
//               4   ─── split
//                         keys 2, 2.1
//                         subset 5.5, 5.9 (of 5, 5.5, 5.9)
//     keys      6, 6.1, 9.9.9
//     bits      10, 12, 14
class TrieCursorTest : public testing::Test {
 protected:
  TrieCursorTest() {
    TrieNodeMaker make(&nodes_);
    const uint32_t places[] = {1, 2};
    const TrieNode* const subset =
        nodes_.MakeMasked(make.Keys({{5}, {5, 5}, {5, 9}}), places);
    const uint32_t bits[] = {10, 12, 14};
    root_ = make.Split(
        {{6}, {9, 9, 9, 9}},
        {make.Branch({{1, 1}, {1, 2}, {3}, {4}},
                     {run_, run_,
                      make.Branch({{1}, {7}},
                                  {make.Keys({{1}, {2, 2}}), make.Keys({{7}})}),
                      make.Split({{5}}, {make.Keys({{2}, {2, 1}}), subset})}),
         make.Keys({{6}, {6, 1}, {9, 9, 9}}), nodes_.MakeBitmap(bits)});
  }

  // All names of up to three arcs, of those in the trie and some between.
  static std::vector<Oid> Sought() {
    constexpr uint32_t kArcs[] = {0, 1,  2,  3,  4,  5,  6,  7,
                                  9, 10, 11, 12, 13, 14, 15, kMaxArc};
    std::vector<Oid> sought = {{}};
    for (size_t i = 0; i < sought.size() && sought[i].size() < 3; ++i) {
      for (const uint32_t arc : kArcs) {
        sought.push_back(Concat(sought[i], {arc}));
      }
    }
    return sought;
  }

  // Expects the cursor at the first name from `name` on, with the rest behind.
  void ExpectWalkFrom(const Oid& name, TrieCursor* cursor) const {
    auto expected = names_.lower_bound(name);
    auto rank = std::distance(names_.begin(), expected);
    for (; expected != names_.end(); ++expected, ++rank) {
      ASSERT_TRUE(cursor->Valid()) << name;
      ASSERT_EQ(NameAt(*cursor), *expected) << name;
      ASSERT_EQ(cursor->rank(), rank) << name;
      cursor->Next();
    }
    ASSERT_FALSE(cursor->Valid()) << name;
    ASSERT_EQ(cursor->rank(), rank) << name;
  }

  NodeRefs nodes_{1, 0};  // frees them all, as they get no owner
  const TrieNode* const run_ = nodes_.MakeRange(10, 3);
  const TrieNode* root_ = nullptr;
  const std::set<Oid> names_ = {
      {1, 1, 10}, {1, 1, 11}, {1, 1, 12},   {1, 2, 10}, {1, 2, 11},
      {1, 2, 12}, {3, 1, 1},  {3, 1, 2, 2}, {3, 7, 7},  {4, 2},
      {4, 2, 1},  {4, 5, 5},  {4, 5, 9},    {6},        {6, 1},
      {9, 9, 9},  {10},       {12},         {14}};
};

TEST_F(TrieCursorTest, IsBehindTheLastNameAtFirst) {
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

TEST_F(TrieCursorTest, WalksFromTheFirstNameToTheEnd) {
  TrieCursor cursor(root_);
  cursor.SeekToFirst();
  ExpectWalkFrom({}, &cursor);
}

TEST_F(TrieCursorTest, SeeksTheNameOrElseTheOneBehindAndWalksOn) {
  TrieCursor cursor(root_);
  for (const Oid& oid : Sought()) {
    cursor.Seek(Packed(oid));
    ASSERT_NO_FATAL_FAILURE(ExpectWalkFrom(oid, &cursor));
  }
}

TEST_F(TrieCursorTest, SeeksFromAnyPlaceAsFromTheEnd) {
  TrieCursor cursor(root_);
  for (const Oid& from : names_) {
    for (const Oid& to : names_) {
      cursor.Seek(Packed(from));
      cursor.Seek(Packed(to));
      ASSERT_EQ(NameAt(cursor), to) << "from " << from;
    }
    cursor.Seek(Packed({kMaxArc}));
    cursor.Seek(Packed(from));
    ASSERT_EQ(NameAt(cursor), from);
    cursor.SeekToFirst();
    ASSERT_EQ(NameAt(cursor), *names_.begin()) << "from " << from;
    ASSERT_EQ(cursor.rank(), 0) << "from " << from;
  }
}

TEST_F(TrieCursorTest, ComparesItsNameAsOidsDo) {
  TrieCursor cursor(root_);
  const std::vector<Oid> sought = Sought();
  for (cursor.SeekToFirst(); cursor.Valid(); cursor.Next()) {
    const Oid name = NameAt(cursor);
    for (const Oid& oid : sought) {
      const int order = cursor.Compare(Packed(oid));
      ASSERT_EQ(order < 0, name < oid) << name << " and " << oid;
      ASSERT_EQ(order > 0, oid < name) << name << " and " << oid;
    }
  }
}

TEST_F(TrieCursorTest, ANameIsThePathAndAKeyOfTheLeaf) {
  TrieCursor cursor(root_);
  cursor.Seek(Packed({1, 2, 12}));
  EXPECT_EQ(cursor.path(), Packed({1, 2}));
  EXPECT_EQ(&cursor.leaf(), run_);
  EXPECT_EQ(cursor.at(), 2);
  cursor.Seek(Packed({4, 5, 9}));
  EXPECT_EQ(cursor.path(), Packed({4}));  // a split adds nothing
  EXPECT_EQ(cursor.at(), 2);
  cursor.Seek(Packed({9, 9, 9}));
  EXPECT_EQ(cursor.path(), "");
}

TEST_F(TrieCursorTest, AppendsTheKeyToWhatIsThere) {
  TrieCursor cursor(root_);
  for (cursor.SeekToFirst(); cursor.Valid(); cursor.Next()) {
    std::string key = "before";
    cursor.AppendKey(&key);
    EXPECT_EQ(key, "before" + Packed(NameAt(cursor)));
  }
}

// A reader keeps what it knows of path and leaf while the visit is the same.
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
  EXPECT_EQ(visits.size(), 8);  // the run is one in each of its columns
}

TEST_F(TrieCursorTest, ASeekToAnotherColumnOfTheLeafIsAnotherVisit) {
  TrieCursor cursor(root_);
  cursor.Seek(Packed({1, 1, 11}));
  const uint64_t visit = cursor.visit();
  cursor.Seek(Packed({1, 2, 11}));
  EXPECT_EQ(&cursor.leaf(), run_);
  EXPECT_GT(cursor.visit(), visit);
}

TEST_F(TrieCursorTest, TakesPathsOfAnyLength) {
  TrieNodeMaker make(&nodes_);
  const Oid half(std::vector<uint32_t>(Oid::kMaxArcs / 2 - 1, kMaxArc));
  const TrieNode* const root = make.Branch(
      {{1}, {2}}, {run_, make.Branch({half}, {make.Branch({half}, {run_})})});
  const Oid longest = Concat(Concat({2}, half), Concat(half, {11}));
  TrieCursor cursor(root);
  const Oid shortest = {1, 12};
  cursor.Seek(Packed(shortest));
  cursor.Next();
  ASSERT_TRUE(cursor.Valid());
  EXPECT_EQ(NameAt(cursor), Concat(Concat({2}, half), Concat(half, {10})));
  for (const Oid& name : {longest, shortest, longest, shortest}) {
    cursor.Seek(Packed(name));
    ASSERT_TRUE(cursor.Valid());
    EXPECT_EQ(NameAt(cursor), name);
  }
}

}  // namespace
}  // namespace passpersist::store_internal
