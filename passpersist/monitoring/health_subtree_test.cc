// SPDX-License-Identifier: Apache-2.0

#include "passpersist/monitoring/health_subtree.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent_builder.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/table/live_table.h"
#include "passpersist/table/table.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/testing/get_result.h"
#include "passpersist/testing/simulation.h"
#include "passpersist/testing/test_agent.h"
#include "passpersist/value.h"

namespace passpersist {
namespace {

using passpersist_testing::FakeStore;
using passpersist_testing::GetResult;
using passpersist_testing::Simulation;
using passpersist_testing::TestAgent;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// An agent of two subtrees, .1.3 with an update every 10 seconds and .1.5 with
// a store, and its health at .1.4.
class HealthSubtreeTest : public testing::Test {
 protected:
  static AgentBuilder Builder(UpdateFn update) {
    AgentBuilder builder;
    AddHealthSubtree(builder, Oid({1, 4}));
    builder.AddSubtree(Oid({1, 3}), absl::Seconds(10), std::move(update))
        .AddSubtree(Oid({1, 5}), std::make_shared<FakeStore>());
    return builder;
  }

  // Reads a cell of a table that is new.
  static GetResult Cell(TestAgent& agent, uint32_t column, uint32_t row = 1) {
    agent.Advance(absl::Seconds(1));
    return agent.Get({1, 4, 1, 2, 1, 1, column, row});
  }
  static GetResult Scalar(TestAgent& agent, uint32_t number) {
    return agent.Get({1, 4, 1, 1, number, 0});
  }
};

absl::Status PutOne(Contents& contents) {
  contents.Put({1, 0}, Integer32{1});
  return absl::OkStatus();
}

TEST_F(HealthSubtreeTest, CountsUpdatesThatSucceed) {
  TestAgent agent(Builder(PutOne));
  agent.Advance(absl::Seconds(20));
  EXPECT_EQ(Cell(agent, 2), ObjectIdentifier{Oid({1, 3})});
  EXPECT_EQ(Cell(agent, 3), Counter64{3});
  EXPECT_EQ(Cell(agent, 4), Counter64{0});
  EXPECT_EQ(Cell(agent, 5), Counter64{0});
  EXPECT_EQ(Cell(agent, 6), std::nullopt);
  EXPECT_EQ(Cell(agent, 7), Integer32{600});
  EXPECT_EQ(Cell(agent, 8), Gauge32{0});
  EXPECT_EQ(Cell(agent, 9), Gauge32{0});
  EXPECT_EQ(Cell(agent, 10), Gauge32{1});
  EXPECT_NE(Cell(agent, 11), std::nullopt);
}

TEST_F(HealthSubtreeTest, CountsUpdatesThatFailAndShowsTheLastError) {
  TestAgent agent(
      Builder([](Contents&) { return absl::NotFoundError("no \xC3\xBC\n"); }));
  EXPECT_EQ(Cell(agent, 3), Counter64{1});
  EXPECT_EQ(Cell(agent, 4), Counter64{1});
  EXPECT_EQ(Cell(agent, 7), std::nullopt);
  EXPECT_EQ(Cell(agent, 12),
            OctetString{"NOT_FOUND: update of .1.3: no \\303\\274\\n"});
  EXPECT_EQ(Scalar(agent, 5), Counter64{1});
}

TEST_F(HealthSubtreeTest, CutsALongError) {
  TestAgent agent(Builder(
      [](Contents&) { return absl::NotFoundError(std::string(1000, 'x')); }));
  const GetResult error = Cell(agent, 12);
  EXPECT_THAT(testing::PrintToString(error), HasSubstr(std::string(200, 'x')));
}

TEST_F(HealthSubtreeTest, CountsUpdatesThatChangeNothing) {
  TestAgent agent(Builder([runs = 0](Contents& contents) mutable {
    if (++runs > 1) {
      contents.SetUnchanged();
      return absl::OkStatus();
    }
    contents.Put({2, 0}, Integer32::FromNumber(int64_t{1} << 40));
    contents.Put({3, 0}, absl::StatusOr<Integer32>(absl::DataLossError("?")));
    return PutOne(contents);
  }));
  agent.Advance(absl::Seconds(20));
  EXPECT_EQ(Cell(agent, 3), Counter64{3});
  EXPECT_EQ(Cell(agent, 4), Counter64{0});
  EXPECT_EQ(Cell(agent, 5), Counter64{2});
  // The errors are those of the instances that are still served.
  EXPECT_EQ(Cell(agent, 9), Gauge32{2});
}

TEST_F(HealthSubtreeTest, ShowsARunInProgressAndItsDuration) {
  const auto simulation = std::make_shared<Simulation>();
  TestAgent agent(Builder([=](Contents& contents) {
                    simulation->Sleep(absl::Seconds(3));
                    return PutOne(contents);
                  }),
                  simulation);
  EXPECT_EQ(Cell(agent, 6), std::nullopt);
  EXPECT_EQ(Cell(agent, 8), Gauge32{3'000'000});
  agent.Advance(absl::Seconds(5));
  EXPECT_NE(Cell(agent, 6), std::nullopt);
}

TEST_F(HealthSubtreeTest, ASubtreeWithoutAnUpdateLacksItsColumns) {
  TestAgent agent(Builder(PutOne));
  EXPECT_EQ(Cell(agent, 2, 2), ObjectIdentifier{Oid({1, 5})});
  for (const uint32_t column : {3, 4, 5, 6, 7, 8, 9, 12}) {
    EXPECT_EQ(Cell(agent, column, 2), std::nullopt) << column;
  }
  EXPECT_EQ(Cell(agent, 10, 2), Gauge32{0});
}

TEST_F(HealthSubtreeTest, BoundsWhatItsTypesCannotHold) {
  const auto simulation = std::make_shared<Simulation>();
  AgentBuilder builder;
  AddHealthSubtree(builder, Oid({1, 4}));
  builder.AddSubtree(Oid({1, 3}), absl::Hours(24 * 365),
                     [=](Contents& contents) {
                       simulation->Sleep(absl::Hours(2));
                       return PutOne(contents);
                     });
  TestAgent agent(std::move(builder), simulation);
  agent.Advance(absl::Hours(24 * 300));
  agent.TakeErrors();
  EXPECT_EQ(Cell(agent, 7), Integer32{std::numeric_limits<int32_t>::max()});
  EXPECT_EQ(Cell(agent, 8), Gauge32{std::numeric_limits<uint32_t>::max()});
  EXPECT_THAT(agent.TakeErrors(), IsEmpty());
}

struct Fan {
  int32_t index = 0;
  int32_t speed = 0;
};

Table<Fan, int32_t> Fans(Oid oid) {
  return Table<Fan>(std::move(oid)).Index(&Fan::index).Column(2, &Fan::speed);
}

TEST_F(HealthSubtreeTest, TablesAndScalarsBelowOneRootAreSubtrees) {
  const auto live = MakeLiveTable(Fans({2}));
  ASSERT_TRUE(live->Upsert({1, 1000}).ok());
  AgentBuilder builder;
  AddHealthSubtree(builder, Oid({1, 4}));
  builder
      .AddTable(Oid({1, 3}), absl::Seconds(10), Fans({1}),
                [] {
                  return std::vector<Fan>{{1, 1000}, {2, 2000}};
                })
      .AddTable(Oid({1, 3}), live)
      .AddScalar(Oid({1, 3, 3}), [] { return int32_t{1}; })
      // Beside the objects of the module.
      .AddSubtree(Oid({1, 4, 3}), std::make_shared<FakeStore>());
  TestAgent agent(std::move(builder));
  const Oid roots = {1, 4, 1, 2, 1, 1, 2};
  EXPECT_THAT(
      agent.Walk(roots),
      ElementsAre(
          VarBind{Concat(roots, {1}), ObjectIdentifier{Oid({1, 3, 1})}},
          VarBind{Concat(roots, {2}), ObjectIdentifier{Oid({1, 3, 2})}},
          VarBind{Concat(roots, {3}), ObjectIdentifier{Oid({1, 3, 3})}},
          VarBind{Concat(roots, {4}), ObjectIdentifier{Oid({1, 4, 3})}}));
  EXPECT_EQ(Cell(agent, 3, 1), Counter64{1});
  EXPECT_EQ(Cell(agent, 10, 1), Gauge32{2});
  EXPECT_EQ(Cell(agent, 3, 2), std::nullopt);
  EXPECT_EQ(Cell(agent, 10, 2), Gauge32{1});
}

TEST_F(HealthSubtreeTest, HasRowsOfServedSubtreesOnly) {
  AgentBuilder builder = Builder(PutOne);
  builder.ServeOnly(Oid({1, 4}));
  TestAgent agent(std::move(builder));
  EXPECT_EQ(Scalar(agent, 2), Counter64{0});
  EXPECT_THAT(agent.Walk({1, 4, 1, 2}), IsEmpty());
}

TEST_F(HealthSubtreeTest, NeedNotBeServed) {
  AgentBuilder builder = Builder(PutOne);
  builder.ServeOnly(Oid({1, 3}));
  TestAgent agent(std::move(builder));
  EXPECT_EQ(Scalar(agent, 2), std::nullopt);
  EXPECT_EQ(agent.Get({1, 3, 1, 0}), Integer32{1});
}

TEST_F(HealthSubtreeTest, HasNoRowsOfItsOwnObjects) {
  TestAgent agent(Builder(PutOne));
  EXPECT_THAT(
      agent.Walk({1, 4, 1, 2, 1, 1, 2}),
      ElementsAre(
          VarBind{{1, 4, 1, 2, 1, 1, 2, 1}, ObjectIdentifier{Oid({1, 3})}},
          VarBind{{1, 4, 1, 2, 1, 1, 2, 2}, ObjectIdentifier{Oid({1, 5})}}));
}

TEST_F(HealthSubtreeTest, CountsRequestsSetsAndRefusals) {
  TestAgent agent(Builder(PutOne));
  agent.Get({1, 3, 1, 0});
  agent.Get({1, 3, 1, 0});
  EXPECT_EQ(Scalar(agent, 2), Counter64{2});
  EXPECT_EQ(Scalar(agent, 3), Counter64{0});
  EXPECT_EQ(agent.Set({1, 3, 1, 0}, Integer32{2}), ErrorStatus::kNotWritable);
  EXPECT_EQ(Scalar(agent, 3), Counter64{1});
  EXPECT_EQ(Scalar(agent, 4), Counter64{1});
}

TEST_F(HealthSubtreeTest, CountsLateAnswers) {
  const auto simulation = std::make_shared<Simulation>();
  TestAgent agent(Builder([=](Contents& contents) {
                    contents.PutComputed({1, 0}, [=] {
                      simulation->Sleep(absl::Seconds(2));
                      return Integer32{1};
                    });
                    return absl::OkStatus();
                  }),
                  simulation);
  EXPECT_EQ(Scalar(agent, 6), Counter64{0});
  EXPECT_EQ(agent.Get({1, 3, 1, 0}), std::nullopt);
  EXPECT_EQ(Scalar(agent, 6), Counter64{1});
}

TEST_F(HealthSubtreeTest, CountsTheTimeSinceTheStart) {
  TestAgent agent(Builder(PutOne));
  agent.Advance(absl::Seconds(7));
  EXPECT_EQ(Scalar(agent, 1), TimeTicks{700});
}

TEST_F(HealthSubtreeTest, BuildReportsARootThatIsNotAnOid) {
  AgentBuilder builder;
  AddHealthSubtree(builder, Oid::Parse("one"));
  EXPECT_THAT(builder.Build().status().message(), HasSubstr("one"));
}

}  // namespace
}  // namespace passpersist
