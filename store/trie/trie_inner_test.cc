// SPDX-License-Identifier: Apache-2.0

#include "store/trie/trie_inner.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "store/block/packed_keys.h"
#include "store/trie/testing/trie_checker.h"
#include "store/trie/trie_leaf.h"

namespace passpersist::store_internal {
namespace {

using InnerPtr = std::unique_ptr<const TrieInner, FreeBlock>;

// Branches and index nodes whose children are all the same range of three keys.
class TrieInnerTest : public testing::Test {
 protected:
  InnerPtr MakeBranch(const std::vector<Oid>& labels) {
    Fill(labels, labels.size());
    return InnerPtr(TrieInner::MakeBranch(1, labels_, children_));
  }
  InnerPtr MakeIndex(const std::vector<Oid>& separators) {
    Fill(separators, separators.size() + 1);
    return InnerPtr(TrieInner::MakeIndex(1, 1, labels_, children_));
  }

  // "i by n": child i, with a label of n bytes; "before i" if there is none.
  static std::string Find(const TrieInner& branch, const Oid& oid) {
    size_t label = 0;
    const PackedKeys::Place place = branch.FindChild(Packed(oid), &label);
    if (!place.found) return "before " + std::to_string(place.index);
    return std::to_string(place.index) + " by " + std::to_string(label);
  }

  static std::string LabelOf(const TrieInner& node, size_t i) {
    std::string label(node.LabelSize(i) + TrieInner::kSlack, 0);
    node.CopyLabel(i, label.data());
    label.resize(node.LabelSize(i));
    return label;
  }

 private:
  void Fill(const std::vector<Oid>& labels, size_t children) {
    packed_.clear();
    for (const Oid& label : labels) packed_.push_back(Packed(label));
    labels_.assign(packed_.begin(), packed_.end());
    children_.assign(children, range_.get());
  }

  const std::unique_ptr<const TrieLeaf, FreeBlock> range_{
      TrieLeaf::MakeRange(1, 1, 3)};
  std::vector<std::string> packed_;
  std::vector<absl::string_view> labels_;
  std::vector<const TrieNode*> children_;
};

TEST_F(TrieInnerTest, ABranchWithConsecutiveLabelsFindsItsChildren) {
  const InnerPtr branch = MakeBranch({{1, 7}, {1, 8}, {1, 9}});
  EXPECT_EQ(Find(*branch, {1, 7}), "0 by 2");
  EXPECT_EQ(Find(*branch, {1, 9, 5, 5}), "2 by 2");
  EXPECT_EQ(Find(*branch, {}), "before 0");
  EXPECT_EQ(Find(*branch, {1}), "before 0");
  EXPECT_EQ(Find(*branch, {1, 6, 9}), "before 0");
  EXPECT_EQ(Find(*branch, {1, 10}), "before 3");
  EXPECT_EQ(Find(*branch, {0, 8}), "before 0");
  EXPECT_EQ(Find(*branch, {2}), "before 3");
  EXPECT_EQ(LabelOf(*branch, 2), Packed({1, 9}));
}

TEST_F(TrieInnerTest, LabelsAreConsecutiveAcrossTheSizesOfArcs) {
  const InnerPtr branch = MakeBranch({{246}, {247}, {248}, {249}});
  EXPECT_EQ(Find(*branch, {247, 1}), "1 by 1");
  EXPECT_EQ(Find(*branch, {248, 1}), "2 by 2");
  EXPECT_EQ(LabelOf(*branch, 3), Packed({249}));
}

TEST_F(TrieInnerTest, ABranchOfOtherLabelsFindsItsChildren) {
  for (const std::vector<Oid>& labels :
       {std::vector<Oid>{{1, 7}, {1, 9}, {3, 3}},
        std::vector<Oid>{{1, 7}, {1, 9}, {3, 70000, 3}}}) {
    const InnerPtr branch = MakeBranch(labels);
    for (size_t i = 0; i < labels.size(); ++i) {
      const std::string found =
          std::to_string(i) + " by " + std::to_string(Packed(labels[i]).size());
      Oid below = labels[i];
      EXPECT_EQ(Find(*branch, below), found);
      below.Append(4294967295);
      EXPECT_EQ(Find(*branch, below), found);
      EXPECT_EQ(LabelOf(*branch, i), Packed(labels[i]));
    }
    EXPECT_EQ(Find(*branch, {1}), "before 0");
    EXPECT_EQ(Find(*branch, {1, 8, 8}), "before 1");
    EXPECT_EQ(Find(*branch, {3}), "before 2");
    EXPECT_EQ(Find(*branch, {4}), "before 3");
  }
}

TEST_F(TrieInnerTest, AnIndexNodeFindsASeparatorToItsRight) {
  const InnerPtr index_node = MakeIndex({{1, 5}, {2}});
  EXPECT_EQ(index_node->ChildFor(Packed({1, 4, 9})), 0);
  EXPECT_EQ(index_node->ChildFor(Packed({1, 5})), 1);
  EXPECT_EQ(index_node->ChildFor(Packed({1, 9})), 1);
  EXPECT_EQ(index_node->ChildFor(Packed({2, 0})), 2);
}

TEST_F(TrieInnerTest, CountsTheKeysBeforeEachChild) {
  const InnerPtr branch = MakeBranch({{1}, {2}, {3}});
  EXPECT_EQ(branch->size(), 9);
  EXPECT_EQ(branch->cumulative_count(0), 0);
  EXPECT_EQ(branch->cumulative_count(2), 6);
}

}  // namespace
}  // namespace passpersist::store_internal
