// SPDX-License-Identifier: Apache-2.0

#include "store/trie/node_refs.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/allocation_count.h"
#include "store/trie/testing/trie_checker.h"
#include "store/trie/testing/trie_node_factory.h"
#include "store/trie/trie_inner.h"
#include "store/trie/trie_leaf.h"
#include "store/trie/trie_node.h"
#include "store/version/block.h"

namespace passpersist::store_internal {
namespace {

using passpersist_testing::AllocationCount;
using passpersist_testing::DeallocationCount;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

std::vector<const TrieNode*> ChildrenOf(const TrieNode& node) {
  std::vector<const TrieNode*> children;
  ForEachChild(node, [&](const TrieNode* child) { children.push_back(child); });
  return children;
}

// One version of a trie after the other. What a test calls between Begin() and
// End() makes the next one.
class NodeRefsTest : public testing::Test {
 protected:
  ~NodeRefsTest() override {
    Begin();
    End(nullptr);
    FreeRetired();
    EXPECT_EQ(memory_, 0);
  }

  void Begin() { nodes_ = std::make_unique<NodeRefs>(++version_, memory_); }

  void End(const TrieNode* root) {
    nodes_->ReplaceRoot(root_, root);
    nodes_->Finalize();
    root_ = root;
    memory_ = nodes_->memory();
    FreeRetired();
    garbage_ = nodes_->garbage();
    nodes_.reset();
  }

  const TrieNode* Run(uint32_t first) { return nodes_->MakeRange(first, 200); }
  // Labelled 1, 2, ….
  const TrieInner* Branch(const std::vector<const TrieNode*>& children) {
    std::vector<Oid> labels;
    for (uint32_t i = 1; i <= children.size(); ++i) labels.push_back({i});
    return TrieNodeMaker(nodes_.get()).Branch(labels, children);
  }
  const TrieInner* Like(const TrieInner* inner,
                        const std::vector<const TrieNode*>& children) {
    return nodes_->CopyWithChildren(*inner, children);
  }

  std::unique_ptr<NodeRefs> nodes_;
  size_t memory_ = 0;  // of the last version
  // Its root, and what the one before had and it has not; valid until the next
  // one.
  const TrieNode* root_ = nullptr;
  std::vector<const Block*> garbage_;

 private:
  void FreeRetired() {
    for (const Block* const part : garbage_) part->Free();
  }

  uint64_t version_ = 0;
};

TEST_F(NodeRefsTest, NewNodesAreBornInTheVersionThatIsMade) {
  Begin();
  EXPECT_EQ(Run(1)->birth(), 1);
  End(nullptr);
  Begin();
  const TrieNode* const run = Run(1);
  EXPECT_EQ(run->birth(), 2);
  EXPECT_EQ(Branch({run})->birth(), 2);
  End(nullptr);
}

TEST_F(NodeRefsTest, TellsTheChildrenOfEveryKindOfNode) {
  Begin();
  TrieNodeMaker make(nodes_.get());
  const TrieNode* const run = Run(1);
  const uint32_t arcs[] = {1, 5};
  const TrieNode* const bits = nodes_->MakeBitmap(arcs);
  const TrieLeaf* const keys = make.Keys({{1}, {2, 2}});
  const uint32_t places[] = {1};
  const TrieNode* const subset = nodes_->MakeMasked(keys, places);
  EXPECT_THAT(ChildrenOf(*run), IsEmpty());
  EXPECT_THAT(ChildrenOf(*bits), IsEmpty());
  EXPECT_THAT(ChildrenOf(*keys), IsEmpty());
  EXPECT_THAT(ChildrenOf(*subset), ElementsAre(keys));
  EXPECT_THAT(ChildrenOf(*Branch({run, bits, run})),
              ElementsAre(run, bits, run));
  EXPECT_THAT(ChildrenOf(*make.Split({{9}}, {bits, run})),
              ElementsAre(bits, run));
  End(nullptr);
}

TEST_F(NodeRefsTest, OwnersAreTheReferencesFromAboveAndTheRoot) {
  Begin();
  const TrieNode* const run = Run(1);
  const TrieLeaf* const keys = TrieNodeMaker(nodes_.get()).Keys({{1}, {2}});
  const uint32_t places[] = {0};
  const TrieNode* const subset = nodes_->MakeMasked(keys, places);
  const TrieNode* const root = Branch({run, run, subset, keys});
  End(root);
  EXPECT_EQ(root->refs, 1);
  EXPECT_EQ(run->refs, 2);
  EXPECT_EQ(subset->refs, 1);
  EXPECT_EQ(keys->refs, 2);
}

TEST_F(NodeRefsTest, MemoryIsThatOfAllNodesWithAnOwner) {
  Begin();
  const TrieNode* const run = Run(1);
  const TrieNode* const other = Run(2);
  const TrieNode* const root = Branch({run, run, other});
  Run(3);  // in vain
  End(root);
  EXPECT_EQ(memory_, root->memory() + run->memory() + other->memory());
  Begin();
  const TrieNode* const next = Branch({run});
  End(next);
  EXPECT_EQ(memory_, next->memory() + run->memory());
}

TEST_F(NodeRefsTest, ARootMayBeNull) {
  Begin();
  End(nullptr);
  EXPECT_EQ(memory_, 0);
  Begin();
  const TrieNode* const run = Run(1);
  End(run);
  Begin();
  End(nullptr);
  EXPECT_THAT(garbage_, ElementsAre(run));
  EXPECT_EQ(memory_, 0);
}

TEST_F(NodeRefsTest, TheSameRootAgainChangesNothing) {
  Begin();
  const TrieNode* const run = Run(1);
  const TrieNode* const root = Branch({run});
  End(root);
  const size_t memory = memory_;
  Begin();
  End(root);
  EXPECT_THAT(garbage_, IsEmpty());
  EXPECT_EQ(root->refs, 1);
  EXPECT_EQ(run->refs, 1);
  EXPECT_EQ(memory_, memory);
}

TEST_F(NodeRefsTest, RetiresWhatTheNextVersionDoesWithoutEachOnce) {
  Begin();
  const TrieNode* const kept = Run(1);
  const TrieNode* const gone = Run(2);
  const TrieNode* const inner = Branch({gone, gone});
  const TrieNode* const root = Branch({kept, inner, gone, inner});
  End(root);
  Begin();
  const TrieNode* const next = Branch({Run(3), kept});
  End(next);
  EXPECT_THAT(garbage_, UnorderedElementsAre(root, inner, gone));
  EXPECT_EQ(kept->refs, 1);
}

TEST_F(NodeRefsTest, WhatWasMadeInVainGivesItsChildrenBack) {
  Begin();
  const TrieNode* const run = Run(1);
  const TrieNode* const root = Branch({run});
  End(root);
  Begin();
  Branch({Branch({run, Run(2)}), run});
  EXPECT_EQ(run->refs, 3);
  End(root);
  EXPECT_EQ(run->refs, 1);
  EXPECT_THAT(garbage_, IsEmpty());
  EXPECT_EQ(memory_, root->memory() + run->memory());
}

TEST_F(NodeRefsTest, ANewNodeMayFindItsOwnerLater) {
  Begin();
  const TrieNode* const early = Run(1);
  Branch({early});  // in vain
  const TrieNode* const root = Branch({early});
  End(root);
  EXPECT_EQ(early->refs, 1);
  EXPECT_EQ(memory_, root->memory() + early->memory());
}

// Under the address sanitizer, which counts for itself, nothing is counted
// here.
TEST_F(NodeRefsTest, FreesWhatWasMadeInVainWhenItGoes) {
  Begin();
  const TrieNode* const run = Run(1);
  End(run);
  const size_t allocated = AllocationCount();
  const size_t freed = DeallocationCount();
  {
    NodeRefs nodes(2, memory_);
    nodes.MakeRange(2, 200);
    nodes.ReplaceRoot(run, run);
  }
  EXPECT_EQ(DeallocationCount() - freed, AllocationCount() - allocated);
  EXPECT_EQ(run->refs, 1);
}

TEST_F(NodeRefsTest, FreesAllThatItMadeIfNoRootWasSet) {
  const size_t allocated = AllocationCount();
  const size_t freed = DeallocationCount();
  {
    NodeRefs nodes(1, 0);
    TrieNodeMaker make(&nodes);
    const TrieInner* const branch =
        make.Branch({{1}}, {nodes.MakeRange(1, 200)});
    const TrieNode* const other[] = {nodes.MakeRange(2, 200)};
    nodes.CopyWithChildren(*branch, other);
  }
  EXPECT_EQ(DeallocationCount() - freed, AllocationCount() - allocated);
}

// --- Nodes that are made like others ---

TEST_F(NodeRefsTest, ANodeInThePlaceOfItsModelTakesItsChildren) {
  Begin();
  const TrieNode* const kept = Run(1);
  const TrieNode* const changed = Run(2);
  const TrieInner* const model = Branch({kept, changed, kept});
  End(model);
  Begin();
  const TrieNode* const change = Run(3);
  const TrieInner* const like = Like(model, {kept, change, kept});
  EXPECT_EQ(kept->refs, 2);  // nobody's owner yet
  EXPECT_EQ(change->refs, 0);
  End(like);
  EXPECT_THAT(garbage_, UnorderedElementsAre(model, changed));
  EXPECT_EQ(kept->refs, 2);
  EXPECT_EQ(change->refs, 1);
  EXPECT_EQ(memory_, like->memory() + kept->memory() + change->memory());
}

TEST_F(NodeRefsTest, ANodeInThePlaceOfItsModelMayHaveALeafOfASubset) {
  Begin();
  const TrieLeaf* const all = TrieNodeMaker(nodes_.get()).Keys({{1}, {2}, {3}});
  const uint32_t places[] = {0, 2};
  const TrieNode* const subset = nodes_->MakeMasked(all, places);
  const TrieInner* const model = Branch({subset});
  End(model);
  Begin();
  const TrieInner* const like = Like(model, {all});
  End(like);
  EXPECT_THAT(garbage_, UnorderedElementsAre(model, subset));
  EXPECT_EQ(all->refs, 1);
  EXPECT_EQ(memory_, like->memory() + all->memory());
}

TEST_F(NodeRefsTest, ANodeBesideItsModelSharesItsChildren) {
  Begin();
  const TrieNode* const shared = Run(1);
  const TrieNode* const own = Run(2);
  const TrieInner* const model = Branch({shared, own});
  End(model);
  Begin();
  const TrieInner* const like = Like(model, {shared, Run(3)});
  const TrieNode* const root = Branch({model, like});
  End(root);
  EXPECT_THAT(garbage_, IsEmpty());
  EXPECT_EQ(shared->refs, 2);
  EXPECT_EQ(own->refs, 1);
  EXPECT_EQ(like->child(1)->refs, 1);
}

TEST_F(NodeRefsTest, ANodeThatIsMadeInVainLeavesItsModelAlone) {
  Begin();
  const TrieNode* const run = Run(1);
  const TrieInner* const model = Branch({run});
  End(model);
  Begin();
  Like(model, {Run(2)});
  End(model);
  EXPECT_THAT(garbage_, IsEmpty());
  EXPECT_EQ(run->refs, 1);
  EXPECT_EQ(memory_, model->memory() + run->memory());
}

TEST_F(NodeRefsTest, AModelWhoseFollowerIsInVainGoesWithItsChildren) {
  Begin();
  const TrieNode* const run = Run(1);
  const TrieInner* const model = Branch({run});
  End(model);
  Begin();
  Like(model, {Run(2)});
  const TrieNode* const root = Run(3);
  End(root);
  EXPECT_THAT(garbage_, UnorderedElementsAre(model, run));
  EXPECT_EQ(memory_, root->memory());
}

TEST_F(NodeRefsTest, NodesLikeANodeLikeAnotherTakeTheirPlacesInTurn) {
  Begin();
  const TrieNode* const kept = Run(1);
  const TrieNode* const changed = Run(2);
  const TrieInner* const lower = Branch({kept, changed});
  const TrieInner* const upper = Branch({lower, kept});
  End(upper);
  Begin();
  const TrieInner* const once = Like(lower, {kept, Run(3)});
  const TrieInner* const twice = Like(once, {kept, Run(4)});
  const TrieInner* const root = Like(upper, {twice, kept});
  End(root);
  EXPECT_THAT(garbage_, UnorderedElementsAre(upper, lower, changed));
  EXPECT_EQ(kept->refs, 2);
  EXPECT_EQ(twice->child(1)->refs, 1);
  EXPECT_EQ(memory_, root->memory() + twice->memory() + kept->memory() +
                         twice->child(1)->memory());
}

// Two columns that have shared their rows change in different places.
TEST_F(NodeRefsTest, OfTwoNodesLikeARetiredOneEachKeepsItsChildren) {
  Begin();
  const TrieNode* const a = Run(1);
  const TrieNode* const b = Run(2);
  const TrieNode* const c = Run(3);
  const TrieInner* const model = Branch({a, b, c});
  const TrieNode* const root = Branch({model, model});
  End(root);
  Begin();
  const TrieInner* const first = Like(model, {Run(4), b, c});
  const TrieInner* const second = Like(model, {a, Run(5), c});
  const TrieNode* const next = Branch({first, second});
  End(next);
  EXPECT_THAT(garbage_, UnorderedElementsAre(root, model));
  EXPECT_EQ(a->refs, 1);
  EXPECT_EQ(b->refs, 1);
  EXPECT_EQ(c->refs, 2);
  EXPECT_EQ(memory_, next->memory() + 2 * first->memory() + 5 * a->memory());
}

}  // namespace
}  // namespace passpersist::store_internal
