// SPDX-License-Identifier: Apache-2.0
//
// How RequestHandler performs a SET, in one request and in phases.

#include <atomic>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent/reading/mib_reader.h"
#include "passpersist/agent/request_handler.h"
#include "passpersist/agent/testing/request_handler_fixture.h"
#include "passpersist/changes.h"
#include "passpersist/pdu.h"
#include "passpersist/setter.h"
#include "passpersist/stored_value.h"
#include "passpersist/testing/fake_setter.h"
#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

using passpersist_testing::FailAt;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

using RequestHandlerSetTest = RequestHandlerTest;

// --- In one request ---

TEST_F(RequestHandlerSetTest, SetTestsEverythingThenCommitsEverything) {
  EXPECT_EQ(
      Handle(Set{{{{1, 3, 1, 1}, Integer32{5}}, {{1, 3, 2, 7}, Integer32{6}}}}),
      "");
  EXPECT_THAT(
      TakeSteps(),
      ElementsAre("test .1 = Integer32 5", "test .7 = Integer32 6",
                  "commit .1 = Integer32 5", "commit .7 = Integer32 6",
                  "clean up .1 = Integer32 5", "clean up .7 = Integer32 6"));
  EXPECT_EQ(Handle(Get{{{1, 3, 1, 1}, {1, 3, 2, 7}}}),
            ".1.3.1.1 = Integer32 5; .1.3.2.7 = Integer32 6");
}

TEST_F(RequestHandlerSetTest, AWalkThatGoesOnAfterASetSeesTheNewValue) {
  EXPECT_EQ(Handle(GetNext{{{{1, 3, 1}, false, {}}}}),
            ".1.3.1.1 = Integer32 11");
  EXPECT_EQ(Handle(Set{{{{1, 3, 1, 2}, Integer32{5}}}}), "");
  EXPECT_EQ(Handle(GetNext{{{{1, 3, 1, 1}, false, {}}}}),
            ".1.3.1.2 = Integer32 5");
}

TEST_F(RequestHandlerSetTest, AWalkInAnotherSubtreeSeesWhatTheSetHasLeft) {
  Changes changes;
  changes.Put({1}, Integer32{51});
  fake_setters_[0]->Leave(SetOutcome().Also({1, 5}, changes));
  EXPECT_EQ(Handle(GetNext{{{{1, 4}, false, {}}}}), ".1.5.0 = Integer32 50");
  EXPECT_EQ(Handle(Set{{{{1, 3, 1, 2}, Integer32{5}}}}), "");
  EXPECT_EQ(Handle(GetNext{{{{1, 5, 0}, false, {}}}}), ".1.5.1 = Integer32 51");
}

// Another connection sets while a request has read only one of two subtrees.
TEST_F(RequestHandlerSetTest, ARequestDoesNotSeeHalfOfASet) {
  Changes changes;
  changes.Put({0}, Integer32{51});
  fake_setters_[0]->Leave(SetOutcome().Also({1, 5}, changes));
  RequestHandler other(&shared_, nullptr, /*request_is_pdu=*/true);
  int calls = 0;
  const auto set_once = [&]() -> absl::StatusOr<Value> {
    if (++calls > 1) return Integer32{1};
    PendingRequest pending;
    pending.request.operation = Set{{{{1, 3, 1, 1}, Integer32{5}}}};
    Handle(&pending, &other);
    return Integer32{0};
  };
  Changes computed;
  computed.PutComputed({3, 1},
                       ComputedValue(set_once, ComputedValue::Cost::kCheap));
  ASSERT_TRUE(table_->Apply(computed).ok());
  EXPECT_EQ(Handle(Get{{{1, 3, 1, 1}, {1, 3, 3, 1}, {1, 5, 0}}}),
            ".1.3.1.1 = Integer32 5; .1.3.3.1 = Integer32 1; "
            ".1.5.0 = Integer32 51");
  EXPECT_EQ(calls, 2);
}

TEST_F(RequestHandlerSetTest, ReadersOnOtherThreadsDoNotSeeHalfOfASet) {
  constexpr int kSets = 100;
  const auto set_both = [this](int number) {
    Changes changes;
    changes.Put({}, Integer32{number});
    SetOutcome outcome = SetOutcome::WrittenBySetter();
    outcome.Also({1, 3, 1, 1}, changes).Also({1, 5, 0}, changes);
    fake_setters_[0]->Leave(outcome);
    EXPECT_EQ(Handle(Set{{{{1, 3, 1, 2}, Integer32{number}}}}), "");
  };
  set_both(0);
  RequestHandler other(
      &shared_, [](const Oid&, const Value&) { return absl::OkStatus(); },
      /*request_is_pdu=*/true);
  std::atomic<int> reads = 0;
  std::atomic<bool> ended = false;
  std::thread reader([&] {
    PendingRequest pending;
    pending.request.operation = Get{{{1, 3, 1, 1}, {1, 5, 0}}};
    while (!ended) {
      Handle(&pending, &other);
      const auto& bindings = pending.response.bindings;
      EXPECT_EQ(bindings[0].value, bindings[1].value);
      ++reads;
    }
  });
  for (int number = 1; number <= kSets; ++number) {
    set_both(number);
    // A read meets a few sets, not all of them.
    for (const int before = reads; reads == before;) std::this_thread::yield();
  }
  ended = true;
  reader.join();
}

TEST_F(RequestHandlerSetTest, ARequestEndsHoweverManySetsItMeets) {
  RequestHandler other(&shared_, nullptr, /*request_is_pdu=*/true);
  int calls = 0;
  const auto set = [&]() -> absl::StatusOr<Value> {
    PendingRequest pending;
    pending.request.operation = Set{{{{1, 3, 1, 1}, Integer32{++calls}}}};
    Handle(&pending, &other);
    return Integer32{0};
  };
  Changes computed;
  computed.PutComputed({3, 1}, ComputedValue(set, ComputedValue::Cost::kCheap));
  ASSERT_TRUE(table_->Apply(computed).ok());
  EXPECT_EQ(Handle(Get{{{1, 3, 3, 1}, {1, 5, 0}}}),
            ".1.3.3.1 = Integer32 0; .1.5.0 = Integer32 50");
  EXPECT_EQ(calls, 1 + MibReader::kMaxRepetitions);
}

TEST_F(RequestHandlerSetTest, SetChangesNothingIfATestFails) {
  EXPECT_EQ(Handle(Set{{{{1, 3, 1, 1}, Integer32{5}},
                        {{1, 3, 2, 2}, OctetString{"x"}}}}),
            "wrongType 2");
  EXPECT_THAT(TakeSteps(), IsEmpty());
  EXPECT_EQ(Handle(Get{{{1, 3, 1, 1}}}), ".1.3.1.1 = Integer32 11");
}

TEST_F(RequestHandlerSetTest, SetUndoesWhatItCommittedIfALaterCommitFails) {
  outcome_ = FailAt("commit .2", ErrorStatus::kResourceUnavailable);
  EXPECT_EQ(
      Handle(Set{{{{1, 3, 1, 1}, Integer32{5}}, {{1, 3, 2, 2}, Integer32{6}}}}),
      "resourceUnavailable 2");
  EXPECT_THAT(TakeSteps(), Contains("undo .1 = Integer32 5"));
  EXPECT_EQ(Handle(Get{{{1, 3, 1, 1}, {1, 3, 2, 2}}}),
            ".1.3.1.1 = Integer32 11; .1.3.2.2 = Integer32 22");
}

TEST_F(RequestHandlerSetTest, SetReportsAFailedUndo) {
  outcome_ = [](const std::string& step) {
    return step == "commit .2 = Integer32 6" || step == "undo .1 = Integer32 5"
               ? ErrorStatus::kGenErr
               : ErrorStatus::kNoError;
  };
  EXPECT_EQ(
      Handle(Set{{{{1, 3, 1, 1}, Integer32{5}}, {{1, 3, 2, 2}, Integer32{6}}}}),
      "undoFailed 0");
}

TEST_F(RequestHandlerSetTest, SetReportsAFailedUndoOfAnUnpublishedValue) {
  table_->FailWith(absl::ResourceExhaustedError("full"));
  EXPECT_EQ(Handle(Set{{{{1, 3, 1, 1}, Integer32{5}}}}), "commitFailed 1");
  outcome_ = FailAt("undo", ErrorStatus::kUndoFailed);
  EXPECT_EQ(Handle(Set{{{{1, 3, 1, 1}, Integer32{5}}}}), "undoFailed 0");
}

TEST_F(RequestHandlerSetTest, SetCallsTheSetterWhoseRootMatchesByArcs) {
  EXPECT_EQ(Handle(Set{{{{1, 3, 0, 4, 1}, Integer32{5}}}}), "");
  EXPECT_EQ(Handle(Set{{{{1, 3, 0, 40}, Integer32{5}}}}), "notWritable 1");
  EXPECT_EQ(Handle(Get{{{1, 3, 0, 4, 1}, {1, 3, 0, 40}}}),
            ".1.3.0.4.1 = Integer32 5; .1.3.0.40 = noSuchInstance");
}

// --- In phases ---

TEST_F(RequestHandlerSetTest, APhasedSetIsTestedThenCommittedThenCleanedUp) {
  EXPECT_EQ(HandleIn(1, 2, TestSet{{{{1, 3, 1, 1}, Integer32{5}}}}), "");
  EXPECT_THAT(TakeSteps(), ElementsAre("test .1 = Integer32 5"));
  EXPECT_EQ(Handle(Get{{{1, 3, 1, 1}}}), ".1.3.1.1 = Integer32 11");
  EXPECT_EQ(HandleIn(1, 2, CommitSet{}), "");
  EXPECT_THAT(TakeSteps(), ElementsAre("commit .1 = Integer32 5"));
  EXPECT_EQ(Handle(Get{{{1, 3, 1, 1}}}), ".1.3.1.1 = Integer32 5");
  EXPECT_EQ(HandleIn(1, 2, CleanupSet{}), "");
  EXPECT_THAT(TakeSteps(), ElementsAre("clean up .1 = Integer32 5"));
  EXPECT_EQ(Handle(Get{{{1, 3, 1, 1}}}), ".1.3.1.1 = Integer32 5");
}

TEST_F(RequestHandlerSetTest, APhasedSetIsUndoneWhichEndsIt) {
  HandleIn(1, 2, TestSet{{{{1, 3, 1, 1}, Integer32{5}}}});
  HandleIn(1, 2, CommitSet{});
  TakeSteps();
  EXPECT_EQ(HandleIn(1, 2, UndoSet{}), "");
  EXPECT_THAT(TakeSteps(), ElementsAre("undo .1 = Integer32 5",
                                       "clean up .1 = Integer32 5"));
  EXPECT_EQ(Handle(Get{{{1, 3, 1, 1}}}), ".1.3.1.1 = Integer32 11");
  EXPECT_EQ(HandleIn(1, 2, UndoSet{}), "undoFailed 0");
}

TEST_F(RequestHandlerSetTest, PhasedSetsAreIdentifiedBySessionAndTransaction) {
  EXPECT_EQ(HandleIn(1, 1, TestSet{{{{1, 3, 1, 1}, Integer32{5}}}}), "");
  EXPECT_EQ(HandleIn(1, 2, TestSet{{{{1, 3, 2, 2}, Integer32{6}}}}), "");
  EXPECT_EQ(HandleIn(2, 1, TestSet{{{{1, 3, 2, 7}, Integer32{7}}}}), "");
  HandleIn(1, 1, CleanupSet{});
  EXPECT_EQ(HandleIn(1, 1, CommitSet{}), "commitFailed 0");
  EXPECT_EQ(HandleIn(2, 2, CommitSet{}), "commitFailed 0");
  EXPECT_EQ(HandleIn(1, 2, CommitSet{}), "");
  EXPECT_EQ(HandleIn(2, 1, CommitSet{}), "");
  EXPECT_EQ(Handle(Get{{{1, 3, 1, 1}, {1, 3, 2, 2}, {1, 3, 2, 7}}}),
            ".1.3.1.1 = Integer32 11; .1.3.2.2 = Integer32 6; "
            ".1.3.2.7 = Integer32 7");
}

TEST_F(RequestHandlerSetTest, APhasedSetThatIsTestedAgainStartsOver) {
  HandleIn(1, 2, TestSet{{{{1, 3, 1, 1}, Integer32{5}}}});
  TakeSteps();
  EXPECT_EQ(HandleIn(1, 2, TestSet{{{{1, 3, 2, 2}, Integer32{6}}}}), "");
  EXPECT_THAT(TakeSteps(), ElementsAre("clean up .1 = Integer32 5",
                                       "test .2 = Integer32 6"));
}

TEST_F(RequestHandlerSetTest, ARejectedSetCannotBeCommitted) {
  EXPECT_EQ(HandleIn(1, 2,
                     TestSet{{{{1, 3, 1, 1}, Integer32{5}},
                              {{1, 5, 0}, Integer32{5}}}}),
            "notWritable 2");
  EXPECT_EQ(HandleIn(1, 2, CommitSet{}), "commitFailed 0");
  EXPECT_EQ(Handle(Get{{{1, 3, 1, 1}}}), ".1.3.1.1 = Integer32 11");
  EXPECT_EQ(HandleIn(1, 2, CleanupSet{}), "");
}

TEST_F(RequestHandlerSetTest, EveryErrorOfAPhasedCommitIsCommitFailed) {
  outcome_ = FailAt("commit .2", ErrorStatus::kResourceUnavailable);
  HandleIn(
      1, 2,
      TestSet{{{{1, 3, 1, 1}, Integer32{5}}, {{1, 3, 2, 2}, Integer32{6}}}});
  EXPECT_EQ(HandleIn(1, 2, CommitSet{}), "commitFailed 2");
  EXPECT_EQ(HandleIn(1, 2, UndoSet{}), "");
  EXPECT_EQ(Handle(Get{{{1, 3, 1, 1}}}), ".1.3.1.1 = Integer32 11");
}

TEST_F(RequestHandlerSetTest, APhasedUndoReportsTheBindingThatFailed) {
  outcome_ = FailAt("undo .1", ErrorStatus::kUndoFailed);
  HandleIn(
      1, 2,
      TestSet{{{{1, 3, 1, 1}, Integer32{5}}, {{1, 3, 2, 2}, Integer32{6}}}});
  HandleIn(1, 2, CommitSet{});
  EXPECT_EQ(HandleIn(1, 2, UndoSet{}), "undoFailed 1");
}

TEST_F(RequestHandlerTest, BoundsTheTransactionsThatAMasterDoesNotEnd) {
  const TestSet test = {{{{1, 3, 0, 4}, Integer32{1}}}};
  for (uint32_t transaction = 0; transaction < 64; ++transaction) {
    EXPECT_EQ(HandleIn(1, transaction, test), "");
  }
  EXPECT_EQ(HandleIn(1, 64, test), "resourceUnavailable 0");
  // An open transaction may start over, and each one that ends makes room.
  EXPECT_EQ(HandleIn(1, 63, test), "");
  HandleIn(1, 0, CleanupSet());
  EXPECT_EQ(HandleIn(1, 64, test), "");
}

}  // namespace
}  // namespace passpersist::internal
