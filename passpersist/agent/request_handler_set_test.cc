// SPDX-License-Identifier: Apache-2.0
//
// How RequestHandler performs a SET, in one request and in phases.

#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent/testing/request_handler_fixture.h"
#include "passpersist/pdu.h"
#include "passpersist/testing/fake_setter.h"
#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

using passpersist_testing::FailAt;
using testing::Contains;
using testing::ElementsAre;

using RequestHandlerSetTest = RequestHandlerTest;

// --- In one request ---

TEST_F(RequestHandlerSetTest, SetTestsEverythingThenCommitsEverything) {
  EXPECT_EQ(
      Handle(Set{{{{1, 3, 1, 1}, Integer32{5}}, {{1, 3, 1, 7}, Integer32{6}}}}),
      "");
  EXPECT_THAT(
      TakeSteps(),
      ElementsAre("test .1.1 = Integer32 5", "test .1.7 = Integer32 6",
                  "commit .1.1 = Integer32 5", "commit .1.7 = Integer32 6",
                  "clean up .1.1 = Integer32 5",
                  "clean up .1.7 = Integer32 6"));
  EXPECT_EQ(Handle(Get{{{1, 3, 1, 1}, {1, 3, 1, 7}}}),
            ".1.3.1.1 = Integer32 5; .1.3.1.7 = Integer32 6");
}

TEST_F(RequestHandlerSetTest, AWalkThatGoesOnAfterASetSeesTheNewValue) {
  EXPECT_EQ(Handle(GetNext{{{{1, 3, 1}, false, {}}}}),
            ".1.3.1.1 = Integer32 11");
  EXPECT_EQ(Handle(Set{{{{1, 3, 1, 2}, Integer32{5}}}}), "");
  EXPECT_EQ(Handle(GetNext{{{{1, 3, 1, 1}, false, {}}}}),
            ".1.3.1.2 = Integer32 5");
}

TEST_F(RequestHandlerSetTest, SetChangesNothingIfATestFails) {
  EXPECT_EQ(Handle(Set{{{{1, 3, 1, 1}, Integer32{5}},
                        {{1, 3, 1, 2}, OctetString{"x"}}}}),
            "wrongType 2");
  EXPECT_THAT(TakeSteps(), ElementsAre("test .1.1 = Integer32 5",
                                       "clean up .1.1 = Integer32 5"));
  EXPECT_EQ(Handle(Get{{{1, 3, 1, 1}}}), ".1.3.1.1 = Integer32 11");
}

TEST_F(RequestHandlerSetTest, SetUndoesWhatItCommittedIfALaterCommitFails) {
  outcome_ = FailAt("commit .1.2", ErrorStatus::kResourceUnavailable);
  EXPECT_EQ(
      Handle(Set{{{{1, 3, 1, 1}, Integer32{5}}, {{1, 3, 1, 2}, Integer32{6}}}}),
      "resourceUnavailable 2");
  EXPECT_THAT(TakeSteps(), Contains("undo .1.1 = Integer32 5"));
  EXPECT_EQ(Handle(Get{{{1, 3, 1, 1}, {1, 3, 1, 2}}}),
            ".1.3.1.1 = Integer32 11; .1.3.1.2 = Integer32 12");
}

TEST_F(RequestHandlerSetTest, SetReportsAFailedUndo) {
  outcome_ = [](const std::string& step) {
    return step == "commit .1.2 = Integer32 6" ||
                   step == "undo .1.1 = Integer32 5"
               ? ErrorStatus::kGenErr
               : ErrorStatus::kNoError;
  };
  EXPECT_EQ(
      Handle(Set{{{{1, 3, 1, 1}, Integer32{5}}, {{1, 3, 1, 2}, Integer32{6}}}}),
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
  EXPECT_THAT(TakeSteps(), ElementsAre("test .1.1 = Integer32 5"));
  EXPECT_EQ(Handle(Get{{{1, 3, 1, 1}}}), ".1.3.1.1 = Integer32 11");
  EXPECT_EQ(HandleIn(1, 2, CommitSet{}), "");
  EXPECT_THAT(TakeSteps(), ElementsAre("commit .1.1 = Integer32 5"));
  EXPECT_EQ(Handle(Get{{{1, 3, 1, 1}}}), ".1.3.1.1 = Integer32 5");
  EXPECT_EQ(HandleIn(1, 2, CleanupSet{}), "");
  EXPECT_THAT(TakeSteps(), ElementsAre("clean up .1.1 = Integer32 5"));
  EXPECT_EQ(Handle(Get{{{1, 3, 1, 1}}}), ".1.3.1.1 = Integer32 5");
}

TEST_F(RequestHandlerSetTest, APhasedSetIsUndoneWhichEndsIt) {
  HandleIn(1, 2, TestSet{{{{1, 3, 1, 1}, Integer32{5}}}});
  HandleIn(1, 2, CommitSet{});
  TakeSteps();
  EXPECT_EQ(HandleIn(1, 2, UndoSet{}), "");
  EXPECT_THAT(TakeSteps(), ElementsAre("undo .1.1 = Integer32 5",
                                       "clean up .1.1 = Integer32 5"));
  EXPECT_EQ(Handle(Get{{{1, 3, 1, 1}}}), ".1.3.1.1 = Integer32 11");
  EXPECT_EQ(HandleIn(1, 2, UndoSet{}), "undoFailed 0");
}

TEST_F(RequestHandlerSetTest, PhasedSetsAreIdentifiedBySessionAndTransaction) {
  EXPECT_EQ(HandleIn(1, 1, TestSet{{{{1, 3, 1, 1}, Integer32{5}}}}), "");
  EXPECT_EQ(HandleIn(1, 2, TestSet{{{{1, 3, 1, 2}, Integer32{6}}}}), "");
  EXPECT_EQ(HandleIn(2, 1, TestSet{{{{1, 3, 1, 7}, Integer32{7}}}}), "");
  HandleIn(1, 1, CleanupSet{});
  EXPECT_EQ(HandleIn(1, 1, CommitSet{}), "commitFailed 0");
  EXPECT_EQ(HandleIn(2, 2, CommitSet{}), "commitFailed 0");
  EXPECT_EQ(HandleIn(1, 2, CommitSet{}), "");
  EXPECT_EQ(HandleIn(2, 1, CommitSet{}), "");
  EXPECT_EQ(Handle(Get{{{1, 3, 1, 1}, {1, 3, 1, 2}, {1, 3, 1, 7}}}),
            ".1.3.1.1 = Integer32 11; .1.3.1.2 = Integer32 6; "
            ".1.3.1.7 = Integer32 7");
}

TEST_F(RequestHandlerSetTest, APhasedSetThatIsTestedAgainStartsOver) {
  HandleIn(1, 2, TestSet{{{{1, 3, 1, 1}, Integer32{5}}}});
  TakeSteps();
  EXPECT_EQ(HandleIn(1, 2, TestSet{{{{1, 3, 1, 2}, Integer32{6}}}}), "");
  EXPECT_THAT(TakeSteps(), ElementsAre("clean up .1.1 = Integer32 5",
                                       "test .1.2 = Integer32 6"));
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
  outcome_ = FailAt("commit .1.2", ErrorStatus::kResourceUnavailable);
  HandleIn(
      1, 2,
      TestSet{{{{1, 3, 1, 1}, Integer32{5}}, {{1, 3, 1, 2}, Integer32{6}}}});
  EXPECT_EQ(HandleIn(1, 2, CommitSet{}), "commitFailed 2");
  EXPECT_EQ(HandleIn(1, 2, UndoSet{}), "");
  EXPECT_EQ(Handle(Get{{{1, 3, 1, 1}}}), ".1.3.1.1 = Integer32 11");
}

TEST_F(RequestHandlerSetTest, APhasedUndoReportsTheBindingThatFailed) {
  outcome_ = FailAt("undo .1.1", ErrorStatus::kUndoFailed);
  HandleIn(
      1, 2,
      TestSet{{{{1, 3, 1, 1}, Integer32{5}}, {{1, 3, 1, 2}, Integer32{6}}}});
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
