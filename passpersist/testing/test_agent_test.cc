// SPDX-License-Identifier: Apache-2.0

#include "passpersist/testing/test_agent.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest-spi.h"
#include "gtest/gtest.h"
#include "passpersist/agent_builder.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/setter.h"
#include "passpersist/testing/fake_setter.h"
#include "passpersist/testing/get_result.h"
#include "passpersist/testing/simulation.h"
#include "passpersist/value.h"

namespace passpersist_testing {
namespace {

using passpersist::AgentBuilder;
using passpersist::Contents;
using passpersist::Counter32;
using passpersist::ErrorStatus;
using passpersist::Exception;
using passpersist::GetBulk;
using passpersist::Integer32;
using passpersist::MakeSetter;
using passpersist::OctetString;
using passpersist::Oid;
using passpersist::Response;
using passpersist::Value;
using passpersist::VarBind;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::PrintToString;

// Serves the number of its updates, .1.3.1.0, and a name, .1.3.2.0, which may
// be set; and .1.4.1.0.
AgentBuilder Builder() {
  AgentBuilder builder;
  builder
      .AddSubtree(Oid({1, 3}), absl::Seconds(10),
                  [count = 0](Contents& contents) mutable {
                    contents.Put({1, 0}, Integer32{++count});
                    contents.Put({2, 0}, OctetString{"eth0"});
                    return absl::OkStatus();
                  })
      .AddSubtree(Oid({1, 4}), absl::Seconds(10),
                  [](Contents& contents) {
                    contents.Put({1, 0}, Counter32{7});
                    return absl::OkStatus();
                  })
      .AddSetter(Oid({1, 3, 2}), MakeSetter([](const Oid&, const Value&) {
                   return ErrorStatus::kNoError;
                 }));
  return builder;
}

TEST(TestAgentTest, GetsValuesAndTheReasonWhyThereIsNone) {
  TestAgent agent(Builder());
  EXPECT_EQ(agent.Get({1, 3, 1, 0}), Integer32{1});
  EXPECT_EQ(agent.Get({1, 3, 2, 0}), Value(OctetString{"eth0"}));
  EXPECT_NE(agent.Get({1, 3, 1, 0}), Counter32{1});
  EXPECT_EQ(agent.Get({1, 3, 1, 1}), Exception::kNoSuchInstance);
  EXPECT_EQ(agent.Get({1, 3, 1, 1}), std::nullopt);
  EXPECT_NE(agent.Get({1, 3, 1, 0}), std::nullopt);
}

TEST(TestAgentTest, AFailureShowsTypesAndValues) {
  TestAgent agent(Builder());
  EXPECT_EQ(PrintToString(agent.Get({1, 3, 1, 0})), "Integer32 1");
  EXPECT_EQ(PrintToString(agent.Get({1, 3, 1, 1})), "noSuchInstance");
  EXPECT_EQ(PrintToString(Integer32{5}), "Integer32 5");
  EXPECT_EQ(PrintToString(OctetString{"a\n"}), "OctetString \"a\\n\"");
  EXPECT_EQ(PrintToString(agent.Walk({1, 4})), "{ .1.4.1.0 = Counter32 7 }");
  EXPECT_EQ(PrintToString(agent.Set({1, 4, 1, 0}, Counter32{8})),
            "notWritable");
}

TEST(TestAgentTest, GetNextGoesOnInTheNextSubtree) {
  TestAgent agent(Builder());
  EXPECT_EQ(agent.GetNext({1, 3, 2, 0}), (VarBind{{1, 4, 1, 0}, Counter32{7}}));
  EXPECT_EQ(agent.GetNext({1, 4, 1, 0}), std::nullopt);
}

TEST(TestAgentTest, AWalkEndsAtTheSubtree) {
  TestAgent agent(Builder());
  EXPECT_THAT(agent.Walk({1, 3}),
              ElementsAre(VarBind{{1, 3, 1, 0}, Integer32{1}},
                          VarBind{{1, 3, 2, 0}, OctetString{"eth0"}}));
  EXPECT_THAT(agent.Walk({1, 3, 2}),
              ElementsAre(VarBind{{1, 3, 2, 0}, OctetString{"eth0"}}));
  EXPECT_THAT(agent.Walk({1, 3, 3}), IsEmpty());
}

TEST(TestAgentTest, SendsAnyRequest) {
  TestAgent agent(Builder());
  GetBulk bulk;
  bulk.max_repetitions = 2;
  bulk.ranges.resize(1);
  bulk.ranges[0].start = {1, 3, 1, 0};
  const Response response = agent.Send(bulk);
  ASSERT_EQ(response.bindings.size(), 2u);
  EXPECT_EQ(response.bindings[1].oid, (Oid{1, 4, 1, 0}));
}

TEST(TestAgentTest, ASetIsReadAfterwards) {
  TestAgent agent(Builder());
  EXPECT_EQ(agent.Set({1, 3, 2, 0}, OctetString{"lo"}), ErrorStatus::kNoError);
  EXPECT_EQ(agent.Get({1, 3, 2, 0}), OctetString{"lo"});
  EXPECT_EQ(agent.Set({1, 3, 2, 0}, Integer32{1}), ErrorStatus::kWrongType);
  EXPECT_EQ(agent.Set({1, 3, 2, 1}, Integer32{1}), ErrorStatus::kNoCreation);
}

// Sets .1.3.1 and .1.3.2, of which each has a setter that logs its calls; the
// second setter fails as `outcome` says.
std::vector<std::string> LogOfASet(FakeSetter::Outcome outcome,
                                   ErrorStatus expected) {
  FakeSetter::Log log;
  AgentBuilder builder;
  builder
      .AddSubtree(Oid({1, 3}), absl::Hours(1),
                  [](Contents& contents) {
                    contents.Put({1}, Integer32{1});
                    contents.Put({2}, Integer32{2});
                    return absl::OkStatus();
                  })
      .AddSetter(Oid({1, 3, 1}), std::make_unique<FakeSetter>(&log))
      .AddSetter(Oid({1, 3, 2}),
                 std::make_unique<FakeSetter>(&log, std::move(outcome)));
  TestAgent agent(std::move(builder));
  EXPECT_EQ(agent.Set({{{1, 3, 1}, Integer32{5}}, {{1, 3, 2}, Integer32{6}}}),
            expected);
  const bool is_set = expected == ErrorStatus::kNoError;
  EXPECT_EQ(agent.Get({1, 3, 1}), Integer32{is_set ? 5 : 1});
  EXPECT_EQ(agent.Get({1, 3, 2}), Integer32{is_set ? 6 : 2});
  return log;
}

TEST(TestAgentTest, ASetTestsAllBindingsBeforeItCommitsOne) {
  EXPECT_THAT(
      LogOfASet(nullptr, ErrorStatus::kNoError),
      ElementsAre("test . = Integer32 5", "test . = Integer32 6",
                  "commit . = Integer32 5", "commit . = Integer32 6",
                  "clean up . = Integer32 5", "clean up . = Integer32 6"));
}

TEST(TestAgentTest, ASetThatFailsItsTestCommitsNothing) {
  EXPECT_THAT(LogOfASet(FailAt("test", ErrorStatus::kWrongValue),
                        ErrorStatus::kWrongValue),
              ElementsAre("test . = Integer32 5", "test . = Integer32 6",
                          "clean up . = Integer32 5"));
}

TEST(TestAgentTest, ACommitThatFailsIsUndone) {
  EXPECT_THAT(LogOfASet(FailAt("commit", ErrorStatus::kGenErr),
                        ErrorStatus::kCommitFailed),
              Contains("undo . = Integer32 5"));
}

TEST(TestAgentTest, AdvanceRunsTheUpdatesThatBecomeDue) {
  TestAgent agent(Builder());
  agent.Advance(absl::Seconds(9));
  EXPECT_EQ(agent.Get({1, 3, 1, 0}), Integer32{1});
  agent.Advance(absl::Seconds(1));
  EXPECT_EQ(agent.Get({1, 3, 1, 0}), Integer32{2});
  EXPECT_EQ(agent.monitor().RunUpdate({1, 3}, absl::Seconds(1)).instances, 2u);
  EXPECT_EQ(agent.Get({1, 3, 1, 0}), Integer32{3});
}

TEST(TestAgentTest, AFunctionThatHangsCostsNoTime) {
  const auto simulation = std::make_shared<Simulation>();
  AgentBuilder builder;
  builder.AddSubtree(Oid({1, 3}), absl::Hours(1), [=](Contents& contents) {
    contents.Put({1}, Integer32{1});
    contents.PutComputed({2}, [=] {
      simulation->Sleep(absl::InfiniteDuration());
      return Integer32{2};
    });
    return absl::OkStatus();
  });
  TestAgent agent(std::move(builder), simulation);
  EXPECT_THAT(agent.Walk({1, 3}),
              ElementsAre(VarBind{{1, 3, 1}, Integer32{1}}));
  EXPECT_THAT(agent.TakeErrors(), ElementsAre(HasSubstr(".1.3.2")));
  simulation->EndHangs();
  EXPECT_EQ(agent.Get({1, 3, 2}), Integer32{2});
}

TEST(TestAgentTest, ReturnsTheErrorsOnce) {
  AgentBuilder builder;
  builder.AddSubtree(Oid({1, 3}), absl::Seconds(10),
                     [](Contents&) { return absl::NotFoundError("no disk"); });
  TestAgent agent(std::move(builder));
  EXPECT_THAT(agent.TakeErrors(), ElementsAre(HasSubstr("no disk")));
  EXPECT_THAT(agent.TakeErrors(), IsEmpty());
}

TEST(TestAgentTest, TheTestFailsIfThereIsNoAgent) {
  EXPECT_NONFATAL_FAILURE({ TestAgent agent((AgentBuilder())); }, "no subtree");
}

TEST(TestAgentTest, ACallWithoutAnAgentFailsTheTest) {
  std::optional<TestAgent> agent;
  EXPECT_NONFATAL_FAILURE(agent.emplace(AgentBuilder()), "no subtree");
  EXPECT_NONFATAL_FAILURE(agent->Get({1, 3}), "the agent does not run");
}

}  // namespace
}  // namespace passpersist_testing
