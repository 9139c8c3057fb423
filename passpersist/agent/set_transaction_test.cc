// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/set_transaction.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent/computed_value_runner.h"
#include "passpersist/agent/error_reporter.h"
#include "passpersist/agent/mib_tree.h"
#include "passpersist/agent/setter_locks.h"
#include "passpersist/agent/testing/make_mib_tree.h"
#include "passpersist/agent/testing/task_queue.h"
#include "passpersist/agent/waker.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/setter.h"
#include "passpersist/stored_value.h"
#include "passpersist/testing/error_log.h"
#include "passpersist/testing/fake_setter.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/testing/response_text.h"
#include "passpersist/testing/simulated_clock.h"
#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

using passpersist_testing::ErrorLog;
using passpersist_testing::FailAt;
using passpersist_testing::FakeSetter;
using passpersist_testing::FakeStore;
using passpersist_testing::SimulatedClock;
using passpersist_testing::Text;
using testing::ElementsAre;
using testing::IsEmpty;

// Allows only .9 to be created, and makes no assignment.
class EmptyHandedSetter : public Setter {
 public:
  bool AllowsCreate(const Oid& suffix) const override {
    return suffix == Oid{9};
  }
  SetResult Test(const Oid&, const Value&,
                 std::unique_ptr<Assignment>*) override {
    return ErrorStatus::kNoError;
  }
};

// A subtree at .1.3, where a FakeSetter sets .1.3.1, and a subtree at .1.5
// without a setter.
class SetTransactionTest : public testing::Test {
 protected:
  std::string Test(const std::vector<VarBind>& bindings) {
    transaction_ = NewTransaction(bindings);
    return ResultText(transaction_->Test(asker_));
  }
  std::string Commit() { return ResultText(transaction_->Commit(asker_)); }
  std::string Undo() { return ResultText(transaction_->Undo(asker_)); }
  void CleanUp() { std::exchange(transaction_, nullptr)->CleanUp(); }

  // Ends the last transaction first: it may hold the same setters.
  std::shared_ptr<SetTransaction> NewTransaction(
      const std::vector<VarBind>& bindings) {
    if (transaction_ != nullptr) CleanUp();
    return std::make_shared<SetTransaction>(&shared_, bindings);
  }

  static std::string ResultText(
      const std::optional<SetTransaction::Result>& result) {
    if (!result) return "waits";
    return absl::StrCat(ErrorStatusName(result->error), " ", result->index);
  }

  std::string Get(const Oid& oid) {
    ResponseVarBind found = {oid, Exception::kNoSuchInstance};
    if (const auto stored = objects_.Find(oid)->Find(oid)) {
      const auto* const computed = std::get_if<ComputedValue>(&*stored);
      found.value = computed == nullptr ? std::get<Value>(*stored)
                                        : (*computed)().value();
    }
    return Text(found);
  }

  // The calls of the setter since the last TakeSteps().
  FakeSetter::Log TakeSteps() { return std::exchange(steps_, {}); }

  MibTree::Setters MakeSetters() {
    MibTree::Setters setters;
    setters[Oid{1, 3, 1}] = std::make_unique<FakeSetter>(
        &steps_, [this](const std::string& step) { return outcome_(step); });
    setters[Oid{1, 3, 2}] =
        MakeSetter([this](const Oid& suffix, const Value& value) {
          steps_.push_back(absl::StrCat("set ", Text({suffix, value})));
          return ErrorStatus::kNoError;
        });
    setters[Oid{1, 3, 9}] = std::make_unique<EmptyHandedSetter>();
    return setters;
  }

  FakeSetter::Log steps_;
  FakeSetter::Outcome outcome_ = [](const std::string&) {
    return ErrorStatus::kNoError;
  };
  const std::shared_ptr<FakeStore> store_ =
      std::make_shared<FakeStore>(FakeStore::Entries{
          {{1, 1}, Integer32{1}},
          {{1, 2}, OctetString{"two"}},
          {{1, 3}, Counter64{3}},
          {{1, 4}, Opaque::FromFloat(4)},
          {{2, 0}, Integer32{5}},
          {{4, 0}, Integer32{5}},
      });
  const MibTree objects_ = MakeMibTree(
      {{Oid{1, 3}, store_}, {Oid{1, 5}, std::make_shared<FakeStore>()}},
      MakeSetters());
  SimulatedClock clock_;
  ErrorLog log_;
  ErrorReporter errors_{log_.Hook()};
  ComputedValueRunner computed_values_{&clock_, {}, RunInline()};
  SetterLocks setter_locks_;
  const SetTransaction::Shared shared_{&objects_, &errors_, &computed_values_,
                                       &setter_locks_, RunInline()};
  // A request that may wait as long as a function takes.
  SetTransaction::Asker asker_ = [this] {
    SetTransaction::Asker asker;
    asker.deadline = absl::InfiniteDuration();
    asker.waker = std::make_shared<Waker>(&clock_, nullptr);
    return asker;
  }();
  std::shared_ptr<SetTransaction> transaction_;
};

// --- Test ---

TEST_F(SetTransactionTest, RejectsAnInstanceWithoutASetter) {
  EXPECT_EQ(Test({{{1, 3, 4, 0}, Integer32{6}}}), "notWritable 1");
  EXPECT_EQ(Test({{{1, 3, 10}, Integer32{6}}}), "notWritable 1");
  EXPECT_EQ(Test({{{1, 3}, Integer32{6}}}), "notWritable 1");
  EXPECT_EQ(Test({{{1, 5, 1}, Integer32{6}}}), "notWritable 1");
  EXPECT_EQ(Test({{{2, 1}, Integer32{6}}}), "notWritable 1");
  EXPECT_THAT(steps_, IsEmpty());
}

TEST_F(SetTransactionTest, CreatesAnInstanceOnlyIfItsSetterAllowsIt) {
  for (const Oid& oid : {Oid{1, 3, 2}, Oid{1, 3, 2, 1}, Oid{1, 3, 2, 0, 7}}) {
    EXPECT_EQ(Test({{oid, Integer32{6}}}), "noCreation 1") << oid.ToString();
  }
  EXPECT_THAT(TakeSteps(), IsEmpty());
  EXPECT_EQ(Test({{{1, 3, 2, 0}, Integer32{6}}, {{1, 3, 1, 7}, Integer32{6}}}),
            "noError 0");
}

TEST_F(SetTransactionTest, RejectsATypeOtherThanThatOfTheCurrentValue) {
  const std::vector<Value> values = {
      Integer32{1},         OctetString{"two"}, Counter64{3},
      Opaque::FromFloat(4), Counter32{1},       Gauge32{1},
      TimeTicks{1},         IpAddress{},        ObjectIdentifier{{1, 3}}};
  for (uint32_t instance = 1; instance <= 4; ++instance) {
    for (size_t i = 0; i < values.size(); ++i) {
      const std::vector<VarBind> bindings = {{{1, 3, 1, instance}, values[i]}};
      EXPECT_EQ(Test(bindings), i == instance - 1 ? "noError 0" : "wrongType 1")
          << ToString(bindings[0].value);
    }
  }
}

TEST_F(SetTransactionTest, LetsTheSetterCheckTheTypeOfAnAbsentInstance) {
  EXPECT_EQ(Test({{{1, 3, 1, 7}, Integer32{6}},
                  {{1, 3, 1, 8}, OctetString{"x"}},
                  {{1, 3, 1}, Gauge32{7}}}),
            "noError 0");
  EXPECT_EQ(TakeSteps().size(), 3u);
}

TEST_F(SetTransactionTest, ComputesAValueToFindItsType) {
  absl::StatusOr<Value> reading = Integer32{7};
  Changes changes;
  changes.PutComputed({1, 1}, [&reading] { return reading; });
  ASSERT_TRUE(store_->Apply(changes).ok());
  EXPECT_EQ(Test({{{1, 3, 1, 1}, OctetString{"x"}}}), "wrongType 1");
  EXPECT_EQ(Test({{{1, 3, 1, 1}, Integer32{8}}}), "noError 0");
  reading = absl::UnavailableError("no sensor");
  EXPECT_EQ(Test({{{1, 3, 1, 1}, OctetString{"x"}}}), "noError 0");
}

TEST_F(SetTransactionTest, TestsInOrderAndReportsTheRejectedBinding) {
  outcome_ = FailAt("test .1.2", ErrorStatus::kWrongLength);
  EXPECT_EQ(Test({{{1, 3, 1, 1}, Integer32{6}},
                  {{1, 3, 1, 2}, OctetString{"too long"}},
                  {{1, 3, 1, 3}, Counter64{6}}}),
            "wrongLength 2");
  EXPECT_THAT(TakeSteps(), ElementsAre("test .1.1 = Integer32 6",
                                       "test .1.2 = OctetString \"too long\""));
  CleanUp();
  EXPECT_THAT(TakeSteps(), ElementsAre("clean up .1.1 = Integer32 6"));
  EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 1");
}

TEST_F(SetTransactionTest, AnExceptionInATestIsAGenErrAndReported) {
  outcome_ = [](const std::string&) -> ErrorStatus {
    throw std::runtime_error("no disk");
  };
  EXPECT_EQ(Test({{{1, 3, 1, 1}, Integer32{6}}}), "genErr 1");
  EXPECT_THAT(log_.Take(),
              ElementsAre("INTERNAL: set of .1.3.1.1: exception: no disk"));
}

TEST_F(SetTransactionTest, AFailedTestIsAnErrorByItsCodeAndReported) {
  absl::Status trouble;
  outcome_ = [&](const std::string&) { return trouble; };
  for (const auto& [status, error] :
       std::vector<std::pair<absl::Status, std::string>>{
           {absl::UnavailableError("no disk"), "resourceUnavailable 1"},
           {absl::ResourceExhaustedError("no disk"), "resourceUnavailable 1"},
           {absl::NotFoundError("no disk"), "genErr 1"}}) {
    trouble = status;
    EXPECT_EQ(Test({{{1, 3, 1, 1}, Integer32{6}}}), error);
    EXPECT_THAT(log_.Take(), ElementsAre(absl::StrCat(
                                 absl::StatusCodeToString(status.code()),
                                 ": set of .1.3.1.1: no disk")));
  }
}

TEST_F(SetTransactionTest, ASetterThatMakesNoAssignmentIsAGenErrAndReported) {
  EXPECT_EQ(Test({{{1, 3, 9}, Integer32{6}}}), "genErr 1");
  EXPECT_THAT(log_.Take(), ElementsAre("INTERNAL: set of .1.3.9: "
                                       "the setter made no assignment"));
}

// --- Commit and undo ---

class TestedSetTransactionTest : public SetTransactionTest {
 protected:
  TestedSetTransactionTest() {
    EXPECT_EQ(Test({{{1, 3, 1, 1}, Integer32{6}},
                    {{1, 3, 1, 2}, OctetString{"six"}},
                    {{1, 3, 1, 7}, Gauge32{7}}}),
              "noError 0");
    TakeSteps();
  }

  std::vector<std::string> Values() {
    return {Get({1, 3, 1, 1}), Get({1, 3, 1, 2}), Get({1, 3, 1, 7})};
  }
};

TEST_F(TestedSetTransactionTest, PublishesNothingBeforeTheCommit) {
  EXPECT_THAT(Values(), ElementsAre(".1.3.1.1 = Integer32 1",
                                    ".1.3.1.2 = OctetString \"two\"",
                                    ".1.3.1.7 = noSuchInstance"));
}

TEST_F(TestedSetTransactionTest, CommitsInOrderAndPublishesTheValues) {
  EXPECT_EQ(Commit(), "noError 0");
  EXPECT_THAT(TakeSteps(), ElementsAre("commit .1.1 = Integer32 6",
                                       "commit .1.2 = OctetString \"six\"",
                                       "commit .1.7 = Gauge32 7"));
  EXPECT_THAT(Values(), ElementsAre(".1.3.1.1 = Integer32 6",
                                    ".1.3.1.2 = OctetString \"six\"",
                                    ".1.3.1.7 = Gauge32 7"));
}

TEST_F(TestedSetTransactionTest, PublishesEachValueAsSoonAsItIsCommitted) {
  outcome_ = [this](const std::string& step) {
    if (step == "commit .1.2 = OctetString \"six\"") {
      EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 6");
    }
    return ErrorStatus::kNoError;
  };
  EXPECT_EQ(Commit(), "noError 0");
}

TEST_F(TestedSetTransactionTest, StopsAtTheCommitThatFails) {
  outcome_ = FailAt("commit .1.2", ErrorStatus::kResourceUnavailable);
  EXPECT_EQ(Commit(), "resourceUnavailable 2");
  EXPECT_THAT(TakeSteps(), ElementsAre("commit .1.1 = Integer32 6",
                                       "commit .1.2 = OctetString \"six\""));
  EXPECT_THAT(Values(), ElementsAre(".1.3.1.1 = Integer32 6",
                                    ".1.3.1.2 = OctetString \"two\"",
                                    ".1.3.1.7 = noSuchInstance"));
  EXPECT_EQ(Undo(), "noError 0");
  EXPECT_THAT(TakeSteps(), ElementsAre("undo .1.1 = Integer32 6"));
  EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 1");
}

TEST_F(TestedSetTransactionTest, AnExceptionInACommitIsAGenErrAndReported) {
  outcome_ = [](const std::string& step) -> ErrorStatus {
    if (step != "commit .1.1 = Integer32 6") return ErrorStatus::kNoError;
    throw 5;
  };
  EXPECT_EQ(Commit(), "genErr 1");
  EXPECT_THAT(log_.Take(), ElementsAre("INTERNAL: set of .1.3.1.1: exception "
                                       "that is not a std::exception"));
}

TEST_F(TestedSetTransactionTest, UndoesCommittedAssignmentsLastFirst) {
  Commit();
  TakeSteps();
  EXPECT_EQ(Undo(), "noError 0");
  EXPECT_THAT(TakeSteps(), ElementsAre("undo .1.7 = Gauge32 7",
                                       "undo .1.2 = OctetString \"six\"",
                                       "undo .1.1 = Integer32 6"));
  EXPECT_THAT(Values(), ElementsAre(".1.3.1.1 = Integer32 1",
                                    ".1.3.1.2 = OctetString \"two\"",
                                    ".1.3.1.7 = noSuchInstance"));
}

TEST_F(TestedSetTransactionTest, UndoesNothingThatWasNotCommitted) {
  EXPECT_EQ(Undo(), "noError 0");
  EXPECT_THAT(TakeSteps(), IsEmpty());
}

TEST_F(TestedSetTransactionTest, ContinuesWithTheOthersIfAnUndoFails) {
  Commit();
  TakeSteps();
  outcome_ = FailAt("undo .1.2", ErrorStatus::kUndoFailed);
  EXPECT_EQ(Undo(), "undoFailed 2");
  EXPECT_EQ(TakeSteps().size(), 3u);
  EXPECT_THAT(Values(), ElementsAre(".1.3.1.1 = Integer32 1",
                                    ".1.3.1.2 = OctetString \"six\"",
                                    ".1.3.1.7 = noSuchInstance"));
}

TEST_F(TestedSetTransactionTest, AnExceptionInAnUndoIsReported) {
  Commit();
  outcome_ = [](const std::string& step) -> ErrorStatus {
    if (step != "undo .1.1 = Integer32 6") return ErrorStatus::kNoError;
    throw std::runtime_error("no disk");
  };
  EXPECT_EQ(Undo(), "undoFailed 1");
  EXPECT_THAT(log_.Take(),
              ElementsAre("INTERNAL: set of .1.3.1.1: exception: no disk"));
}

TEST_F(TestedSetTransactionTest, UndoesAnAssignmentThatCannotBePublished) {
  store_->FailWith(absl::ResourceExhaustedError("full"));
  EXPECT_EQ(Commit(), "commitFailed 1");
  EXPECT_THAT(TakeSteps(), ElementsAre("commit .1.1 = Integer32 6",
                                       "undo .1.1 = Integer32 6"));
  EXPECT_THAT(log_.Take(), ElementsAre("RESOURCE_EXHAUSTED: set of .1.3.1.1: "
                                       "full"));
}

TEST_F(TestedSetTransactionTest, ReportsAFailedUndoOfAnUnpublishedAssignment) {
  store_->FailWith(absl::ResourceExhaustedError("full"));
  outcome_ = FailAt("undo", ErrorStatus::kUndoFailed);
  EXPECT_EQ(Commit(), "undoFailed 1");
}

TEST_F(TestedSetTransactionTest, CleanUpDestroysTheAssignments) {
  Commit();
  TakeSteps();
  CleanUp();
  EXPECT_THAT(TakeSteps(), ElementsAre("clean up .1.1 = Integer32 6",
                                       "clean up .1.2 = OctetString \"six\"",
                                       "clean up .1.7 = Gauge32 7"));
}

TEST_F(SetTransactionTest, UndoRestoresAComputedValueThatFailed) {
  absl::StatusOr<Value> reading = absl::UnavailableError("no sensor");
  Changes changes;
  changes.PutComputed({1, 1}, [&reading] { return reading; });
  ASSERT_TRUE(store_->Apply(changes).ok());
  ASSERT_EQ(Test({{{1, 3, 1, 1}, Integer32{6}}}), "noError 0");
  EXPECT_EQ(Commit(), "noError 0");
  EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 6");
  EXPECT_EQ(Undo(), "noError 0");
  reading = Integer32{7};
  EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 7");
}

// --- Waiting ---

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

  TaskQueue tasks_;
  const SetTransaction::Shared late_{&objects_, &errors_, &computed_values_,
                                     &setter_locks_, tasks_.AsRunTask()};
  const std::vector<VarBind> first_ = {{{1, 3, 1, 1}, Integer32{6}}};
  const std::vector<VarBind> second_ = {{{1, 3, 2, 0}, Integer32{6}}};
};

TEST_F(LateSetTransactionTest, WaitsUntilTheSetterReturns) {
  Request set = NewRequest(first_);
  EXPECT_EQ(ResultText(set.Set()), "waits");
  EXPECT_EQ(ResultText(set.Set()), "waits");
  tasks_.RunAll();
  EXPECT_EQ(ResultText(set.Set()), "noError 0");
  EXPECT_THAT(TakeSteps(), ElementsAre("test .1.1 = Integer32 6",
                                       "commit .1.1 = Integer32 6",
                                       "clean up .1.1 = Integer32 6"));
  EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 6");
}

TEST_F(LateSetTransactionTest, ALateTestChangesNothing) {
  for (const bool phased : {false, true}) {
    Request set = NewRequest(first_);
    outcome_ = [&](const std::string& step) {
      if (step != "test .1.1 = Integer32 6") return ErrorStatus::kNoError;
      set.PassDeadline();
      EXPECT_EQ(ResultText(phased ? set.Test() : set.Set()),
                "resourceUnavailable 0");
      set.transaction->CleanUp();
      return ErrorStatus::kNoError;
    };
    EXPECT_EQ(ResultText(phased ? set.Test() : set.Set()), "waits");
    tasks_.RunAll();
    EXPECT_THAT(TakeSteps(), ElementsAre("test .1.1 = Integer32 6",
                                         "clean up .1.1 = Integer32 6"));
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
      {{{1, 3, 1, 1}, Integer32{6}}, {{1, 3, 1, 2}, OctetString{"six"}}});
  outcome_ = [&](const std::string& step) {
    if (step == "commit .1.1 = Integer32 6") {
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
  EXPECT_EQ(Get({1, 3, 1, 2}), ".1.3.1.2 = OctetString \"two\"");
}

TEST_F(LateSetTransactionTest, AnUndoDuringALateCommitWins) {
  Request set = NewRequest(first_);
  EXPECT_EQ(ResultText(set.Test()), "waits");
  tasks_.RunAll();
  EXPECT_EQ(ResultText(set.Test()), "noError 0");
  outcome_ = [&](const std::string& step) {
    if (step == "commit .1.1 = Integer32 6") {
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
  EXPECT_THAT(TakeSteps(), ElementsAre("commit .1.1 = Integer32 6",
                                       "undo .1.1 = Integer32 6",
                                       "clean up .1.1 = Integer32 6"));
  EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 1");
}

TEST_F(LateSetTransactionTest, AnUndoAfterALateCommitUndoesIt) {
  Request set = NewRequest(first_);
  EXPECT_EQ(ResultText(set.Test()), "waits");
  tasks_.RunAll();
  EXPECT_EQ(ResultText(set.Test()), "noError 0");
  outcome_ = [&](const std::string& step) {
    if (step == "commit .1.1 = Integer32 6") {
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
  EXPECT_EQ(ResultText(other.Set()), "waits");
  tasks_.RunAll();
  EXPECT_EQ(ResultText(other.Set()), "noError 0");
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
  EXPECT_EQ(ResultText(accepted.Set()), "waits");
  tasks_.RunAll();
  EXPECT_EQ(ResultText(accepted.Set()), "noError 0");
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
  EXPECT_EQ(ResultText(open.Test()), "waits");
  tasks_.RunAll();
  EXPECT_EQ(ResultText(open.Test()), "noError 0");
  Request other = NewRequest(first_);
  EXPECT_EQ(ResultText(other.Set()), "waits");
  tasks_.RunAll();
  EXPECT_EQ(ResultText(other.Set()), "noError 0");
}

// The destructor of an assignment may use its setter.
TEST_F(LateSetTransactionTest, TheCleanUpWaitsForASetterInUse) {
  Request open = NewRequest(first_);
  EXPECT_EQ(ResultText(open.Test()), "waits");
  tasks_.RunAll();
  EXPECT_EQ(ResultText(open.Test()), "noError 0");
  TakeSteps();
  Request other = NewRequest({{{1, 3, 1, 2}, OctetString{"six"}}});
  EXPECT_EQ(ResultText(other.Set()), "waits");
  open.transaction->CleanUp();
  tasks_.RunOne(1);
  EXPECT_THAT(TakeSteps(), IsEmpty());
  tasks_.RunAll();
  EXPECT_THAT(TakeSteps(), ElementsAre("test .1.2 = OctetString \"six\"",
                                       "commit .1.2 = OctetString \"six\"",
                                       "clean up .1.2 = OctetString \"six\"",
                                       "clean up .1.1 = Integer32 6"));
}

}  // namespace
}  // namespace passpersist::internal
