// SPDX-License-Identifier: Apache-2.0
//
// What a set leaves, and that a setter gets all of its bindings.

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent/mib/mib_tree.h"
#include "passpersist/agent/sets/set_transaction.h"
#include "passpersist/agent/testing/make_mib_tree.h"
#include "passpersist/agent/testing/set_transaction_fixture.h"
#include "passpersist/changes.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/setter.h"
#include "passpersist/testing/fake_setter.h"
#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

using passpersist_testing::FailAt;
using testing::ElementsAre;
using testing::IsEmpty;

Changes Put(const Oid& suffix, Value value) {
  Changes changes;
  changes.Put(suffix, std::move(value));
  return changes;
}

class SetTransactionOutcomeTest : public SetTransactionTest {
 protected:
  // Of .1.3.1.
  passpersist_testing::FakeSetter& setter() {
    return *fake_setters_.at(Oid{1, 3, 1});
  }

  std::string Set(const std::vector<VarBind>& bindings) {
    transaction_ = NewTransaction(bindings);
    return ResultText(transaction_->Set(asker_));
  }

  const std::vector<VarBind> set_ = {{{1, 3, 1, 1}, Integer32{6}}};
};

// --- The bindings of a setter ---

TEST_F(SetTransactionOutcomeTest, ASetterGetsAllItsBindingsInTheirOrderAtOnce) {
  EXPECT_EQ(Set({{{1, 3, 1, 7}, Integer32{6}},
                 {{1, 3, 5, 2}, OctetString{"six"}},
                 {{1, 3, 1, 1}, Integer32{7}}}),
            "noError 0");
  EXPECT_THAT(TakeSteps(),
              ElementsAre("test .7 = Integer32 6; .1 = Integer32 7",
                          "test .2 = OctetString \"six\"",
                          "commit .7 = Integer32 6; .1 = Integer32 7",
                          "commit .2 = OctetString \"six\"",
                          "clean up .7 = Integer32 6; .1 = Integer32 7",
                          "clean up .2 = OctetString \"six\""));
  EXPECT_EQ(Get({1, 3, 1, 7}), ".1.3.1.7 = Integer32 6");
  EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 7");
}

TEST_F(SetTransactionOutcomeTest, OfTheSameNameTwiceTheLaterBindingCounts) {
  EXPECT_EQ(Set({{{1, 3, 1, 1}, Integer32{6}}, {{1, 3, 1, 1}, Integer32{7}}}),
            "noError 0");
  EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 7");
  // As after a set that has created the instance.
  EXPECT_EQ(Set({{{1, 3, 1, 7}, Integer32{6}}, {{1, 3, 1, 7}, Gauge32{7}}}),
            "wrongType 2");
  EXPECT_EQ(Set({{{1, 3, 1, 7}, Integer32{6}}, {{1, 3, 1, 7}, Integer32{7}}}),
            "noError 0");
  EXPECT_EQ(Get({1, 3, 1, 7}), ".1.3.1.7 = Integer32 7");
}

// Rejects the binding with the position `rejected_` at the test, or with the
// position `failed_` at the commit.
class OneBindingFailsTest : public SetTransactionOutcomeTest {
 protected:
  class PositionSetter : public Setter {
   public:
    PositionSetter(const size_t* rejected, const size_t* failed)
        : rejected_(*rejected), failed_(*failed) {}

    bool AllowsCreate(const Oid&) const override { return true; }
    TestResult Test(absl::Span<const SetBinding> bindings) override {
      if (rejected_ < bindings.size()) {
        return {ErrorStatus::kWrongValue, rejected_};
      }
      class Failing : public Assignment {
       public:
        explicit Failing(size_t failed) : failed_(failed) {}
        CommitResult Commit() override {
          return {absl::UnavailableError("no disk"), failed_};
        }
        SetResult Undo() override { return ErrorStatus::kNoError; }

       private:
        const size_t failed_;
      };
      return std::make_unique<Failing>(failed_);
    }

   private:
    const size_t& rejected_;
    const size_t& failed_;
  };

  OneBindingFailsTest() { shared_with_positions_.objects = &tree_; }

  MibTree::Setters SettersWithPositions() {
    MibTree::Setters setters = MakeSetters();
    setters[Oid{1, 5}] = std::make_unique<PositionSetter>(&rejected_, &failed_);
    return setters;
  }

  std::string SetWithPositions() {
    const auto transaction = std::make_shared<SetTransaction>(
        &shared_with_positions_,
        std::vector<VarBind>{{{1, 5, 1}, Integer32{1}},
                             {{1, 3, 1, 1}, Integer32{2}},
                             {{1, 5, 2}, Integer32{3}}});
    return ResultText(transaction->Set(asker_));
  }

  size_t rejected_ = 99;
  size_t failed_ = 0;
  const MibTree tree_ =
      MakeMibTree({{Oid{1, 3}, store_}, {Oid{1, 5}, other_store_}},
                  SettersWithPositions(), /*is_updated=*/true);
  SetTransaction::Shared shared_with_positions_ = shared_;
};

TEST_F(OneBindingFailsTest, AnErrorNamesTheBindingOfTheSet) {
  rejected_ = 1;
  EXPECT_EQ(SetWithPositions(), "wrongValue 3");
  rejected_ = 0;
  EXPECT_EQ(SetWithPositions(), "wrongValue 1");
  rejected_ = 99;
  failed_ = 1;
  EXPECT_EQ(SetWithPositions(), "resourceUnavailable 3");
  EXPECT_THAT(log_.Take(), ElementsAre("UNAVAILABLE: set of .1.5.2: no disk"));
  failed_ = 7;  // not a binding
  EXPECT_EQ(SetWithPositions(), "resourceUnavailable 1");
}

// --- What the instances hold ---

TEST_F(SetTransactionOutcomeTest, ASetMayLeaveAnotherValue) {
  setter().Leave(SetOutcome::Holds(Integer32{1}));
  EXPECT_EQ(Set(set_), "noError 0");
  EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 1");
}

TEST_F(SetTransactionOutcomeTest, ASetMayEraseTheInstance) {
  setter().Leave(SetOutcome::Erased());
  EXPECT_EQ(Set(set_), "noError 0");
  EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = noSuchInstance");
  // Also one that is absent.
  EXPECT_EQ(Set({{{1, 3, 1, 7}, Integer32{6}}}), "noError 0");
  EXPECT_EQ(Get({1, 3, 1, 7}), ".1.3.1.7 = noSuchInstance");
}

TEST_F(SetTransactionOutcomeTest, ASetMayChangeOtherInstancesOfItsSetter) {
  setter().Leave(SetOutcome::Changed(Put({2}, OctetString{"changed"})));
  EXPECT_EQ(Set(set_), "noError 0");
  EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 1");
  EXPECT_EQ(Get({1, 3, 1, 2}), ".1.3.1.2 = OctetString \"changed\"");
}

TEST_F(SetTransactionOutcomeTest, ASetMayChangeOtherSubtrees) {
  setter().Leave(SetOutcome()
                     .Also({1, 5}, Put({7}, Integer32{7}))
                     .Also({1, 3, 4}, Put({0}, Integer32{8})));
  EXPECT_EQ(Set(set_), "noError 0");
  EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 6");
  EXPECT_EQ(Get({1, 5, 7}), ".1.5.7 = Integer32 7");
  EXPECT_EQ(Get({1, 3, 4, 0}), ".1.3.4.0 = Integer32 8");
  EXPECT_THAT(transaction_->changed_roots(), ElementsAre(Oid{1, 3}, Oid{1, 5}));
}

TEST_F(SetTransactionOutcomeTest, NothingIsWrittenIfTheSetterHasWritten) {
  setter().Leave(SetOutcome::WrittenBySetter());
  EXPECT_EQ(Set(set_), "noError 0");
  EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 1");
}

TEST_F(SetTransactionOutcomeTest,
       ChangesOutsideOfEverySubtreeFailAndAreUndone) {
  setter().Leave(SetOutcome().Also({1, 4}, Put({7}, Integer32{7})));
  EXPECT_EQ(Set(set_), "commitFailed 1");
  EXPECT_THAT(
      TakeSteps(),
      ElementsAre("test .1 = Integer32 6", "commit .1 = Integer32 6",
                  "undo .1 = Integer32 6", "clean up .1 = Integer32 6"));
  EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 1");
  EXPECT_THAT(log_.Take(),
              ElementsAre("INVALID_ARGUMENT: set of .1.3.1.1: the setter "
                          "changes .1.4, which is in no subtree"));
}

// --- Updates ---

TEST_F(SetTransactionOutcomeTest, ASetMayRequestTheUpdateOfItsSubtree) {
  EXPECT_EQ(Set(set_), "noError 0");
  EXPECT_THAT(started_, IsEmpty());
  setter().Leave(SetOutcome().ThenUpdate());
  EXPECT_EQ(Set(set_), "noError 0");
  EXPECT_THAT(started_, ElementsAre(".1.3"));
}

TEST_F(SetTransactionOutcomeTest, ASetThatFailsRequestsNoUpdate) {
  setter().Leave(SetOutcome().ThenUpdate());
  outcome_ = FailAt("commit .2", ErrorStatus::kWrongValue);
  EXPECT_EQ(Set({set_[0], {{1, 3, 5, 2}, OctetString{"six"}}}), "wrongValue 2");
  EXPECT_THAT(started_, IsEmpty());
}

// --- Errors and undo ---

TEST_F(SetTransactionOutcomeTest, AFailedSetInOneMessageShowsNothingOfIt) {
  outcome_ = [this](const std::string& step) {
    if (step.rfind("undo", 0) == 0) {
      EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 1");
    }
    return FailAt("commit .2", ErrorStatus::kWrongValue)(step);
  };
  EXPECT_EQ(Set({set_[0], {{1, 3, 5, 2}, OctetString{"six"}}}), "wrongValue 2");
  EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 1");
}

TEST_F(SetTransactionOutcomeTest, WhatCannotBeUndoneIsServed) {
  outcome_ = [](const std::string& step) {
    return step == "undo .1 = Integer32 6" || step == "commit .7 = Gauge32 7"
               ? ErrorStatus::kGenErr
               : ErrorStatus::kNoError;
  };
  EXPECT_EQ(Set({set_[0],
                 {{1, 3, 5, 2}, OctetString{"six"}},
                 {{1, 3, 6, 7}, Gauge32{7}}}),
            "undoFailed 0");
  EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 6");
  EXPECT_EQ(Get({1, 3, 5, 2}), ".1.3.5.2 = OctetString \"two\"");
}

TEST_F(SetTransactionOutcomeTest,
       UndoRestoresOnlyWhatTheSetHasLeftAndThenUpdates) {
  setter().Leave(SetOutcome().Also({1, 3, 4}, Put({0}, Integer32{8})));
  EXPECT_EQ(Test(set_), "noError 0");
  EXPECT_EQ(Commit(), "noError 0");
  ASSERT_TRUE(store_->Apply(Put({1, 1}, Integer32{9})).ok());  // an update
  EXPECT_EQ(Undo(), "noError 0");
  EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 9");
  EXPECT_EQ(Get({1, 3, 4, 0}), ".1.3.4.0 = Integer32 5");
  EXPECT_THAT(started_, ElementsAre(".1.3"));
}

TEST_F(SetTransactionOutcomeTest,
       ACommitThatNobodyEndsIsServedAfterTheCleanUp) {
  outcome_ = FailAt("commit .2", ErrorStatus::kWrongValue);
  EXPECT_EQ(Test({set_[0], {{1, 3, 5, 2}, OctetString{"six"}}}), "noError 0");
  EXPECT_EQ(Commit(), "wrongValue 2");
  EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 1");
  CleanUp();
  EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 6");
}

// The setter of .1.3.2 calls a function, which cannot undo.
TEST_F(SetTransactionOutcomeTest, WhatAFailedCommitHasStoredIsServed) {
  const std::vector<VarBind> bindings = {{{1, 3, 2, 0}, Integer32{6}},
                                         {{1, 3, 2, 1}, Integer32{7}}};
  ASSERT_TRUE(store_->Apply(Put({2, 1}, Integer32{5})).ok());
  function_error_ = Oid{1};
  EXPECT_EQ(Set(bindings), "undoFailed 0");
  EXPECT_EQ(Get({1, 3, 2, 0}), ".1.3.2.0 = Integer32 6");
  EXPECT_EQ(Get({1, 3, 2, 1}), ".1.3.2.1 = Integer32 5");

  EXPECT_EQ(Test(bindings), "noError 0");
  EXPECT_EQ(Commit(), "wrongValue 2");
  EXPECT_EQ(Undo(), "undoFailed 1");
}

// --- Secrets ---

TEST_F(SetTransactionOutcomeTest, AReportOfASecretHasNoMessageOfTheSetter) {
  const MibTree objects = MakeMibTree({{Oid{1, 3}, store_}}, MakeSetters(),
                                      /*is_updated=*/true, {Oid{1, 3, 1, 1}});
  SetTransaction::Shared shared = shared_;
  shared.objects = &objects;
  outcome_ = [](const std::string& step) -> SetResult {
    return absl::UnavailableError("cannot store " + step);
  };
  const auto transaction = std::make_shared<SetTransaction>(&shared, set_);
  EXPECT_EQ(ResultText(transaction->Set(asker_)), "resourceUnavailable 1");
  EXPECT_THAT(log_.Take(),
              ElementsAre("UNAVAILABLE: set of .1.3.1.1: failed; the object is "
                          "secret, so the setter's message is left out"));
}

}  // namespace
}  // namespace passpersist::internal
