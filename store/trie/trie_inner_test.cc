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

using OwnedInner = std::unique_ptr<const TrieInner, FreeBlock>;

// Branches and splits above as many references to one run of three names.
class TrieInnerTest : public testing::Test {
 protected:
  OwnedInner MakeBranch(const std::vector<Oid>& labels) {
    Fill(labels, labels.size());
    return OwnedInner(TrieInner::MakeBranch(1, labels_, children_));
  }
  OwnedInner MakeIndex(const std::vector<Oid>& separators) {
    Fill(separators, separators.size() + 1);
    return OwnedInner(TrieInner::MakeIndex(1, 1, labels_, children_));
  }

  // The child, "before i" or "none", and the size of the label.
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
    children_.assign(children, run_.get());
  }

  const std::unique_ptr<const TrieLeaf, FreeBlock> run_{
      TrieLeaf::MakeRange(1, 1, 3)};
  std::vector<std::string> packed_;
  std::vector<absl::string_view> labels_;
  std::vector<const TrieNode*> children_;
};

TEST_F(TrieInnerTest, ABranchWhoseLabelsCountUpFindsItsChildren) {
  const OwnedInner branch = MakeBranch({{1, 7}, {1, 8}, {1, 9}});
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

TEST_F(TrieInnerTest, LabelsCountUpAcrossTheSizesOfArcs) {
  const OwnedInner branch = MakeBranch({{246}, {247}, {248}, {249}});
  EXPECT_EQ(Find(*branch, {247, 1}), "1 by 1");
  EXPECT_EQ(Find(*branch, {248, 1}), "2 by 2");
  EXPECT_EQ(LabelOf(*branch, 3), Packed({249}));
}

TEST_F(TrieInnerTest, ABranchOfOtherLabelsFindsItsChildren) {
  for (const std::vector<Oid>& labels :
       {std::vector<Oid>{{1, 7}, {1, 9}, {3, 3}},
        std::vector<Oid>{{1, 7}, {1, 9}, {3, 70000, 3}}}) {
    const OwnedInner branch = MakeBranch(labels);
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

TEST_F(TrieInnerTest, ASplitSendsASeparatorToTheRight) {
  const OwnedInner split = MakeIndex({{1, 5}, {2}});
  EXPECT_EQ(split->ChildFor(Packed({1, 4, 9})), 0);
  EXPECT_EQ(split->ChildFor(Packed({1, 5})), 1);
  EXPECT_EQ(split->ChildFor(Packed({1, 9})), 1);
  EXPECT_EQ(split->ChildFor(Packed({2, 0})), 2);
}

TEST_F(TrieInnerTest, CountsTheNamesBeforeEachChild) {
  const OwnedInner branch = MakeBranch({{1}, {2}, {3}});
  EXPECT_EQ(branch->size(), 9);
  EXPECT_EQ(branch->cumulative_count(0), 0);
  EXPECT_EQ(branch->cumulative_count(2), 6);
}

}  // namespace
}  // namespace passpersist::store_internal
