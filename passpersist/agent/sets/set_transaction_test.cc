// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/sets/set_transaction.h"

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent/testing/set_transaction_fixture.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/testing/fake_setter.h"
#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

using passpersist_testing::FailAt;
using testing::ElementsAre;
using testing::IsEmpty;

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
  EXPECT_THAT(TakeSteps(),
              ElementsAre("test .7 = Integer32 6; .8 = OctetString \"x\"; "
                          ". = Gauge32 7"));
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
  outcome_ = FailAt("test .2", ErrorStatus::kWrongLength);
  EXPECT_EQ(Test({{{1, 3, 1, 1}, Integer32{6}},
                  {{1, 3, 5, 2}, OctetString{"too long"}},
                  {{1, 3, 6, 3}, Counter64{6}}}),
            "wrongLength 2");
  EXPECT_THAT(TakeSteps(), ElementsAre("test .1 = Integer32 6",
                                       "test .2 = OctetString \"too long\""));
  CleanUp();
  EXPECT_THAT(TakeSteps(), ElementsAre("clean up .1 = Integer32 6"));
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
                    {{1, 3, 5, 2}, OctetString{"six"}},
                    {{1, 3, 6, 7}, Gauge32{7}}}),
              "noError 0");
    TakeSteps();
  }

  std::vector<std::string> Values() {
    return {Get({1, 3, 1, 1}), Get({1, 3, 5, 2}), Get({1, 3, 6, 7})};
  }
};

TEST_F(TestedSetTransactionTest, PublishesNothingBeforeTheCommit) {
  EXPECT_THAT(Values(), ElementsAre(".1.3.1.1 = Integer32 1",
                                    ".1.3.5.2 = OctetString \"two\"",
                                    ".1.3.6.7 = noSuchInstance"));
}

TEST_F(TestedSetTransactionTest, CommitsInOrderAndPublishesTheValues) {
  EXPECT_EQ(Commit(), "noError 0");
  EXPECT_THAT(TakeSteps(), ElementsAre("commit .1 = Integer32 6",
                                       "commit .2 = OctetString \"six\"",
                                       "commit .7 = Gauge32 7"));
  EXPECT_THAT(Values(), ElementsAre(".1.3.1.1 = Integer32 6",
                                    ".1.3.5.2 = OctetString \"six\"",
                                    ".1.3.6.7 = Gauge32 7"));
}

TEST_F(TestedSetTransactionTest, PublishesNothingBeforeTheLastCommit) {
  outcome_ = [this](const std::string& step) {
    if (step == "commit .7 = Gauge32 7") {
      EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 1");
    }
    return ErrorStatus::kNoError;
  };
  EXPECT_EQ(Commit(), "noError 0");
}

TEST_F(TestedSetTransactionTest, StopsAtTheCommitThatFails) {
  outcome_ = FailAt("commit .2", ErrorStatus::kResourceUnavailable);
  EXPECT_EQ(Commit(), "resourceUnavailable 2");
  EXPECT_THAT(TakeSteps(), ElementsAre("commit .1 = Integer32 6",
                                       "commit .2 = OctetString \"six\""));
  EXPECT_THAT(Values(), ElementsAre(".1.3.1.1 = Integer32 1",
                                    ".1.3.5.2 = OctetString \"two\"",
                                    ".1.3.6.7 = noSuchInstance"));
  EXPECT_EQ(Undo(), "noError 0");
  EXPECT_THAT(TakeSteps(), ElementsAre("undo .1 = Integer32 6"));
  EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 1");
}

TEST_F(TestedSetTransactionTest, AnExceptionInACommitIsAGenErrAndReported) {
  outcome_ = [](const std::string& step) -> ErrorStatus {
    if (step != "commit .1 = Integer32 6") return ErrorStatus::kNoError;
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
  EXPECT_THAT(TakeSteps(), ElementsAre("undo .7 = Gauge32 7",
                                       "undo .2 = OctetString \"six\"",
                                       "undo .1 = Integer32 6"));
  EXPECT_THAT(Values(), ElementsAre(".1.3.1.1 = Integer32 1",
                                    ".1.3.5.2 = OctetString \"two\"",
                                    ".1.3.6.7 = noSuchInstance"));
}

TEST_F(TestedSetTransactionTest, UndoesNothingThatWasNotCommitted) {
  EXPECT_EQ(Undo(), "noError 0");
  EXPECT_THAT(TakeSteps(), IsEmpty());
}

TEST_F(TestedSetTransactionTest, ContinuesWithTheOthersIfAnUndoFails) {
  Commit();
  TakeSteps();
  outcome_ = FailAt("undo .2", ErrorStatus::kUndoFailed);
  EXPECT_EQ(Undo(), "undoFailed 2");
  EXPECT_EQ(TakeSteps().size(), 3u);
  EXPECT_THAT(Values(), ElementsAre(".1.3.1.1 = Integer32 1",
                                    ".1.3.5.2 = OctetString \"six\"",
                                    ".1.3.6.7 = noSuchInstance"));
}

TEST_F(TestedSetTransactionTest, AnExceptionInAnUndoIsReported) {
  Commit();
  outcome_ = [](const std::string& step) -> ErrorStatus {
    if (step != "undo .1 = Integer32 6") return ErrorStatus::kNoError;
    throw std::runtime_error("no disk");
  };
  EXPECT_EQ(Undo(), "undoFailed 1");
  EXPECT_THAT(log_.Take(),
              ElementsAre("INTERNAL: set of .1.3.1.1: exception: no disk"));
}

TEST_F(TestedSetTransactionTest, ASetThatCannotBePublishedCanBeUndone) {
  store_->FailWith(absl::ResourceExhaustedError("full"));
  EXPECT_EQ(Commit(), "commitFailed 1");
  EXPECT_THAT(log_.Take(), ElementsAre("RESOURCE_EXHAUSTED: set of .1.3.1.1: "
                                       "full"));
  TakeSteps();
  EXPECT_EQ(Undo(), "noError 0");
  EXPECT_EQ(TakeSteps().size(), 3u);
}

TEST_F(TestedSetTransactionTest, ReportsAFailedUndoOfAnUnpublishedSet) {
  store_->FailWith(absl::ResourceExhaustedError("full"));
  EXPECT_EQ(Commit(), "commitFailed 1");
  outcome_ = FailAt("undo", ErrorStatus::kUndoFailed);
  EXPECT_EQ(Undo(), "undoFailed 0");
}

TEST_F(TestedSetTransactionTest, CleanUpDestroysTheAssignments) {
  Commit();
  TakeSteps();
  CleanUp();
  EXPECT_THAT(TakeSteps(), ElementsAre("clean up .1 = Integer32 6",
                                       "clean up .2 = OctetString \"six\"",
                                       "clean up .7 = Gauge32 7"));
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

}  // namespace
}  // namespace passpersist::internal
