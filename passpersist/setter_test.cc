// SPDX-License-Identifier: Apache-2.0

#include "passpersist/setter.h"

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/changes.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/testing/response_text.h"
#include "passpersist/value.h"

namespace passpersist {
namespace {

using passpersist_testing::Text;
using testing::ElementsAre;
using testing::IsEmpty;

class MakeSetterTest : public testing::Test {
 protected:
  // The bindings live until the end of the test, as in an agent.
  std::unique_ptr<Assignment> Test(std::vector<SetBinding> bindings) {
    tested_.push_back(std::move(bindings));
    TestResult result = setter_->Test(tested_.back());
    EXPECT_EQ(*result.result(), ErrorStatus::kNoError);
    return result.TakeAssignment();
  }
  std::unique_ptr<Assignment> Test(const Oid& suffix, const Value& value) {
    return Test({{suffix, value}});
  }

  std::deque<std::vector<SetBinding>> tested_;
  std::vector<std::string> set_;
  CommitResult result_ = ErrorStatus::kNoError;
  const std::unique_ptr<Setter> setter_ =
      MakeSetter([this](const Oid& suffix, const Value& value) {
        set_.push_back(Text({suffix, value}));
        return result_;
      });
};

TEST_F(MakeSetterTest, CallsTheFunctionAtTheCommitAndNotAtTheTest) {
  const std::unique_ptr<Assignment> assignment = Test({1, 2}, Integer32{3});
  EXPECT_THAT(set_, IsEmpty());
  EXPECT_EQ(*assignment->Commit().result(), ErrorStatus::kNoError);
  EXPECT_THAT(set_, ElementsAre(".1.2 = Integer32 3"));
}

TEST_F(MakeSetterTest, ReturnsTheErrorOfTheFunction) {
  result_ = ErrorStatus::kWrongLength;
  const std::unique_ptr<Assignment> assignment = Test({1, 2}, OctetString{"x"});
  EXPECT_EQ(*assignment->Commit().result(), ErrorStatus::kWrongLength);
}

TEST_F(MakeSetterTest, ReturnsTheStatusOfTheFunction) {
  result_ = absl::UnavailableError("no disk");
  const std::unique_ptr<Assignment> assignment = Test({1, 2}, OctetString{"x"});
  EXPECT_EQ(assignment->Commit().result(), result_.result());
}

TEST_F(MakeSetterTest, DoesNothingIfTheAssignmentIsDropped) {
  Test({1, 2}, Integer32{3}).reset();
  EXPECT_THAT(set_, IsEmpty());
}

TEST_F(MakeSetterTest, CannotUndo) {
  const std::unique_ptr<Assignment> assignment = Test({1, 2}, Integer32{3});
  EXPECT_EQ(*assignment->Commit().result(), ErrorStatus::kNoError);
  EXPECT_EQ(*assignment->Undo(), ErrorStatus::kUndoFailed);
  EXPECT_THAT(set_, ElementsAre(".1.2 = Integer32 3"));
}

TEST_F(MakeSetterTest, EachAssignmentHasItsOwnValue) {
  Oid suffix = {1};
  Value value = OctetString{"first"};
  const std::unique_ptr<Assignment> first = Test(suffix, value);
  suffix = {2};
  value = OctetString{"second"};
  const std::unique_ptr<Assignment> second = Test(suffix, value);
  suffix = {3};
  value = OctetString{"third"};
  EXPECT_EQ(*first->Commit().result(), ErrorStatus::kNoError);
  EXPECT_EQ(*second->Commit().result(), ErrorStatus::kNoError);
  EXPECT_THAT(set_, ElementsAre(".1 = OctetString \"first\"",
                                ".2 = OctetString \"second\""));
}

// --- Several bindings ---

// The changes of the outcome: ".1 = Integer32 3", ".1 erased".
std::vector<std::string> ChangesOf(const CommitResult& result,
                                   const std::vector<SetBinding>& bindings) {
  std::vector<std::string> lines;
  if (!result.outcome()) return {"nothing"};
  const Changes changes = result.outcome()->ChangesFor(bindings);
  for (const Changes::NetChange& net : changes.Normalized()) {
    lines.push_back(net.value == nullptr
                        ? net.suffix->ToString() + " erased"
                        : Text({*net.suffix, std::get<Value>(*net.value)}));
  }
  return lines;
}

TEST_F(MakeSetterTest, CallsTheFunctionForEachBindingAndTheLastOneCounts) {
  const std::vector<SetBinding> bindings = {
      {{1}, Integer32{3}}, {{2}, Integer32{4}}, {{1}, Integer32{5}}};
  const CommitResult result = Test(bindings)->Commit();
  EXPECT_THAT(set_, ElementsAre(".1 = Integer32 3", ".2 = Integer32 4",
                                ".1 = Integer32 5"));
  EXPECT_THAT(ChangesOf(result, bindings),
              ElementsAre(".1 = Integer32 5", ".2 = Integer32 4"));
}

TEST_F(MakeSetterTest, TestsEachBindingWithTheFunctionOfTheOptions) {
  SetterOptions options;
  options.test = [](const Oid& suffix, const Value&) {
    return suffix == Oid{2} ? ErrorStatus::kWrongValue : ErrorStatus::kNoError;
  };
  const std::unique_ptr<Setter> setter = MakeSetter(
      [this](const Oid&, const Value&) { return result_; }, std::move(options));
  const std::vector<SetBinding> bindings = {{{1}, Integer32{3}},
                                            {{2}, Integer32{4}}};
  EXPECT_EQ(*setter->Test(bindings).result(), ErrorStatus::kWrongValue);
  EXPECT_EQ(setter->Test(bindings).binding(), 1u);
  const auto first = absl::MakeConstSpan(bindings).first(1);
  EXPECT_EQ(*setter->Test(first).result(), ErrorStatus::kNoError);
}

TEST_F(MakeSetterTest, CombinesTheOutcomesOfTheCalls) {
  result_ = SetOutcome::Erased().Also({1, 3}).ThenUpdate();
  const std::vector<SetBinding> bindings = {{{1}, Integer32{3}},
                                            {{2}, Integer32{4}}};
  const CommitResult result = Test(bindings)->Commit();
  EXPECT_THAT(ChangesOf(result, bindings),
              ElementsAre(".1 erased", ".2 erased"));
  EXPECT_EQ(result.outcome()->elsewhere().size(), 2u);
  EXPECT_TRUE(result.outcome()->then_update());
}

TEST_F(MakeSetterTest, AnErrorAfterTheFirstBindingLeavesWhatWasStored) {
  const std::unique_ptr<Setter> setter =
      MakeSetter([](const Oid& suffix, const Value&) -> CommitResult {
        if (suffix == Oid{1}) return SetOutcome();
        return ErrorStatus::kWrongValue;
      });
  const std::vector<SetBinding> bindings = {{{1}, Integer32{3}},
                                            {{2}, Integer32{4}}};
  const auto assignment = setter->Test(bindings).TakeAssignment();
  const CommitResult result = assignment->Commit();
  EXPECT_EQ(*result.result(), ErrorStatus::kWrongValue);
  EXPECT_EQ(result.binding(), 1u);
  EXPECT_THAT(ChangesOf(result, bindings), ElementsAre(".1 = Integer32 3"));
}

TEST_F(MakeSetterTest, AnErrorOfTheFirstBindingLeavesNothing) {
  result_ = ErrorStatus::kWrongValue;
  const std::vector<SetBinding> bindings = {{{1}, Integer32{3}},
                                            {{2}, Integer32{4}}};
  EXPECT_THAT(ChangesOf(Test(bindings)->Commit(), bindings),
              ElementsAre("nothing"));
  EXPECT_EQ(set_.size(), 1u);
}

// --- Outcomes ---

TEST(SetOutcomeTest, SaysWhatTheInstancesThatWereSetHold) {
  const std::vector<SetBinding> bindings = {{{1}, Integer32{3}},
                                            {{2}, Integer32{4}}};
  Changes changes;
  changes.Put({7}, Integer32{8});
  EXPECT_THAT(ChangesOf(SetOutcome(), bindings),
              ElementsAre(".1 = Integer32 3", ".2 = Integer32 4"));
  EXPECT_THAT(ChangesOf(SetOutcome::Holds(Integer32{1}), bindings),
              ElementsAre(".1 = Integer32 1", ".2 = Integer32 1"));
  EXPECT_THAT(ChangesOf(SetOutcome::Erased(), bindings),
              ElementsAre(".1 erased", ".2 erased"));
  EXPECT_THAT(ChangesOf(SetOutcome::Changed(changes), bindings),
              ElementsAre(".7 = Integer32 8"));
  EXPECT_THAT(ChangesOf(SetOutcome::WrittenBySetter(), bindings), IsEmpty());
}

TEST(CommitResultTest, ConvertsFromOutcomesErrorsAndStatuses) {
  const auto has_outcome = [](const CommitResult& result) {
    return result.outcome().has_value();
  };
  EXPECT_TRUE(has_outcome(ErrorStatus::kNoError));
  EXPECT_TRUE(has_outcome(SetOutcome::Erased()));
  EXPECT_TRUE(has_outcome(SetResult(ErrorStatus::kNoError)));
  EXPECT_FALSE(has_outcome(ErrorStatus::kWrongValue));
  EXPECT_FALSE(has_outcome(absl::UnavailableError("no disk")));
  EXPECT_EQ(CommitResult(ErrorStatus::kWrongValue, 2).binding(), 2u);
}

TEST(SetterTest, CreatesInstancesOnlyIfTheOptionsAllowIt) {
  const auto set = [](const Oid&, const Value&) {
    return ErrorStatus::kNoError;
  };
  EXPECT_FALSE(MakeSetter(set)->AllowsCreate({1, 2}));
  EXPECT_TRUE(MakeSetter(set, {/*allow_create=*/true})->AllowsCreate({1, 2}));
}

TEST(SetterTest, AcceptsAMoveOnlyFunction) {
  auto target = std::make_unique<int32_t>(0);
  int32_t* const stored = target.get();
  const std::unique_ptr<Setter> setter =
      MakeSetter([target = std::move(target)](const Oid&, const Value& value) {
        *target = std::get<Integer32>(value).value;
        return ErrorStatus::kNoError;
      });
  const std::vector<SetBinding> bindings = {{{1}, Integer32{7}}};
  const auto assignment = setter->Test(bindings).TakeAssignment();
  EXPECT_EQ(*assignment->Commit().result(), ErrorStatus::kNoError);
  EXPECT_EQ(*stored, 7);
}

TEST(SetterTest, IsNullForANullFunction) {
  EXPECT_EQ(MakeSetter(nullptr), nullptr);
  EXPECT_EQ(MakeSetter(nullptr, {/*allow_create=*/true}), nullptr);
}

}  // namespace
}  // namespace passpersist
