// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/reading/walk_positions.h"

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "passpersist/agent/mib/subtree.h"
#include "passpersist/agent/reading/pinned_snapshot.h"
#include "passpersist/oid.h"
#include "passpersist/testing/fake_store.h"

namespace passpersist::internal {
namespace {

using passpersist_testing::FakeStore;
using Position = WalkPositions::Position;

constexpr absl::Duration kLifetime = absl::Seconds(5);
constexpr absl::Duration kNow = absl::Seconds(100);

class WalkPositionsTest : public testing::Test {
 protected:
  Position* Add(const Oid& answered) { return walks_.Add(0, answered, kNow); }
  void Move(Position* walk, const Oid& answered) {
    walks_.Move(walk, 0, answered, kNow);
  }
  // The position that is found by its last answer, or by its last question.
  Position* Answered(const Oid& oid) {
    Position* const walk = walks_.Find(0, oid, kNow);
    return walk != nullptr && walk->answered() == oid ? walk : nullptr;
  }
  Position* Asked(const Oid& oid) {
    Position* const walk = walks_.Find(0, oid, kNow);
    return walk != nullptr && walk->answered() != oid ? walk : nullptr;
  }

  SnapshotPool pool_;
  WalkPositions walks_{kLifetime};
};

TEST_F(WalkPositionsTest, FindsAPositionByBothNames) {
  EXPECT_EQ(Answered({1}), nullptr);
  EXPECT_EQ(Asked({1}), nullptr);
  Position* const walk = Add({1});
  EXPECT_EQ(Answered({1}), walk);
  Move(walk, {2});
  EXPECT_EQ(Answered({2}), walk);
  EXPECT_EQ(Asked({1}), walk);
  EXPECT_EQ(Answered({1}), nullptr);
  EXPECT_EQ(Asked({2}), nullptr);
  EXPECT_EQ(walks_.Find(1, {2}, kNow), nullptr);
  EXPECT_EQ(walks_.Find(1, {1}, kNow), nullptr);
}

TEST_F(WalkPositionsTest, FindsAPositionByItsLastNamesOnly) {
  Position* const walk = Add({2});
  Move(walk, {3});
  EXPECT_EQ(Answered({3}), walk);
  EXPECT_EQ(Asked({2}), walk);
  EXPECT_EQ(Answered({2}), nullptr);
  EXPECT_EQ(Asked({1}), nullptr);
  walks_.Move(walk, 7, {1}, kNow);
  EXPECT_EQ(walks_.Find(7, {1}, kNow), walk);
  EXPECT_EQ(Asked({2}), nullptr);
}

TEST_F(WalkPositionsTest, FindsTheOneThatWasUsedLast) {
  Position* const first = Add({1});
  Move(first, {2});
  Position* const second = Add({1});
  Move(second, {2});
  EXPECT_EQ(Answered({2}), second);
  EXPECT_EQ(Asked({1}), second);
  walks_.Remove(second);
  EXPECT_EQ(Answered({2}), first);
  EXPECT_EQ(Asked({1}), first);
}

TEST_F(WalkPositionsTest, FindsWalksThatContinueByTurns) {
  Position* const first = Add({1, 10});
  Position* const second = Add({2, 10});
  for (uint32_t i = 11; i < 20; ++i) {
    EXPECT_EQ(Answered({1, i - 1}), first);
    Move(first, {1, i});
    EXPECT_EQ(Asked({1, i - 1}), first);
    EXPECT_EQ(Answered({2, i - 1}), second);
    Move(second, {2, i});
    EXPECT_EQ(Asked({2, i - 1}), second);
    EXPECT_EQ(Answered({1, i}), first);
  }
  EXPECT_EQ(walks_.size(), 2u);
}

TEST_F(WalkPositionsTest, FindsTheOthersAfterTheNewestIsRemoved) {
  Position* const first = Add({1});
  Position* const second = Add({2});
  Move(second, {3});
  walks_.Remove(second);
  EXPECT_EQ(walks_.Find(0, {2}, kNow), nullptr);
  EXPECT_EQ(walks_.Find(0, {3}, kNow), nullptr);
  EXPECT_EQ(Answered({1}), first);
  Position* const third = Add({3});
  EXPECT_EQ(Answered({3}), third);
  walks_.Remove(first);
  EXPECT_EQ(Answered({1}), nullptr);
  EXPECT_EQ(Answered({3}), third);
  EXPECT_EQ(walks_.size(), 1u);
}

TEST_F(WalkPositionsTest, APositionExpiresAfterItsLastUse) {
  Position* const walk = Add({1});
  Move(walk, {2});
  const absl::Duration later = kNow + kLifetime - absl::Nanoseconds(1);
  EXPECT_EQ(walks_.Find(0, {2}, later), walk);
  EXPECT_EQ(walks_.Find(0, {2}, kNow + kLifetime), nullptr);
  EXPECT_EQ(walks_.Find(0, {1}, kNow + kLifetime), nullptr);
  walks_.Move(walk, 0, {3}, later);
  walks_.RemoveExpired(kNow + kLifetime);
  EXPECT_EQ(walks_.Find(0, {3}, kNow + kLifetime), walk);
  walks_.RemoveExpired(later + kLifetime);
  EXPECT_EQ(walks_.size(), 0u);
}

// A poller of random names begins a walk with each request.
TEST_F(WalkPositionsTest, PositionsThatDoNotContinuePushOutNoWalk) {
  Position* const walk = Add({2});
  Move(walk, {3});
  for (uint32_t i = 0; i < 10'000; ++i) Add({5, i});
  EXPECT_EQ(walks_.size(), WalkPositions::kMaxBegun + 1);
  EXPECT_EQ(Answered({3}), walk);
  EXPECT_EQ(Answered({5, 0}), nullptr);
  EXPECT_NE(Answered({5, 9'999}), nullptr);
}

TEST_F(WalkPositionsTest, TheWalkThatWasUsedLeastRecentlyIsPushedOut) {
  const auto continue_walk = [this](uint32_t i) { Move(Add({i, 2}), {i, 3}); };
  for (uint32_t i = 0; i < WalkPositions::kMaxContinued; ++i) continue_walk(i);
  Move(Answered({0, 3}), {0, 4});
  continue_walk(10'000);
  EXPECT_EQ(walks_.size(), WalkPositions::kMaxContinued);
  EXPECT_NE(Answered({0, 4}), nullptr);
  EXPECT_EQ(Answered({1, 3}), nullptr);
  EXPECT_NE(Answered({2, 3}), nullptr);
}

TEST_F(WalkPositionsTest, DropsSnapshotsButKeepsTheNames) {
  const Subtree subtree({1, 3}, std::make_shared<FakeStore>(), true);
  Position* const walk = Add({2});
  walk->snapshot = pool_.Pin(subtree);
  walk->iterator = walk->snapshot->TakeIterator();
  walks_.DropSnapshots([](const PinnedSnapshot&) { return true; });
  EXPECT_FALSE(walk->snapshot);
  EXPECT_EQ(walk->iterator, nullptr);
  EXPECT_EQ(pool_.size(), 0u);
  EXPECT_EQ(Answered({2}), walk);
}

}  // namespace
}  // namespace passpersist::internal
