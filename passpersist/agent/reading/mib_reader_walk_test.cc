// SPDX-License-Identifier: Apache-2.0
//
// How MibReader continues walks, and the memory that it allocates.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent/mib/mib_tree.h"
#include "passpersist/agent/mib/subtree.h"
#include "passpersist/agent/reading/burst.h"
#include "passpersist/agent/reading/mib_reader.h"
#include "passpersist/agent/testing/mib_reader_fixture.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/pdu.h"
#include "passpersist/stored_value.h"
#include "passpersist/testing/allocation_count.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/testing/response_text.h"
#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

using passpersist_testing::AllocationCount;
using passpersist_testing::Text;
using testing::ElementsAre;

using MibReaderWalkTest = MibReaderTest;

const absl::Duration kLifetime = MibReader::Options().walk_lifetime;

// --- Walks and their snapshots ---

TEST_F(MibReaderWalkTest, AWalkStaysInTheSnapshotThatItBeganWith) {
  Replace(first_.get(), {{{1}, Integer32{1}}, {{3}, Integer32{3}}});
  EXPECT_EQ(Next({1, 3, 8}), ".1.3.8.1 = Integer32 1");
  Replace(first_.get(), {{{1}, Integer32{-1}}, {{2}, Integer32{-2}}});
  EXPECT_EQ(Next({1, 3, 8, 1}), ".1.3.8.3 = Integer32 3");
  EXPECT_EQ(Next({1, 3, 8, 3}), "end");
  EXPECT_THAT(Walk({1, 3, 8}), ElementsAre(".1.3.8.1 = Integer32 -1",
                                           ".1.3.8.2 = Integer32 -2"));
}

TEST_F(MibReaderWalkTest, AGetDoesNotDisturbAWalk) {
  Replace(first_.get(), {{{1}, Integer32{1}}, {{3}, Integer32{3}}});
  EXPECT_EQ(Next({1, 3, 8}), ".1.3.8.1 = Integer32 1");
  Replace(first_.get(), {{{3}, Integer32{-3}}});
  EXPECT_EQ(Get({1, 3, 8, 3}), ".1.3.8.3 = Integer32 -3");
  EXPECT_EQ(Next({1, 3, 8, 1}), ".1.3.8.3 = Integer32 3");
}

TEST_F(MibReaderWalkTest, AWalkContinuesInTheNewestSnapshotAfterItsTime) {
  Replace(first_.get(), {{{1}, Integer32{1}},
                         {{2}, Integer32{2}},
                         {{3}, Integer32{3}},
                         {{5}, Integer32{5}}});
  EXPECT_EQ(Next({1, 3, 8}), ".1.3.8.1 = Integer32 1");
  Replace(first_.get(), {{{2}, Integer32{-2}}, {{4}, Integer32{-4}}});
  clock_.Advance(kLifetime - absl::Nanoseconds(1));
  EXPECT_EQ(Next({1, 3, 8, 1}), ".1.3.8.2 = Integer32 2");
  clock_.Advance(kLifetime);
  // Row 3 was removed and row 4 was added.
  EXPECT_EQ(Next({1, 3, 8, 2}), ".1.3.8.4 = Integer32 -4");
}

TEST_F(MibReaderWalkTest, AWalkReleasesItsSnapshotAfterItsTime) {
  Replace(first_.get(), {{{1}, Integer32{1}}, {{2}, Integer32{2}}});
  const std::weak_ptr<const Snapshot> old = first_->snapshot();
  EXPECT_EQ(Next({1, 3, 8}), ".1.3.8.1 = Integer32 1");
  Replace(first_.get(), {{{1}, Integer32{-1}}});
  EXPECT_FALSE(old.expired());
  clock_.Advance(kLifetime);
  reader_.ForgetOld(clock_.Now());
  EXPECT_TRUE(old.expired());
}

TEST_F(MibReaderWalkTest, AnAnswerOutsideOfTheRangeEndsAWalk) {
  Replace(first_.get(), {{{1}, Integer32{1}}, {{3}, Integer32{3}}});
  const std::weak_ptr<const Snapshot> old = first_->snapshot();
  EXPECT_THAT(Walk({1, 3, 8}, {1, 3, 8, 3}),
              ElementsAre(".1.3.8.1 = Integer32 1"));
  Replace(first_.get(), {});
  reader_.ForgetOld(clock_.Now());
  EXPECT_TRUE(old.expired());
}

TEST_F(MibReaderWalkTest, ForgetMovesAllWalksToTheNewestSnapshots) {
  Replace(first_.get(), {{{1}, Integer32{1}}, {{2}, Integer32{2}}});
  EXPECT_EQ(Next({1, 3, 8}), ".1.3.8.1 = Integer32 1");
  Replace(first_.get(), {{{3}, Integer32{3}}});
  reader_.Forget();
  EXPECT_EQ(Next({1, 3, 8, 1}), ".1.3.8.3 = Integer32 3");
}

TEST_F(MibReaderWalkTest, EntersTheNextSubtreeInItsNewestSnapshot) {
  Replace(first_.get(), {{{1}, Integer32{1}}});
  Replace(second_.get(), {{{1}, Integer32{2}}, {{2}, Integer32{3}}});
  EXPECT_EQ(Next({1, 3, 8}), ".1.3.8.1 = Integer32 1");
  Replace(second_.get(), {{{1}, Integer32{-2}}, {{2}, Integer32{-3}}});
  EXPECT_EQ(Next({1, 3, 8, 1}), ".1.3.9.1 = Integer32 -2");
  Replace(second_.get(), {});
  EXPECT_EQ(Next({1, 3, 9, 1}), ".1.3.9.2 = Integer32 -3");
}

// A table of `columns` columns and `rows` rows, all of `value`.
Contents Table(uint32_t columns, uint32_t rows, const Value& value) {
  Contents contents;
  for (uint32_t column = 1; column <= columns; ++column) {
    for (uint32_t row = 1; row <= rows; ++row) {
      contents.Put({column, row}, value);
    }
  }
  return contents;
}

TEST_F(MibReaderWalkTest, WalksTheColumnsOfATableSideBySideInOneSnapshot) {
  ASSERT_TRUE(first_->Replace(Table(3, 4, Integer32{1})).ok());
  for (uint32_t row = 0; row < 4; ++row) {
    for (const uint32_t column : {1, 2, 3}) {
      EXPECT_EQ(
          Next(row == 0 ? Oid{1, 3, 8, column} : Oid{1, 3, 8, column, row}),
          absl::StrCat(".1.3.8.", column, ".", row + 1, " = Integer32 1"));
    }
    ASSERT_TRUE(first_->Replace(Table(3, 5 + row, Integer32{2})).ok());
  }
}

TEST_F(MibReaderWalkTest, AnswersCorrectlyWithMoreWalksThanItRemembers) {
  ASSERT_TRUE(first_->Replace(Table(100, 3, Integer32{1})).ok());
  for (uint32_t row = 1; row < 3; ++row) {
    for (uint32_t column = 1; column <= 100; ++column) {
      EXPECT_EQ(
          Next({1, 3, 8, column, row}),
          absl::StrCat(".1.3.8.", column, ".", row + 1, " = Integer32 1"));
    }
  }
}

TEST_F(MibReaderWalkTest, KeepsTheWalksThatWereUsedLast) {
  ASSERT_TRUE(first_->Replace(Table(100, 100, Integer32{1})).ok());
  EXPECT_EQ(Next({1, 3, 8, 1}), ".1.3.8.1.1 = Integer32 1");
  ASSERT_TRUE(first_->Replace(Table(100, 100, Integer32{2})).ok());
  for (uint32_t i = 1; i < 100; ++i) {
    // The walk that continues, then a new walk that never continues.
    EXPECT_EQ(Next({1, 3, 8, 1, i}),
              absl::StrCat(".1.3.8.1.", i + 1, " = Integer32 1"));
    EXPECT_EQ(Next({1, 3, 8, i + 1}),
              absl::StrCat(".1.3.8.", i + 1, ".1 = Integer32 2"));
  }
}

TEST_F(MibReaderWalkTest, KeepsTwoWalksOverTheSameRowsApart) {
  ASSERT_TRUE(first_->Replace(Table(1, 4, Integer32{1})).ok());
  EXPECT_EQ(Next({1, 3, 8}), ".1.3.8.1.1 = Integer32 1");
  EXPECT_EQ(Next({1, 3, 8, 1, 1}), ".1.3.8.1.2 = Integer32 1");
  EXPECT_EQ(Next({1, 3, 8}), ".1.3.8.1.1 = Integer32 1");
  EXPECT_EQ(Next({1, 3, 8, 1, 1}), ".1.3.8.1.2 = Integer32 1");
  EXPECT_EQ(Next({1, 3, 8, 1, 2}), ".1.3.8.1.3 = Integer32 1");
  EXPECT_EQ(Next({1, 3, 8, 1, 2}), ".1.3.8.1.3 = Integer32 1");
}

TEST_F(MibReaderWalkTest, ContinuesTheLatestOfTheWalksThatEndedAtOneRow) {
  ASSERT_TRUE(first_->Replace(Table(1, 4, Integer32{1})).ok());
  EXPECT_EQ(Next({1, 3, 8}), ".1.3.8.1.1 = Integer32 1");
  EXPECT_EQ(Next({1, 3, 8, 1, 1}), ".1.3.8.1.2 = Integer32 1");
  // This walk does not continue; another walk begins in the next snapshot.
  ASSERT_TRUE(first_->Replace(Table(1, 4, Integer32{2})).ok());
  EXPECT_EQ(Next({1, 3, 8}), ".1.3.8.1.1 = Integer32 2");
  EXPECT_EQ(Next({1, 3, 8, 1, 1}), ".1.3.8.1.2 = Integer32 2");
  EXPECT_EQ(Next({1, 3, 8, 1, 2}), ".1.3.8.1.3 = Integer32 2");
}

TEST_F(MibReaderWalkTest, ARepeatedRequestGetsTheSameAnswer) {
  ASSERT_TRUE(first_->Replace(Table(1, 3, Integer32{1})).ok());
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Next({1, 3, 8, 1, 1}), ".1.3.8.1.2 = Integer32 1");
  }
}

TEST_F(MibReaderWalkTest, ARetransmissionIsAnsweredFromTheSnapshotOfTheWalk) {
  ASSERT_TRUE(first_->Replace(Table(1, 4, Integer32{1})).ok());
  EXPECT_EQ(Next({1, 3, 8}), ".1.3.8.1.1 = Integer32 1");
  EXPECT_EQ(Next({1, 3, 8, 1, 1}), ".1.3.8.1.2 = Integer32 1");
  ASSERT_TRUE(first_->Replace(Table(1, 4, Integer32{2})).ok());
  EXPECT_EQ(Next({1, 3, 8, 1, 1}), ".1.3.8.1.2 = Integer32 1");
  EXPECT_EQ(Next({1, 3, 8, 1, 2}), ".1.3.8.1.3 = Integer32 1");
}

TEST_F(MibReaderWalkTest, ARepeatedRequestGetsNewValuesInTheEnd) {
  ASSERT_TRUE(first_->Replace(Table(1, 4, Integer32{1})).ok());
  EXPECT_EQ(Next({1, 3, 8, 1, 1}), ".1.3.8.1.2 = Integer32 1");
  EXPECT_EQ(Next({1, 3, 8, 1, 2}), ".1.3.8.1.3 = Integer32 1");
  ASSERT_TRUE(first_->Replace(Table(1, 4, Integer32{2})).ok());
  // It could be a retransmission for as long as a walk may pause.
  for (absl::Duration passed; passed < kLifetime; passed += absl::Seconds(1)) {
    EXPECT_EQ(Next({1, 3, 8, 1, 2}), ".1.3.8.1.3 = Integer32 1");
    clock_.Advance(absl::Seconds(1));
  }
  for (int32_t value = 2; value < 5; ++value) {
    ASSERT_TRUE(first_->Replace(Table(1, 4, Integer32{value})).ok());
    EXPECT_EQ(Next({1, 3, 8, 1, 2}),
              absl::StrCat(".1.3.8.1.3 = Integer32 ", value));
    clock_.Advance(absl::Seconds(1));
  }
}

TEST_F(MibReaderWalkTest, TwoHundredColumnsSideBySideAreOneSnapshot) {
  ASSERT_TRUE(first_->Replace(Table(200, 5, Integer32{1})).ok());
  request_is_pdu_ = false;
  for (uint32_t row = 0; row < 4; ++row) {
    for (uint32_t column = 1; column <= 200; ++column) {
      EXPECT_EQ(
          Next(row == 0 ? Oid{1, 3, 8, column} : Oid{1, 3, 8, column, row}),
          absl::StrCat(".1.3.8.", column, ".", row + 1, " = Integer32 1"));
    }
    ASSERT_TRUE(first_->Replace(Table(200, 5, Integer32{2})).ok());
    clock_.Advance(absl::Seconds(1));
  }
}

// A poller of random names beside a walk.
TEST_F(MibReaderWalkTest, PollersPushOutNoWalk) {
  ASSERT_TRUE(first_->Replace(Table(3, 2000, Integer32{1})).ok());
  EXPECT_EQ(Next({1, 3, 8, 1, 1}), ".1.3.8.1.2 = Integer32 1");
  EXPECT_EQ(Next({1, 3, 8, 1, 2}), ".1.3.8.1.3 = Integer32 1");
  ASSERT_TRUE(first_->Replace(Table(3, 2000, Integer32{2})).ok());
  for (uint32_t row = 1; row < 2000; ++row) {
    EXPECT_EQ(Next({1, 3, 8, 2, row}),
              absl::StrCat(".1.3.8.2.", row + 1, " = Integer32 2"));
    // Makes each of them begin a walk.
    EXPECT_EQ(Next({1, 3, 8, 3, row}),
              absl::StrCat(".1.3.8.3.", row + 1, " = Integer32 2"));
  }
  EXPECT_EQ(Next({1, 3, 8, 1, 3}), ".1.3.8.1.4 = Integer32 1");
}

// --- Bursts ---

// The stores of the fixture have no update, so that their owner's writes are
// seen at once. These have one.
class BurstReadTest : public MibReaderTest {
 protected:
  BurstReadTest() { request_is_pdu_ = false; }

  std::string Get(const Oid& oid) {
    ResponseVarBind binding = {oid, Value()};
    Request request(this, &burst_reader_, oid);
    burst_reader_.Get(&binding, request.get());
    return Text(binding);
  }

  std::string Next(const Oid& oid) {
    ResponseVarBind binding;
    Request request(this, &burst_reader_, oid);
    burst_reader_.Next({oid, false, {}}, &binding, request.get());
    return Text(binding);
  }

  void Update(int32_t value) {
    ASSERT_TRUE(updated_->Replace(Table(3, 3, Integer32{value})).ok());
  }

  const std::shared_ptr<passpersist_testing::FakeStore> updated_ =
      std::make_shared<passpersist_testing::FakeStore>();
  const MibTree updated_tree_{[this] {
                                MibTree::Subtrees subtrees;
                                subtrees.push_back(std::make_unique<Subtree>(
                                    Oid{1, 3}, updated_, /*is_updated=*/true));
                                return subtrees;
                              }(),
                              {}};
  MibReader burst_reader_{
      &updated_tree_, &errors_, &computed_values_, CheckBinding, {}};
};

TEST_F(BurstReadTest, TheGetsOfABurstAreOneSnapshot) {
  Update(1);
  EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 1");
  Update(2);
  clock_.Advance(absl::Milliseconds(19));
  EXPECT_EQ(Get({1, 3, 2, 1}), ".1.3.2.1 = Integer32 1");
  EXPECT_EQ(Next({1, 3, 2, 1}), ".1.3.2.2 = Integer32 1");
  clock_.Advance(absl::Milliseconds(20));
  EXPECT_EQ(Get({1, 3, 3, 1}), ".1.3.3.1 = Integer32 2");
}

TEST_F(BurstReadTest, EachPduOfAPollerIsNew) {
  for (int32_t round = 1; round <= 3; ++round) {
    Update(round);
    for (uint32_t column = 1; column <= 3; ++column) {
      EXPECT_EQ(Get({1, 3, column, 1}),
                absl::StrCat(".1.3.", column, ".1 = Integer32 ", round));
    }
  }
}

TEST_F(BurstReadTest, ASetIsSeenByTheNextRequest) {
  Update(1);
  EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 1");
  // Of another connection.
  ASSERT_TRUE(PublishSet(updated_tree_, {1, 3, 1, 2}, Integer32{7}));
  EXPECT_EQ(Get({1, 3, 1, 2}), ".1.3.1.2 = Integer32 7");
}

TEST_F(BurstReadTest, ABurstSeesTheRowsOfALiveTableWhole) {
  MibTree::Subtrees subtrees;
  subtrees.push_back(std::make_unique<Subtree>(
      Oid{1, 3}, Oid{1, 3}, std::vector<Oid>{{1, 3}}, updated_,
      /*is_updated=*/false, absl::InfiniteDuration(), /*is_live_table=*/true));
  const MibTree objects(std::move(subtrees), {});
  MibReader reader(&objects, &errors_, &computed_values_, CheckBinding, {});
  const auto next = [&](const Oid& oid) {
    ResponseVarBind binding;
    Request request(this, &reader, oid);
    reader.Next({oid, false, {}}, &binding, request.get());
    return Text(binding);
  };
  Update(1);
  EXPECT_EQ(next({1, 3, 1}), ".1.3.1.1 = Integer32 1");
  Update(2);
  EXPECT_EQ(next({1, 3, 2}), ".1.3.2.1 = Integer32 1");
  clock_.Advance(Burst::kMaxPause.ToDuration());
  EXPECT_EQ(next({1, 3, 3}), ".1.3.3.1 = Integer32 2");
}

TEST_F(BurstReadTest, AnUpdateReleasesTheSnapshotOfABurstThatIsOver) {
  Update(1);
  const std::weak_ptr<const Snapshot> old = updated_->snapshot();
  EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 1");
  Update(2);
  burst_reader_.ForgetOld(clock_.Now());
  EXPECT_FALSE(old.expired());
  clock_.Advance(Burst::kMaxPause.ToDuration());
  burst_reader_.ForgetOld(clock_.Now());
  EXPECT_TRUE(old.expired());
}

// As a table and a scalar about it. What is in neither is not served.
TEST_F(BurstReadTest, TheRegionsOfASubtreeAreOneSnapshot) {
  MibTree::Subtrees subtrees;
  subtrees.push_back(std::make_unique<Subtree>(
      Oid{1, 3, 2}, Oid{1, 3}, std::vector<Oid>{{1, 3, 2}, {1, 3, 1}}, updated_,
      /*is_updated=*/true, absl::InfiniteDuration()));
  const MibTree objects(std::move(subtrees), {});
  MibReader reader(&objects, &errors_, &computed_values_, CheckBinding, {});
  const auto get = [&](const Oid& oid) {
    ResponseVarBind binding = {oid, Value()};
    Request request(this, &reader, oid);
    reader.Get(&binding, request.get());
    return Text(binding);
  };
  Update(1);
  EXPECT_EQ(get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 1");
  Update(2);
  EXPECT_EQ(get({1, 3, 2, 1}), ".1.3.2.1 = Integer32 1");
  EXPECT_EQ(get({1, 3, 3, 1}), ".1.3.3.1 = noSuchObject");
  // A walk stays in its snapshot from region to region.
  clock_.Advance(absl::Seconds(1));
  std::vector<std::string> lines;
  Oid last = {1, 3};
  for (int32_t value = 3;; ++value) {
    ResponseVarBind binding;
    Request request(this, &reader, last);
    if (reader.Next({last, false, {}}, &binding, request.get()) !=
        MibReader::Step::kFound) {
      break;
    }
    lines.push_back(Text(binding));
    last = binding.oid;
    Update(value);
    clock_.Advance(absl::Seconds(1));
  }
  EXPECT_THAT(lines,
              ElementsAre(".1.3.1.1 = Integer32 2", ".1.3.1.2 = Integer32 2",
                          ".1.3.1.3 = Integer32 2", ".1.3.2.1 = Integer32 2",
                          ".1.3.2.2 = Integer32 2", ".1.3.2.3 = Integer32 2"));
}

TEST_F(BurstReadTest, OldSnapshotsAreBoundedInBytes) {
  MibReader::Options options;
  Update(1);
  options.max_old_snapshot_memory = 3 * updated_->ApproximateMemory();
  MibReader reader(&updated_tree_, &errors_, &computed_values_, CheckBinding,
                   options);
  const auto next = [&](const Oid& oid) {
    ResponseVarBind binding;
    Request request(this, &reader, oid);
    reader.Next({oid, false, {}}, &binding, request.get());
    return Text(binding);
  };
  std::vector<std::weak_ptr<const Snapshot>> snapshots;
  // Five walks, each in a snapshot of its own.
  for (uint32_t walk = 1; walk <= 5; ++walk) {
    Update(static_cast<int32_t>(walk));
    clock_.Advance(absl::Seconds(0.5));
    snapshots.push_back(updated_->snapshot());
    next({1, 3, 1, 0, walk});
  }
  EXPECT_TRUE(snapshots[0].expired());
  for (int i = 1; i < 5; ++i) EXPECT_FALSE(snapshots[i].expired()) << i;
}

// --- Memory ---

TEST_F(MibReaderWalkTest, ForgetsOldSnapshotsButNotThoseOfItsWalks) {
  ASSERT_TRUE(first_->Replace(Table(1, 4, Integer32{1})).ok());
  Replace(second_.get(), {{{1}, Integer32{1}}});
  EXPECT_EQ(Next({1, 3, 8}), ".1.3.8.1.1 = Integer32 1");
  EXPECT_EQ(Get({1, 3, 9, 1}), ".1.3.9.1 = Integer32 1");
  const std::weak_ptr<const Snapshot> walked = first_->snapshot();
  const std::weak_ptr<const Snapshot> got = second_->snapshot();
  reader_.ForgetOld(clock_.Now());
  EXPECT_FALSE(got.expired());  // the newest one

  ASSERT_TRUE(first_->Replace(Table(1, 4, Integer32{2})).ok());
  Replace(second_.get(), {{{1}, Integer32{2}}});
  EXPECT_FALSE(got.expired());
  reader_.ForgetOld(clock_.Now());
  EXPECT_TRUE(got.expired());
  EXPECT_EQ(Get({1, 3, 9, 1}), ".1.3.9.1 = Integer32 2");
  EXPECT_EQ(Next({1, 3, 8, 1, 1}), ".1.3.8.1.2 = Integer32 1");

  clock_.Advance(kLifetime);
  EXPECT_FALSE(walked.expired());
  reader_.ForgetOld(clock_.Now());
  EXPECT_TRUE(walked.expired());
  EXPECT_EQ(Next({1, 3, 8, 1, 2}), ".1.3.8.1.3 = Integer32 2");
}

TEST_F(MibReaderWalkTest, AllocatesNothingForTheStepsOfAWalk) {
  ASSERT_TRUE(first_->Replace(Table(2, 100, OctetString{"0123456789"})).ok());
  SearchRange range = {{1, 3, 8}, false, {}};
  ResponseVarBind binding;
  const auto step = [&] {
    Request request(this, &reader_, range.start);
    const bool found =
        reader_.Next(range, &binding, request.get()) == MibReader::Step::kFound;
    range.start = binding.oid;
    return found;
  };
  // The second step takes an iterator.
  ASSERT_TRUE(step());
  ASSERT_TRUE(step());
  const size_t before = AllocationCount();
  int steps = 2;
  while (steps < 200 && step()) ++steps;
  EXPECT_EQ(AllocationCount(), before);
  EXPECT_EQ(steps, 200);
}

TEST_F(MibReaderWalkTest, AllocatesNothingForAGet) {
  const std::vector<uint32_t> arcs(100, 7);
  Replace(first_.get(), {{{1}, Integer32{1}}, {Oid(arcs), Integer32{2}}});
  Replace(third_.get(), {{{1}, Integer32{3}}});
  std::vector<ResponseVarBind> bindings = {
      {Oid{1, 3, 8, 1}, {}},
      {Concat({1, 3, 8}, Oid(arcs)), {}},
      {Oid{1, 3, 80, 1}, {}},
      {Oid{1, 3, 80, 2}, {}},
  };
  const auto get_all = [&] {
    Request request(this, &reader_, bindings[0].oid);
    for (ResponseVarBind& binding : bindings) {
      reader_.Get(&binding, request.get());
    }
  };
  get_all();
  const size_t before = AllocationCount();
  for (int i = 0; i < 10; ++i) get_all();
  EXPECT_EQ(AllocationCount(), before);
  EXPECT_EQ(Text(bindings[2]), ".1.3.80.1 = Integer32 3");
}

}  // namespace
}  // namespace passpersist::internal
