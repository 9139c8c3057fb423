// SPDX-License-Identifier: Apache-2.0
//
// Sets whose setters are slow or in use.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent/calls/waker.h"
#include "passpersist/agent/sets/set_transaction.h"
#include "passpersist/agent/testing/set_transaction_fixture.h"
#include "passpersist/agent/testing/task_queue.h"
#include "passpersist/pdu.h"
#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The functions of setters hang until the test runs their tasks. .1.3.1 and
// .1.3.2 have setters of their own.
class LateSetTransactionTest : public SetTransactionTest {
 protected:
  using Result = std::optional<SetTransaction::Result>;

  // A request of another connection.
  struct Request {
    std::shared_ptr<SetTransaction> transaction;
    SetTransaction::Asker asker;

    Result Set() { return transaction->Set(asker); }
    Result Test() { return transaction->Test(asker); }
    Result Commit() { return transaction->Commit(asker); }
    Result Undo() { return transaction->Undo(asker); }
    // The request has waited as long as it may.
    void PassDeadline() { asker.now = asker.deadline; }
    // A request of the same transaction that comes later.
    void BeginNext() { asker.deadline = asker.now + absl::Seconds(1); }
  };

  Request NewRequest(const std::vector<VarBind>& bindings) {
    Request request = {std::make_shared<SetTransaction>(&late_, bindings), {}};
    request.asker.deadline = absl::Milliseconds(500);
    request.asker.waker = std::make_shared<Waker>(&clock_, nullptr);
    return request;
  }

  // The setter returns in time, and accepts.
  void PassTest(Request* request) {
    EXPECT_EQ(ResultText(request->Test()), "waits");
    tasks_.RunAll();
    EXPECT_EQ(ResultText(request->Test()), "noError 0");
  }
  void PassSet(Request* request) {
    EXPECT_EQ(ResultText(request->Set()), "waits");
    tasks_.RunAll();
    EXPECT_EQ(ResultText(request->Set()), "noError 0");
  }

  TaskQueue tasks_;
  const SetTransaction::Shared late_{&objects_,          &errors_,
                                     &computed_values_,  &setter_locks_,
                                     tasks_.AsRunTask(), [](const Oid&) {}};
  const std::vector<VarBind> first_ = {{{1, 3, 1, 1}, Integer32{6}}};
  const std::vector<VarBind> second_ = {{{1, 3, 2, 0}, Integer32{6}}};
};

TEST_F(LateSetTransactionTest, WaitsUntilTheSetterReturns) {
  Request set = NewRequest(first_);
  EXPECT_EQ(ResultText(set.Set()), "waits");
  PassSet(&set);
  EXPECT_THAT(TakeSteps(),
              ElementsAre("test .1 = Integer32 6", "commit .1 = Integer32 6",
                          "clean up .1 = Integer32 6"));
  EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 6");
}

TEST_F(LateSetTransactionTest, ALateTestChangesNothing) {
  for (const bool phased : {false, true}) {
    Request set = NewRequest(first_);
    outcome_ = [&](const std::string& step) {
      if (step != "test .1 = Integer32 6") return ErrorStatus::kNoError;
      set.PassDeadline();
      EXPECT_EQ(ResultText(phased ? set.Test() : set.Set()),
                "resourceUnavailable 0");
      set.transaction->CleanUp();
      return ErrorStatus::kNoError;
    };
    EXPECT_EQ(ResultText(phased ? set.Test() : set.Set()), "waits");
    tasks_.RunAll();
    EXPECT_THAT(TakeSteps(), ElementsAre("test .1 = Integer32 6",
                                         "clean up .1 = Integer32 6"));
  }
  EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 1");
}

TEST_F(LateSetTransactionTest, ASetThatNoThreadHasBegunChangesNothing) {
  Request set = NewRequest(first_);
  EXPECT_EQ(ResultText(set.Set()), "waits");
  set.PassDeadline();
  EXPECT_EQ(ResultText(set.Set()), "resourceUnavailable 0");
  set.transaction->CleanUp();
  tasks_.RunAll();
  EXPECT_THAT(TakeSteps(), IsEmpty());
}

TEST_F(LateSetTransactionTest, ALateCommitIsServedWhenItReturns) {
  Request set = NewRequest(
      {{{1, 3, 1, 1}, Integer32{6}}, {{1, 3, 5, 2}, OctetString{"six"}}});
  outcome_ = [&](const std::string& step) {
    if (step == "commit .1 = Integer32 6") {
      set.PassDeadline();
      EXPECT_EQ(ResultText(set.Set()), "undoFailed 0");
      set.transaction->CleanUp();
      EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 1");
    }
    return ErrorStatus::kNoError;
  };
  EXPECT_EQ(ResultText(set.Set()), "waits");
  tasks_.RunAll();
  EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 6");
  // Nobody waits for the second assignment.
  EXPECT_EQ(Get({1, 3, 5, 2}), ".1.3.5.2 = OctetString \"two\"");
}

TEST_F(LateSetTransactionTest, AnUndoDuringALateCommitWins) {
  Request set = NewRequest(first_);
  PassTest(&set);
  outcome_ = [&](const std::string& step) {
    if (step == "commit .1 = Integer32 6") {
      set.PassDeadline();
      EXPECT_EQ(ResultText(set.Commit()), "undoFailed 0");
      set.BeginNext();
      EXPECT_EQ(ResultText(set.Undo()), "undoFailed 0");
      set.transaction->CleanUp();
    }
    return ErrorStatus::kNoError;
  };
  TakeSteps();
  EXPECT_EQ(ResultText(set.Commit()), "waits");
  tasks_.RunAll();
  EXPECT_THAT(TakeSteps(),
              ElementsAre("commit .1 = Integer32 6", "undo .1 = Integer32 6",
                          "clean up .1 = Integer32 6"));
  EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 1");
}

TEST_F(LateSetTransactionTest, AnUndoAfterALateCommitUndoesIt) {
  Request set = NewRequest(first_);
  PassTest(&set);
  outcome_ = [&](const std::string& step) {
    if (step == "commit .1 = Integer32 6") {
      set.PassDeadline();
      EXPECT_EQ(ResultText(set.Commit()), "undoFailed 0");
    }
    return ErrorStatus::kNoError;
  };
  EXPECT_EQ(ResultText(set.Commit()), "waits");
  tasks_.RunAll();
  EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 6");
  set.BeginNext();
  EXPECT_EQ(ResultText(set.Undo()), "waits");
  tasks_.RunAll();
  EXPECT_EQ(ResultText(set.Undo()), "noError 0");
  EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 1");
}

TEST_F(LateSetTransactionTest, ASetWaitsForASetterInUse) {
  Request set = NewRequest(first_);
  Request other = NewRequest(first_);
  EXPECT_EQ(ResultText(set.Set()), "waits");
  EXPECT_EQ(ResultText(other.Set()), "waits");
  EXPECT_EQ(tasks_.size(), 1u);
  tasks_.RunAll();
  EXPECT_EQ(ResultText(set.Set()), "noError 0");
  PassSet(&other);
}

TEST_F(LateSetTransactionTest, ASetGivesUpASetterInUseAtItsDeadline) {
  Request set = NewRequest(first_);
  Request other = NewRequest(first_);
  EXPECT_EQ(ResultText(set.Set()), "waits");
  EXPECT_EQ(ResultText(other.Set()), "waits");
  other.PassDeadline();
  EXPECT_EQ(ResultText(other.Set()), "resourceUnavailable 0");
  tasks_.RunAll();
  EXPECT_EQ(ResultText(set.Set()), "noError 0");
  EXPECT_EQ(TakeSteps().size(), 3u);
}

TEST_F(LateSetTransactionTest, ALateSetterRefusesSetsAtOnceUntilItReturns) {
  Request late = NewRequest(first_);
  EXPECT_EQ(ResultText(late.Set()), "waits");
  late.PassDeadline();
  EXPECT_EQ(ResultText(late.Set()), "resourceUnavailable 0");
  late.transaction->CleanUp();

  Request refused = NewRequest({first_[0], second_[0]});
  EXPECT_EQ(ResultText(refused.Set()), "resourceUnavailable 0");
  EXPECT_EQ(tasks_.size(), 1u);

  tasks_.RunAll();
  Request accepted = NewRequest(first_);
  PassSet(&accepted);
}

TEST_F(LateSetTransactionTest, ASetterThatHangsHoldsUpNoOther) {
  Request late = NewRequest(first_);
  Request other = NewRequest(second_);
  EXPECT_EQ(ResultText(late.Set()), "waits");
  EXPECT_EQ(ResultText(other.Set()), "waits");
  tasks_.RunOne(1);
  EXPECT_EQ(ResultText(other.Set()), "noError 0");
  EXPECT_EQ(ResultText(late.Set()), "waits");
}

TEST_F(LateSetTransactionTest, ASetWithoutAThreadIsRefused) {
  tasks_.set_full(true);
  Request set = NewRequest(first_);
  EXPECT_EQ(ResultText(set.Set()), "resourceUnavailable 0");
  set.transaction->CleanUp();
  tasks_.set_full(false);
  Request next = NewRequest(first_);
  EXPECT_EQ(ResultText(next.Set()), "waits");
}

TEST_F(LateSetTransactionTest, AnOpenTransactionHoldsUpNoOther) {
  Request open = NewRequest(first_);
  PassTest(&open);
  Request other = NewRequest(first_);
  PassSet(&other);
}

// The destructor of an assignment may use its setter.
TEST_F(LateSetTransactionTest, TheCleanUpWaitsForASetterInUse) {
  Request open = NewRequest(first_);
  PassTest(&open);
  TakeSteps();
  Request other = NewRequest({{{1, 3, 1, 2}, OctetString{"six"}}});
  EXPECT_EQ(ResultText(other.Set()), "waits");
  open.transaction->CleanUp();
  tasks_.RunOne(1);
  EXPECT_THAT(TakeSteps(), IsEmpty());
  tasks_.RunAll();
  EXPECT_THAT(TakeSteps(), ElementsAre("test .2 = OctetString \"six\"",
                                       "commit .2 = OctetString \"six\"",
                                       "clean up .2 = OctetString \"six\"",
                                       "clean up .1 = Integer32 6"));
}

}  // namespace
}  // namespace passpersist::internal
