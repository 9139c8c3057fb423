// SPDX-License-Identifier: Apache-2.0

#include "passpersist/setter.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
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
  std::unique_ptr<Assignment> Test(const Oid& suffix, const Value& value) {
    std::unique_ptr<Assignment> assignment;
    EXPECT_EQ(*setter_->Test(suffix, value, &assignment),
              ErrorStatus::kNoError);
    EXPECT_NE(assignment, nullptr);
    return assignment;
  }

  std::vector<std::string> set_;
  SetResult result_ = ErrorStatus::kNoError;
  const std::unique_ptr<Setter> setter_ =
      MakeSetter([this](const Oid& suffix, const Value& value) {
        set_.push_back(Text({suffix, value}));
        return result_;
      });
};

TEST_F(MakeSetterTest, CallsTheFunctionAtTheCommitAndNotAtTheTest) {
  const std::unique_ptr<Assignment> assignment = Test({1, 2}, Integer32{3});
  EXPECT_THAT(set_, IsEmpty());
  EXPECT_EQ(*assignment->Commit(), ErrorStatus::kNoError);
  EXPECT_THAT(set_, ElementsAre(".1.2 = Integer32 3"));
}

TEST_F(MakeSetterTest, ReturnsTheErrorOfTheFunction) {
  result_ = ErrorStatus::kWrongLength;
  const std::unique_ptr<Assignment> assignment = Test({1, 2}, OctetString{"x"});
  EXPECT_EQ(*assignment->Commit(), ErrorStatus::kWrongLength);
}

TEST_F(MakeSetterTest, ReturnsTheStatusOfTheFunction) {
  result_ = absl::UnavailableError("no disk");
  const std::unique_ptr<Assignment> assignment = Test({1, 2}, OctetString{"x"});
  EXPECT_EQ(assignment->Commit(), result_);
}

TEST_F(MakeSetterTest, DoesNothingIfTheAssignmentIsDropped) {
  Test({1, 2}, Integer32{3}).reset();
  EXPECT_THAT(set_, IsEmpty());
}

TEST_F(MakeSetterTest, CannotUndo) {
  const std::unique_ptr<Assignment> assignment = Test({1, 2}, Integer32{3});
  EXPECT_EQ(*assignment->Commit(), ErrorStatus::kNoError);
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
  EXPECT_EQ(*first->Commit(), ErrorStatus::kNoError);
  EXPECT_EQ(*second->Commit(), ErrorStatus::kNoError);
  EXPECT_THAT(set_, ElementsAre(".1 = OctetString \"first\"",
                                ".2 = OctetString \"second\""));
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
  std::unique_ptr<Assignment> assignment;
  EXPECT_EQ(*setter->Test({1}, Integer32{7}, &assignment),
            ErrorStatus::kNoError);
  EXPECT_EQ(*assignment->Commit(), ErrorStatus::kNoError);
  EXPECT_EQ(*stored, 7);
}

TEST(SetterTest, IsNullForANullFunction) {
  EXPECT_EQ(MakeSetter(nullptr), nullptr);
  EXPECT_EQ(MakeSetter(nullptr, {/*allow_create=*/true}), nullptr);
}

}  // namespace
}  // namespace passpersist
