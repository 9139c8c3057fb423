// SPDX-License-Identifier: Apache-2.0

#include "store/trie/node_partitioner.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "store/trie/node_refs.h"
#include "store/trie/testing/trie_checker.h"
#include "store/trie/trie_cursor.h"
#include "store/trie/trie_inner.h"
#include "store/trie/trie_leaf.h"
#include "store/trie/trie_node.h"

namespace passpersist::store_internal {
namespace {

using Kind = TrieNode::Kind;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

std::vector<Oid> SuffixesOf(const TrieNode* root) {
  std::vector<Oid> suffixes;
  TrieCursor cursor(root);
  for (cursor.SeekToFirst(); cursor.Valid(); cursor.Next()) {
    std::string key;
    cursor.AppendKey(&key);
    suffixes.push_back(Unpacked(key));
  }
  return suffixes;
}

// The kind of a node and the number of its keys or children: "keys 96",
// "branch 2".
std::string FormOf(const TrieNode& node) {
  switch (node.kind()) {
    case Kind::kRange:
      return absl::StrCat("range ", node.size());
    case Kind::kBitmap:
      return absl::StrCat("bitmap ", node.size());
    case Kind::kKeys:
      return absl::StrCat("keys ", node.size());
    case Kind::kMasked:
      return absl::StrCat("masked ", node.size());
    case Kind::kBranch:
      return absl::StrCat("branch ",
                          static_cast<const TrieInner&>(node).count());
    case Kind::kIndex:
      return absl::StrCat("index ",
                          static_cast<const TrieInner&>(node).count());
  }
  return "";
}

// Collects entries, and makes nodes of them.
class NodePartitionerTest : public testing::Test {
 protected:
  // Adds one entry for `count` consecutive suffixes from `suffix` on.
  void Add(const Oid& suffix, uint32_t count = 1) {
    entries_.push_back({Keep(suffix), count, nullptr});
    Oid next = suffix;
    for (uint32_t i = 0; i < count; ++i) {
      next.Truncate(suffix.size() - 1);
      next.Append(suffix.back() + i);
      suffixes_.push_back(next);
    }
  }

  void AddNode(const Oid& label, const TrieNode* node) {
    entries_.push_back({Keep(label), 1, node});
    for (const Oid& suffix : SuffixesOf(node))
      suffixes_.push_back(Concat(label, suffix));
  }

  // Adds `count` entries of one suffix each, `step` apart in the last arc.
  void AddApart(Oid suffix, uint32_t count, uint32_t step) {
    const uint32_t first = suffix.back();
    for (uint32_t i = 0; i < count; ++i) {
      suffix.Truncate(suffix.size() - 1);
      suffix.Append(first + i * step);
      Add(suffix);
    }
  }

  // The forms of the subtries, which together hold the suffixes without `base`.
  std::vector<std::string> MakeSubtries(const Oid& base = {}) {
    subtries_ = partitioner_.MakeSubtries(entries_, Packed(base).size(),
                                          kFirstSeparator);
    ExpectSubtries(base);
    std::vector<std::string> forms;
    for (const Subtrie& subtrie : subtries_)
      forms.push_back(FormOf(*subtrie.node));
    return forms;
  }

  // `count` subtries of one key each.
  std::vector<Subtrie> RangeSubtries(uint32_t count) {
    std::vector<Subtrie> subtries;
    for (uint32_t i = 0; i < count; ++i) {
      subtries.push_back({Keep({i}), nodes_.Make(TrieLeaf::MakeRange, i, 1)});
    }
    return subtries;
  }

  static constexpr absl::string_view kFirstSeparator = "first";

  NodeRefs nodes_{1, 0};  // frees all nodes, since none gets a reference
  NodePartitioner partitioner_{&nodes_};
  std::vector<Subtrie> subtries_;

 private:
  absl::string_view Keep(const Oid& oid) {
    keys_.push_back(Packed(oid));
    return keys_.back();
  }

  void ExpectSubtries(const Oid& base) const {
    std::vector<Oid> found;
    std::string last;  // the last key of the subtrie before
    for (const Subtrie& subtrie : subtries_) {
      const std::vector<Oid> suffixes = SuffixesOf(subtrie.node);
      if (found.empty()) {
        EXPECT_EQ(subtrie.separator, kFirstSeparator);
      } else {
        EXPECT_LT(last, subtrie.separator);
        EXPECT_LE(subtrie.separator, Packed(suffixes.front()));
      }
      last = Packed(suffixes.back());
      for (const Oid& suffix : suffixes) found.push_back(Concat(base, suffix));
    }
    EXPECT_THAT(found, ElementsAreArray(suffixes_));
  }

  std::deque<std::string> keys_;
  std::vector<PendingEntry> entries_;
  std::vector<Oid> suffixes_;
};

TEST_F(NodePartitionerTest, MakesNoNodeOfNoEntries) {
  EXPECT_THAT(MakeSubtries(), IsEmpty());
  EXPECT_EQ(partitioner_.MakeNode({}, 0), nullptr);
}

TEST_F(NodePartitionerTest, OneKeyIsALeaf) {
  Add({1, 2, 3});
  EXPECT_THAT(MakeSubtries(), ElementsAre("keys 1"));
}

TEST_F(NodePartitionerTest, AnEntryCountsItsKeys) {
  EXPECT_EQ(PendingEntry({"key", 5, nullptr}).size(), 5);
  EXPECT_EQ(
      PendingEntry({"key", 1, nodes_.Make(TrieLeaf::MakeRange, 1, 7)}).size(),
      7);
}

TEST_F(NodePartitionerTest, OmitsTheCommonPrefix) {
  Add({1, 2, 3});
  Add({1, 2, 4, 5});
  EXPECT_THAT(MakeSubtries({1, 2}), ElementsAre("keys 2"));
  EXPECT_THAT(SuffixesOf(subtries_[0].node), ElementsAre(Oid{3}, Oid{4, 5}));
}

TEST_F(NodePartitionerTest, AKeyMayBeTheCommonPrefix) {
  Add({1, 2});
  Add({1, 2, 4});
  EXPECT_THAT(MakeSubtries({1, 2}), ElementsAre("keys 2"));
}

TEST_F(NodePartitionerTest, LongRangesAreNodesOfTheirOwn) {
  Add({5}, NodePartitioner::kMinRange);
  EXPECT_THAT(MakeSubtries(), ElementsAre("range 128"));
}

TEST_F(NodePartitionerTest, ShortRangesAreKeys) {
  Add({5}, NodePartitioner::kMinRange - 1);
  EXPECT_THAT(MakeSubtries(), ElementsAre("keys 63", "keys 64"));
}

TEST_F(NodePartitionerTest, RangesContinueAcrossTheSizesOfArcs) {
  Add({200}, 100);
  Add({300, 1});
  Add({66700}, 200);
  EXPECT_THAT(MakeSubtries(), ElementsAre("keys 50", "keys 51", "range 200"));
}

TEST_F(NodePartitionerTest, LongRangesAfterOtherArcsAreBelowABranch) {
  Add({1, 7}, 1000);
  Add({2, 7, 5}, 2000);
  EXPECT_THAT(MakeSubtries(), ElementsAre("branch 2"));
  const auto& branch = static_cast<const TrieInner&>(*subtries_[0].node);
  EXPECT_EQ(FormOf(*branch.child(0)), "range 1000");
  EXPECT_EQ(FormOf(*branch.child(1)), "range 2000");
}

TEST_F(NodePartitionerTest, KeepsTheOrderOfKeysRangesAndNodes) {
  const TrieNode* const range = nodes_.Make(TrieLeaf::MakeRange, 1, 200);
  Add({1});
  Add({1, 1});
  AddNode({2}, range);
  Add({3});
  Add({4}, 500);
  AddNode({600, 1}, range);
  AddNode({600, 2, 2}, range);
  Add({601, 7}, 300);
  Add({601, 1000, 1});
  EXPECT_THAT(MakeSubtries(), ElementsAre("keys 2", "branch 1", "keys 1",
                                          "range 500", "branch 3", "keys 1"));
}

TEST_F(NodePartitionerTest, DenseKeysAreABitmap) {
  AddApart({5}, NodePartitioner::kMinBitmap, 8);
  EXPECT_THAT(MakeSubtries(), ElementsAre("bitmap 256"));
}

TEST_F(NodePartitionerTest, FewerKeysAreNotABitmap) {
  AddApart({5}, NodePartitioner::kMinBitmap - 1, 8);
  EXPECT_THAT(MakeSubtries(), ElementsAre("keys 85", "keys 85", "keys 85"));
}

TEST_F(NodePartitionerTest, KeysTooFarApartAreNotABitmap) {
  // The last of 256 keys is one arc too far.
  AddApart({5}, NodePartitioner::kMinBitmap - 1, 8);
  Add({5 + TrieLeaf::kMaxBits});
  EXPECT_THAT(MakeSubtries(), ElementsAre("keys 85", "keys 85", "keys 86"));
}

TEST_F(NodePartitionerTest, BitmapsAreAsLongAsPossible) {
  AddApart({5}, 2000, 2);
  EXPECT_THAT(MakeSubtries(), ElementsAre("bitmap 1024", "bitmap 976"));
}

TEST_F(NodePartitionerTest, AKeyOfSeveralArcsEndsABitmap) {
  AddApart({5}, 300, 2);
  Add({603, 1});
  AddApart({605}, 300, 2);
  EXPECT_THAT(MakeSubtries(),
              ElementsAre("bitmap 300", "keys 1", "bitmap 300"));
}

TEST_F(NodePartitionerTest, KeysBesideABitmapAreKeyLeaves) {
  Add({1, 1});
  AddApart({5}, 300, 2);
  Add({10000});
  Add({20000, 1});
  EXPECT_THAT(MakeSubtries(), ElementsAre("keys 1", "bitmap 300", "keys 2"));
}

TEST_F(NodePartitionerTest, KeysAreInAsFewLeavesOfEvenSizeAsPossible) {
  AddApart({1, 1, 7}, TrieLeaf::kMaxKeys, 1);
  EXPECT_THAT(MakeSubtries(), ElementsAre("keys 96"));
  AddApart({1, 2, 7}, 1, 1);
  EXPECT_THAT(MakeSubtries(), ElementsAre("keys 48", "keys 49"));
}

TEST_F(NodePartitionerTest, AdjacentNodesAreInBranchesOfEvenSize) {
  const TrieNode* const range = nodes_.Make(TrieLeaf::MakeRange, 1, 200);
  for (uint32_t i = 0; i < TrieInner::kMaxChildren; ++i) {
    AddNode({i * 2}, range);
  }
  EXPECT_THAT(MakeSubtries(), ElementsAre("branch 240"));
  AddNode({1000}, range);
  EXPECT_THAT(MakeSubtries(), ElementsAre("branch 120", "branch 121"));
}

TEST_F(NodePartitionerTest, ABranchWithConsecutiveLabelsMayHaveMoreChildren) {
  const TrieNode* const range = nodes_.Make(TrieLeaf::MakeRange, 1, 200);
  for (uint32_t i = 0; i < TrieInner::kMaxConsecutive; ++i) {
    AddNode({7, i}, range);
  }
  EXPECT_THAT(MakeSubtries(), ElementsAre("branch 256"));
  AddNode({7, TrieInner::kMaxConsecutive}, range);
  EXPECT_THAT(MakeSubtries(), ElementsAre("branch 128", "branch 129"));
}

TEST_F(NodePartitionerTest, AnOnlyBranchIsReplacedByItsChildren) {
  const TrieNode* const range = nodes_.Make(TrieLeaf::MakeRange, 1, 200);
  AddNode({2, 5}, range);
  AddNode({4}, range);
  const TrieNode* const branch =
      MakeSubtries().empty() ? nullptr : subtries_[0].node;
  ASSERT_EQ(FormOf(*branch), "branch 2");
  const PendingEntry entry = {"\1\1", 1, branch};
  const TrieNode* const joined = partitioner_.MakeNode({&entry, 1}, 1);
  ASSERT_EQ(FormOf(*joined), "branch 2");
  const auto& inner = static_cast<const TrieInner&>(*joined);
  EXPECT_EQ(inner.child(0), range);
  EXPECT_EQ(inner.LabelSize(0), 3);
  EXPECT_EQ(SuffixesOf(joined).front(), Oid({1, 2, 5, 1}));
  EXPECT_EQ(SuffixesOf(joined).back(), Oid({1, 4, 200}));
}

TEST_F(NodePartitionerTest, IndexNodesHaveEvenSizeAndTheSeparatorsBetween) {
  const std::vector<Subtrie> subtries =
      RangeSubtries(TrieInner::kMaxChildren + 1);
  const std::vector<Subtrie> index_nodes =
      partitioner_.MakeIndexNodes(subtries, 3);
  ASSERT_EQ(index_nodes.size(), 2);
  EXPECT_EQ(FormOf(*index_nodes[0].node), "index 120");
  EXPECT_EQ(FormOf(*index_nodes[1].node), "index 121");
  EXPECT_EQ(index_nodes[0].separator, subtries[0].separator);
  EXPECT_EQ(index_nodes[1].separator, subtries[120].separator);
  for (const Subtrie& index_node : index_nodes) {
    EXPECT_EQ(static_cast<const TrieInner*>(index_node.node)->height(), 3);
  }
  const auto& second = static_cast<const TrieInner&>(*index_nodes[1].node);
  EXPECT_EQ(second.child(0), subtries[120].node);
  EXPECT_EQ(second.ChildFor(subtries[121].separator), 1);
  EXPECT_EQ(second.ChildFor(subtries[240].separator), 120);
}

TEST_F(NodePartitionerTest, ASingleSubtrieNeedsNoIndexNode) {
  const std::vector<Subtrie> subtries = RangeSubtries(1);
  EXPECT_EQ(partitioner_.Join(subtries, 1), subtries[0].node);
}

TEST_F(NodePartitionerTest,
       JoinsManySubtriesBelowIndexNodesOfIncreasingHeight) {
  const TrieNode* const low = partitioner_.Join(RangeSubtries(240), 1);
  EXPECT_EQ(FormOf(*low), "index 240");
  EXPECT_EQ(static_cast<const TrieInner*>(low)->height(), 1);
  const auto* const high =
      static_cast<const TrieInner*>(partitioner_.Join(RangeSubtries(500), 1));
  EXPECT_EQ(FormOf(*high), "index 3");
  EXPECT_EQ(high->height(), 2);
  EXPECT_EQ(static_cast<const TrieInner*>(high->child(2))->height(), 1);
  std::vector<Oid> expected;
  for (uint32_t i = 0; i < 500; ++i) expected.push_back({i});
  EXPECT_THAT(SuffixesOf(high), ElementsAreArray(expected));
}

}  // namespace
}  // namespace passpersist::store_internal
