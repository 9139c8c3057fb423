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

std::vector<Oid> NamesOf(const TrieNode* root) {
  std::vector<Oid> names;
  TrieCursor cursor(root);
  for (cursor.SeekToFirst(); cursor.Valid(); cursor.Next()) {
    std::string key;
    cursor.AppendKey(&key);
    names.push_back(Unpacked(key));
  }
  return names;
}

// "keys 96", "branch 2": the kind, and how many names or children.
std::string FormOf(const TrieNode& node) {
  switch (node.kind()) {
    case Kind::kRange:
      return absl::StrCat("range ", node.size());
    case Kind::kBitmap:
      return absl::StrCat("bits ", node.size());
    case Kind::kKeys:
      return absl::StrCat("keys ", node.size());
    case Kind::kMasked:
      return absl::StrCat("subset ", node.size());
    case Kind::kBranch:
      return absl::StrCat("branch ",
                          static_cast<const TrieInner&>(node).count());
    case Kind::kIndex:
      return absl::StrCat("split ",
                          static_cast<const TrieInner&>(node).count());
  }
  return "";
}

// Collects items, and packs them.
class NodePartitionerTest : public testing::Test {
 protected:
  // One item for `count` names that count up from `name`.
  void Add(const Oid& name, uint32_t count = 1) {
    items_.push_back({Keep(name), count, nullptr});
    Oid next = name;
    for (uint32_t i = 0; i < count; ++i) {
      next.Truncate(name.size() - 1);
      next.Append(name.back() + i);
      names_.push_back(next);
    }
  }

  void AddNode(const Oid& label, const TrieNode* node) {
    items_.push_back({Keep(label), 1, node});
    for (const Oid& name : NamesOf(node)) names_.push_back(Concat(label, name));
  }

  // `count` items of one name each: `step` apart in the last arc.
  void AddApart(Oid name, uint32_t count, uint32_t step) {
    const uint32_t first = name.back();
    for (uint32_t i = 0; i < count; ++i) {
      name.Truncate(name.size() - 1);
      name.Append(first + i * step);
      Add(name);
    }
  }

  // The forms of the pieces, which together hold the names behind `base`.
  std::vector<std::string> MakeSubtries(const Oid& base = {}) {
    subtries_ =
        partitioner_.MakeSubtries(items_, Packed(base).size(), kFirstSeparator);
    ExpectPieces(base);
    std::vector<std::string> forms;
    for (const Subtrie& subtrie : subtries_)
      forms.push_back(FormOf(*subtrie.node));
    return forms;
  }

  // As many nodes as there are.
  std::vector<Subtrie> PendingSubtries(uint32_t count) {
    std::vector<Subtrie> subtries;
    for (uint32_t i = 0; i < count; ++i) {
      subtries.push_back({Keep({i}), nodes_.MakeRange(i, 1)});
    }
    return subtries;
  }

  static constexpr absl::string_view kFirstSeparator = "first";

  NodeRefs nodes_{1, 0};  // frees them all, as they get no owner
  NodePartitioner partitioner_{&nodes_};
  std::vector<Subtrie> subtries_;

 private:
  absl::string_view Keep(const Oid& oid) {
    keys_.push_back(Packed(oid));
    return keys_.back();
  }

  void ExpectPieces(const Oid& base) const {
    std::vector<Oid> packed;
    std::string last;  // name of the piece before
    for (const Subtrie& subtrie : subtries_) {
      const std::vector<Oid> names = NamesOf(subtrie.node);
      if (packed.empty()) {
        EXPECT_EQ(subtrie.separator, kFirstSeparator);
      } else {
        EXPECT_LT(last, subtrie.separator);
        EXPECT_LE(subtrie.separator, Packed(names.front()));
      }
      last = Packed(names.back());
      for (const Oid& name : names) packed.push_back(Concat(base, name));
    }
    EXPECT_THAT(packed, ElementsAreArray(names_));
  }

  std::deque<std::string> keys_;
  std::vector<PendingEntry> items_;
  std::vector<Oid> names_;
};

TEST_F(NodePartitionerTest, MakesNothingOfNothing) {
  EXPECT_THAT(MakeSubtries(), IsEmpty());
  EXPECT_EQ(partitioner_.MakeNode({}, 0), nullptr);
}

TEST_F(NodePartitionerTest, OneNameIsALeaf) {
  Add({1, 2, 3});
  EXPECT_THAT(MakeSubtries(), ElementsAre("keys 1"));
}

TEST_F(NodePartitionerTest, AnItemOfManyNamesCountsThem) {
  EXPECT_EQ(PendingEntry({"key", 5, nullptr}).size(), 5);
  EXPECT_EQ(PendingEntry({"key", 1, nodes_.MakeRange(1, 7)}).size(), 7);
}

TEST_F(NodePartitionerTest, LeavesOutWhatAllNamesBeginWith) {
  Add({1, 2, 3});
  Add({1, 2, 4, 5});
  EXPECT_THAT(MakeSubtries({1, 2}), ElementsAre("keys 2"));
  EXPECT_THAT(NamesOf(subtries_[0].node), ElementsAre(Oid{3}, Oid{4, 5}));
}

TEST_F(NodePartitionerTest, ANameMayBeWhatAllBeginWith) {
  Add({1, 2});
  Add({1, 2, 4});
  EXPECT_THAT(MakeSubtries({1, 2}), ElementsAre("keys 2"));
}

TEST_F(NodePartitionerTest, LongRunsAreNodesOfTheirOwn) {
  Add({5}, NodePartitioner::kMinRange);
  EXPECT_THAT(MakeSubtries(), ElementsAre("range 128"));
}

TEST_F(NodePartitionerTest, ShortRunsAreNames) {
  Add({5}, NodePartitioner::kMinRange - 1);
  EXPECT_THAT(MakeSubtries(), ElementsAre("keys 63", "keys 64"));
}

TEST_F(NodePartitionerTest, RunsCountAcrossTheSizesOfArcs) {
  Add({200}, 100);
  Add({300, 1});
  Add({66700}, 200);
  EXPECT_THAT(MakeSubtries(), ElementsAre("keys 50", "keys 51", "range 200"));
}

TEST_F(NodePartitionerTest, LongRunsBehindOtherArcsAreBelowABranch) {
  Add({1, 7}, 1000);
  Add({2, 7, 5}, 2000);
  EXPECT_THAT(MakeSubtries(), ElementsAre("branch 2"));
  const auto& branch = static_cast<const TrieInner&>(*subtries_[0].node);
  EXPECT_EQ(FormOf(*branch.child(0)), "range 1000");
  EXPECT_EQ(FormOf(*branch.child(1)), "range 2000");
}

TEST_F(NodePartitionerTest, KeepsTheOrderOfNamesRunsAndNodes) {
  const TrieNode* const range = nodes_.MakeRange(1, 200);
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

TEST_F(NodePartitionerTest, DenseNamesAreBits) {
  AddApart({5}, NodePartitioner::kMinBitmap, 8);
  EXPECT_THAT(MakeSubtries(), ElementsAre("bits 256"));
}

TEST_F(NodePartitionerTest, FewerNamesAreNoBits) {
  AddApart({5}, NodePartitioner::kMinBitmap - 1, 8);
  EXPECT_THAT(MakeSubtries(), ElementsAre("keys 85", "keys 85", "keys 85"));
}

TEST_F(NodePartitionerTest, NamesTooFarApartAreNoBits) {
  // The last of 256 would be one arc too far.
  AddApart({5}, NodePartitioner::kMinBitmap - 1, 8);
  Add({5 + TrieLeaf::kMaxBits});
  EXPECT_THAT(MakeSubtries(), ElementsAre("keys 85", "keys 85", "keys 86"));
}

TEST_F(NodePartitionerTest, BitsReachAsFarAsTheyCan) {
  AddApart({5}, 2000, 2);
  EXPECT_THAT(MakeSubtries(), ElementsAre("bits 1024", "bits 976"));
}

TEST_F(NodePartitionerTest, NamesOfMoreArcsEndBits) {
  AddApart({5}, 300, 2);
  Add({603, 1});
  AddApart({605}, 300, 2);
  EXPECT_THAT(MakeSubtries(), ElementsAre("bits 300", "keys 1", "bits 300"));
}

TEST_F(NodePartitionerTest, NamesBesideBitsAreKeys) {
  Add({1, 1});
  AddApart({5}, 300, 2);
  Add({10000});
  Add({20000, 1});
  EXPECT_THAT(MakeSubtries(), ElementsAre("keys 1", "bits 300", "keys 2"));
}

TEST_F(NodePartitionerTest, KeysAreInAsFewLeavesOfEvenSizeAsCanBe) {
  AddApart({1, 1, 7}, TrieLeaf::kMaxKeys, 1);
  EXPECT_THAT(MakeSubtries(), ElementsAre("keys 96"));
  AddApart({1, 2, 7}, 1, 1);
  EXPECT_THAT(MakeSubtries(), ElementsAre("keys 48", "keys 49"));
}

TEST_F(NodePartitionerTest, NodesSideBySideAreInBranchesOfEvenSize) {
  const TrieNode* const range = nodes_.MakeRange(1, 200);
  for (uint32_t i = 0; i < TrieInner::kMaxChildren; ++i) {
    AddNode({i * 2}, range);
  }
  EXPECT_THAT(MakeSubtries(), ElementsAre("branch 240"));
  AddNode({1000}, range);
  EXPECT_THAT(MakeSubtries(), ElementsAre("branch 120", "branch 121"));
}

TEST_F(NodePartitionerTest, ABranchWhoseLabelsCountUpMayHaveMoreChildren) {
  const TrieNode* const range = nodes_.MakeRange(1, 200);
  for (uint32_t i = 0; i < TrieInner::kMaxConsecutive; ++i) {
    AddNode({7, i}, range);
  }
  EXPECT_THAT(MakeSubtries(), ElementsAre("branch 256"));
  AddNode({7, TrieInner::kMaxConsecutive}, range);
  EXPECT_THAT(MakeSubtries(), ElementsAre("branch 128", "branch 129"));
}

TEST_F(NodePartitionerTest, ABranchAloneBelowALabelTakesItsPlace) {
  const TrieNode* const range = nodes_.MakeRange(1, 200);
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
  EXPECT_EQ(NamesOf(joined).front(), Oid({1, 2, 5, 1}));
  EXPECT_EQ(NamesOf(joined).back(), Oid({1, 4, 200}));
}

TEST_F(NodePartitionerTest, ASplitHasEvenPartsAndTheSeparatorsBetween) {
  const std::vector<Subtrie> subtries =
      PendingSubtries(TrieInner::kMaxChildren + 1);
  const std::vector<Subtrie> index_nodes =
      partitioner_.MakeIndexNodes(subtries, 3);
  ASSERT_EQ(index_nodes.size(), 2);
  EXPECT_EQ(FormOf(*index_nodes[0].node), "split 120");
  EXPECT_EQ(FormOf(*index_nodes[1].node), "split 121");
  EXPECT_EQ(index_nodes[0].separator, subtries[0].separator);
  EXPECT_EQ(index_nodes[1].separator, subtries[120].separator);
  for (const Subtrie& split : index_nodes) {
    EXPECT_EQ(static_cast<const TrieInner*>(split.node)->height(), 3);
  }
  const auto& second = static_cast<const TrieInner&>(*index_nodes[1].node);
  EXPECT_EQ(second.child(0), subtries[120].node);
  EXPECT_EQ(second.ChildFor(subtries[121].separator), 1);
  EXPECT_EQ(second.ChildFor(subtries[240].separator), 120);
}

TEST_F(NodePartitionerTest, OnePieceAloneNeedsNoSplit) {
  const std::vector<Subtrie> subtries = PendingSubtries(1);
  EXPECT_EQ(partitioner_.Join(subtries, 1), subtries[0].node);
}

TEST_F(NodePartitionerTest, JoinsManyPiecesBelowSplitsOfGrowingHeight) {
  const TrieNode* const low = partitioner_.Join(PendingSubtries(240), 1);
  EXPECT_EQ(FormOf(*low), "split 240");
  EXPECT_EQ(static_cast<const TrieInner*>(low)->height(), 1);
  const auto* const high =
      static_cast<const TrieInner*>(partitioner_.Join(PendingSubtries(500), 1));
  EXPECT_EQ(FormOf(*high), "split 3");
  EXPECT_EQ(high->height(), 2);
  EXPECT_EQ(static_cast<const TrieInner*>(high->child(2))->height(), 1);
  std::vector<Oid> expected;
  for (uint32_t i = 0; i < 500; ++i) expected.push_back({i});
  EXPECT_THAT(NamesOf(high), ElementsAreArray(expected));
}

}  // namespace
}  // namespace passpersist::store_internal
