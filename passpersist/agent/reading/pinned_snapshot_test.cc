// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/reading/pinned_snapshot.h"

#include <memory>
#include <utility>

#include "gtest/gtest.h"
#include "passpersist/agent/mib/subtree.h"
#include "passpersist/contents.h"
#include "passpersist/oid_store.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

using passpersist_testing::FakeStore;

class PinnedSnapshotTest : public testing::Test {
 protected:
  void Update() {
    Contents contents;
    contents.Put({1}, Integer32{++updates_});
    ASSERT_TRUE(store_->Replace(std::move(contents)).ok());
  }

  int updates_ = 0;
  const std::shared_ptr<FakeStore> store_ = std::make_shared<FakeStore>();
  const Subtree subtree_{{1, 3}, store_, true};
  SnapshotPool pool_;
};

TEST_F(PinnedSnapshotTest, TwoPinsOfASnapshotAreTheSame) {
  const PinnedSnapshot::Ref first = pool_.Pin(subtree_);
  EXPECT_EQ(pool_.Pin(subtree_).get(), first.get());
  Update();
  EXPECT_FALSE(first->IsNewest());
  const PinnedSnapshot::Ref second = pool_.Pin(subtree_);
  EXPECT_NE(second.get(), first.get());
  EXPECT_TRUE(second->IsNewest());
  EXPECT_EQ(pool_.size(), 2u);
}

TEST_F(PinnedSnapshotTest, TheLastReferenceReleasesTheSnapshot) {
  const std::weak_ptr<const Snapshot> snapshot = store_->snapshot();
  PinnedSnapshot::Ref first = pool_.Pin(subtree_);
  PinnedSnapshot::Ref second = first;
  Update();
  first = PinnedSnapshot::Ref();
  EXPECT_FALSE(snapshot.expired());
  second = pool_.Pin(subtree_);
  EXPECT_TRUE(snapshot.expired());
  EXPECT_EQ(pool_.size(), 1u);
}

TEST_F(PinnedSnapshotTest, IteratorsAreUsedAgain) {
  const PinnedSnapshot::Ref pinned = pool_.Pin(subtree_);
  std::unique_ptr<Iterator> iterator = pinned->TakeIterator();
  const Iterator* const first = iterator.get();
  pinned->ReturnIterator(std::move(iterator));
  EXPECT_EQ(pinned->TakeIterator().get(), first);
}

TEST_F(PinnedSnapshotTest, FindsTheOldestAboveALimit) {
  Update();
  const PinnedSnapshot::Ref first = pool_.Pin(subtree_);
  EXPECT_EQ(pool_.OldestAbove(0), nullptr);  // it is the newest
  Update();
  const PinnedSnapshot::Ref second = pool_.Pin(subtree_);
  EXPECT_EQ(pool_.OldestAbove(0), first.get());
  EXPECT_EQ(pool_.OldestAbove(first->memory()), nullptr);
  Update();
  EXPECT_EQ(pool_.OldestAbove(first->memory()), first.get());
}

}  // namespace
}  // namespace passpersist::internal
