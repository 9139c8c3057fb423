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

// Consecutive versions of a trie. The calls of a test between Begin() and End()
// make the next version.
class NodeRefsTest : public testing::Test {
 protected:
  ~NodeRefsTest() override {
    Begin();
    End(nullptr);
    FreeGarbage();
    EXPECT_EQ(memory_, 0);
  }

  void Begin() { nodes_ = std::make_unique<NodeRefs>(++version_, memory_); }

  void End(const TrieNode* root) {
    nodes_->ReplaceRoot(root_, root);
    nodes_->Finalize();
    root_ = root;
    memory_ = nodes_->memory();
    FreeGarbage();
    garbage_ = nodes_->garbage();
    nodes_.reset();
  }

  const TrieNode* Range(uint32_t first) {
    return nodes_->Make(TrieLeaf::MakeRange, first, 200);
  }
  // A branch with the labels 1, 2, ….
  const TrieInner* Branch(const std::vector<const TrieNode*>& children) {
    std::vector<Oid> labels;
    for (uint32_t i = 1; i <= children.size(); ++i) labels.push_back({i});
    return TrieNodeMaker(nodes_.get()).Branch(labels, children);
  }
  const TrieInner* Copy(const TrieInner* inner,
                        const std::vector<const TrieNode*>& children) {
    return nodes_->CopyWithChildren(*inner, children);
  }

  std::unique_ptr<NodeRefs> nodes_;
  // The memory and the root of the last version, and the garbage it made, which
  // is valid until the next version.
  size_t memory_ = 0;
  const TrieNode* root_ = nullptr;
  std::vector<const Block*> garbage_;

 private:
  void FreeGarbage() {
    for (const Block* const block : garbage_) block->Free();
  }

  uint64_t version_ = 0;
};

TEST_F(NodeRefsTest, NewNodesAreBornInTheVersionThatIsMade) {
  Begin();
  EXPECT_EQ(Range(1)->birth(), 1);
  End(nullptr);
  Begin();
  const TrieNode* const range = Range(1);
  EXPECT_EQ(range->birth(), 2);
  EXPECT_EQ(Branch({range})->birth(), 2);
  End(nullptr);
}

TEST_F(NodeRefsTest, ListsTheChildrenOfEveryKindOfNode) {
  Begin();
  TrieNodeMaker make(nodes_.get());
  const TrieNode* const range = Range(1);
  const uint32_t arcs[] = {1, 5};
  const TrieNode* const bitmap = nodes_->Make(TrieLeaf::MakeBitmap, arcs);
  const TrieLeaf* const keys = make.Keys({{1}, {2, 2}});
  const uint32_t places[] = {1};
  const TrieNode* const masked =
      nodes_->Make(TrieLeaf::MakeMasked, keys, places);
  EXPECT_THAT(ChildrenOf(*range), IsEmpty());
  EXPECT_THAT(ChildrenOf(*bitmap), IsEmpty());
  EXPECT_THAT(ChildrenOf(*keys), IsEmpty());
  EXPECT_THAT(ChildrenOf(*masked), ElementsAre(keys));
  EXPECT_THAT(ChildrenOf(*Branch({range, bitmap, range})),
              ElementsAre(range, bitmap, range));
  EXPECT_THAT(ChildrenOf(*make.Index({{9}}, {bitmap, range})),
              ElementsAre(bitmap, range));
  End(nullptr);
}

TEST_F(NodeRefsTest, CountsTheReferencesOfParentsAndOfTheRoot) {
  Begin();
  const TrieNode* const range = Range(1);
  const TrieLeaf* const keys = TrieNodeMaker(nodes_.get()).Keys({{1}, {2}});
  const uint32_t places[] = {0};
  const TrieNode* const masked =
      nodes_->Make(TrieLeaf::MakeMasked, keys, places);
  const TrieNode* const root = Branch({range, range, masked, keys});
  End(root);
  EXPECT_EQ(root->refs, 1);
  EXPECT_EQ(range->refs, 2);
  EXPECT_EQ(masked->refs, 1);
  EXPECT_EQ(keys->refs, 2);
}

TEST_F(NodeRefsTest, MemoryIsThatOfAllReferencedNodes) {
  Begin();
  const TrieNode* const range = Range(1);
  const TrieNode* const other = Range(2);
  const TrieNode* const root = Branch({range, range, other});
  Range(3);  // unreferenced
  End(root);
  EXPECT_EQ(memory_, root->memory() + range->memory() + other->memory());
  Begin();
  const TrieNode* const next = Branch({range});
  End(next);
  EXPECT_EQ(memory_, next->memory() + range->memory());
}

TEST_F(NodeRefsTest, ARootMayBeNull) {
  Begin();
  End(nullptr);
  EXPECT_EQ(memory_, 0);
  Begin();
  const TrieNode* const range = Range(1);
  End(range);
  Begin();
  End(nullptr);
  EXPECT_THAT(garbage_, ElementsAre(range));
  EXPECT_EQ(memory_, 0);
}

TEST_F(NodeRefsTest, TheSameRootAgainChangesNothing) {
  Begin();
  const TrieNode* const range = Range(1);
  const TrieNode* const root = Branch({range});
  End(root);
  const size_t memory = memory_;
  Begin();
  End(root);
  EXPECT_THAT(garbage_, IsEmpty());
  EXPECT_EQ(root->refs, 1);
  EXPECT_EQ(range->refs, 1);
  EXPECT_EQ(memory_, memory);
}

TEST_F(NodeRefsTest, NodesThatTheNextVersionDoesNotUseAreGarbageOnce) {
  Begin();
  const TrieNode* const kept = Range(1);
  const TrieNode* const unused = Range(2);
  const TrieNode* const inner = Branch({unused, unused});
  const TrieNode* const root = Branch({kept, inner, unused, inner});
  End(root);
  Begin();
  const TrieNode* const next = Branch({Range(3), kept});
  End(next);
  EXPECT_THAT(garbage_, UnorderedElementsAre(root, inner, unused));
  EXPECT_EQ(kept->refs, 1);
}

TEST_F(NodeRefsTest, AnUnreferencedNodeDropsTheReferencesToItsChildren) {
  Begin();
  const TrieNode* const range = Range(1);
  const TrieNode* const root = Branch({range});
  End(root);
  Begin();
  Branch({Branch({range, Range(2)}), range});
  EXPECT_EQ(range->refs, 3);
  End(root);
  EXPECT_EQ(range->refs, 1);
  EXPECT_THAT(garbage_, IsEmpty());
  EXPECT_EQ(memory_, root->memory() + range->memory());
}

TEST_F(NodeRefsTest, ANewNodeMayGetAReferenceLater) {
  Begin();
  const TrieNode* const early = Range(1);
  Branch({early});  // unreferenced
  const TrieNode* const root = Branch({early});
  End(root);
  EXPECT_EQ(early->refs, 1);
  EXPECT_EQ(memory_, root->memory() + early->memory());
}

// Under the address sanitizer, which detects leaks itself, nothing is counted
// here.
TEST_F(NodeRefsTest, TheDestructorFreesUnreferencedNodes) {
  Begin();
  const TrieNode* const range = Range(1);
  End(range);
  const size_t allocated = AllocationCount();
  const size_t freed = DeallocationCount();
  {
    NodeRefs nodes(2, memory_);
    nodes.Make(TrieLeaf::MakeRange, 2, 200);
    nodes.ReplaceRoot(range, range);
  }
  EXPECT_EQ(DeallocationCount() - freed, AllocationCount() - allocated);
  EXPECT_EQ(range->refs, 1);
}

TEST_F(NodeRefsTest, TheDestructorFreesAllNewNodesIfNoRootWasSet) {
  const size_t allocated = AllocationCount();
  const size_t freed = DeallocationCount();
  {
    NodeRefs nodes(1, 0);
    TrieNodeMaker make(&nodes);
    const TrieInner* const branch =
        make.Branch({{1}}, {nodes.Make(TrieLeaf::MakeRange, 1, 200)});
    const TrieNode* const other[] = {nodes.Make(TrieLeaf::MakeRange, 2, 200)};
    nodes.CopyWithChildren(*branch, other);
  }
  EXPECT_EQ(DeallocationCount() - freed, AllocationCount() - allocated);
}

// --- Copies ---

TEST_F(NodeRefsTest, ACopyThatReplacesItsOriginalTakesOverTheReferences) {
  Begin();
  const TrieNode* const kept = Range(1);
  const TrieNode* const changed = Range(2);
  const TrieInner* const original = Branch({kept, changed, kept});
  End(original);
  Begin();
  const TrieNode* const change = Range(3);
  const TrieInner* const copy = Copy(original, {kept, change, kept});
  EXPECT_EQ(kept->refs, 2);  // not referenced by the copy yet
  EXPECT_EQ(change->refs, 0);
  End(copy);
  EXPECT_THAT(garbage_, UnorderedElementsAre(original, changed));
  EXPECT_EQ(kept->refs, 2);
  EXPECT_EQ(change->refs, 1);
  EXPECT_EQ(memory_, copy->memory() + kept->memory() + change->memory());
}

TEST_F(NodeRefsTest, ACopyMayReplaceAMaskedLeafByItsFullLeaf) {
  Begin();
  const TrieLeaf* const full =
      TrieNodeMaker(nodes_.get()).Keys({{1}, {2}, {3}});
  const uint32_t places[] = {0, 2};
  const TrieNode* const masked =
      nodes_->Make(TrieLeaf::MakeMasked, full, places);
  const TrieInner* const original = Branch({masked});
  End(original);
  Begin();
  const TrieInner* const copy = Copy(original, {full});
  End(copy);
  EXPECT_THAT(garbage_, UnorderedElementsAre(original, masked));
  EXPECT_EQ(full->refs, 1);
  EXPECT_EQ(memory_, copy->memory() + full->memory());
}

TEST_F(NodeRefsTest, ACopyBesideItsOriginalSharesItsChildren) {
  Begin();
  const TrieNode* const shared = Range(1);
  const TrieNode* const own = Range(2);
  const TrieInner* const original = Branch({shared, own});
  End(original);
  Begin();
  const TrieInner* const copy = Copy(original, {shared, Range(3)});
  const TrieNode* const root = Branch({original, copy});
  End(root);
  EXPECT_THAT(garbage_, IsEmpty());
  EXPECT_EQ(shared->refs, 2);
  EXPECT_EQ(own->refs, 1);
  EXPECT_EQ(copy->child(1)->refs, 1);
}

TEST_F(NodeRefsTest, AnUnreferencedCopyDoesNotChangeItsOriginal) {
  Begin();
  const TrieNode* const range = Range(1);
  const TrieInner* const original = Branch({range});
  End(original);
  Begin();
  Copy(original, {Range(2)});
  End(original);
  EXPECT_THAT(garbage_, IsEmpty());
  EXPECT_EQ(range->refs, 1);
  EXPECT_EQ(memory_, original->memory() + range->memory());
}

TEST_F(NodeRefsTest, AnOriginalWithAnUnreferencedCopyIsGarbageWithItsChildren) {
  Begin();
  const TrieNode* const range = Range(1);
  const TrieInner* const original = Branch({range});
  End(original);
  Begin();
  Copy(original, {Range(2)});
  const TrieNode* const root = Range(3);
  End(root);
  EXPECT_THAT(garbage_, UnorderedElementsAre(original, range));
  EXPECT_EQ(memory_, root->memory());
}

TEST_F(NodeRefsTest, CopiesOfCopiesTakeOverTheReferencesInTurn) {
  Begin();
  const TrieNode* const kept = Range(1);
  const TrieNode* const changed = Range(2);
  const TrieInner* const lower = Branch({kept, changed});
  const TrieInner* const upper = Branch({lower, kept});
  End(upper);
  Begin();
  const TrieInner* const once = Copy(lower, {kept, Range(3)});
  const TrieInner* const twice = Copy(once, {kept, Range(4)});
  const TrieInner* const root = Copy(upper, {twice, kept});
  End(root);
  EXPECT_THAT(garbage_, UnorderedElementsAre(upper, lower, changed));
  EXPECT_EQ(kept->refs, 2);
  EXPECT_EQ(twice->child(1)->refs, 1);
  EXPECT_EQ(memory_, root->memory() + twice->memory() + kept->memory() +
                         twice->child(1)->memory());
}

// Two columns that shared their rows change in different places.
TEST_F(NodeRefsTest, TwoCopiesOfAGarbageOriginalEachKeepTheirChildren) {
  Begin();
  const TrieNode* const a = Range(1);
  const TrieNode* const b = Range(2);
  const TrieNode* const c = Range(3);
  const TrieInner* const original = Branch({a, b, c});
  const TrieNode* const root = Branch({original, original});
  End(root);
  Begin();
  const TrieInner* const first = Copy(original, {Range(4), b, c});
  const TrieInner* const second = Copy(original, {a, Range(5), c});
  const TrieNode* const next = Branch({first, second});
  End(next);
  EXPECT_THAT(garbage_, UnorderedElementsAre(root, original));
  EXPECT_EQ(a->refs, 1);
  EXPECT_EQ(b->refs, 1);
  EXPECT_EQ(c->refs, 2);
  EXPECT_EQ(memory_, next->memory() + 2 * first->memory() + 5 * a->memory());
}

}  // namespace
}  // namespace passpersist::store_internal
