// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent_builder.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent.h"
#include "passpersist/codec.h"
#include "passpersist/contents.h"
#include "passpersist/monitoring/agent_monitor.h"
#include "passpersist/monitoring/observer.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/pdu.h"
#include "passpersist/setter.h"
#include "passpersist/testing/error_log.h"
#include "passpersist/testing/fake_codec.h"
#include "passpersist/testing/fake_listener.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/testing/fake_transport.h"
#include "passpersist/testing/manual_scheduler.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/transport.h"
#include "passpersist/value.h"

namespace passpersist {
namespace {

using passpersist_testing::ErrorLog;
using passpersist_testing::FakeCodec;
using passpersist_testing::FakeListener;
using passpersist_testing::FakeStore;
using passpersist_testing::FakeTransport;
using passpersist_testing::IsOk;
using passpersist_testing::ManualScheduler;
using passpersist_testing::StatusIs;
using testing::ElementsAre;
using testing::SizeIs;
using testing::StartsWith;

absl::Status PutNumber(Contents& contents) {
  contents.Put({1}, Integer32{5});
  return absl::OkStatus();
}

std::unique_ptr<Setter> MakeAnySetter() {
  return MakeSetter(
      [](const Oid&, const Value&) { return ErrorStatus::kNoError; });
}

CodecFactory MakeFakeCodec() {
  return [] { return std::make_unique<FakeCodec>(); };
}

// A builder with all parts and the subtree .1.3.
class AgentBuilderTest : public testing::Test {
 protected:
  AgentBuilderTest() {
    Fill(&builder_);
    builder_.AddSubtree(Oid{1, 3}, absl::Seconds(1), PutNumber);
  }

  void Fill(AgentBuilder* builder) {
    builder->SetTransport(MakeTransport())
        .SetCodec(std::make_unique<FakeCodec>())
        .SetStoreFactory([] { return std::make_unique<FakeStore>(); })
        .SetScheduler(std::make_unique<ManualScheduler>())
        .OnError(log_.Hook());
  }

  // The peer of this transport requests the first instance.
  std::unique_ptr<Transport> MakeTransport() {
    return std::make_unique<FakeTransport>(
        std::vector<std::string>{"next .1\n"}, &writes_);
  }

  // Returns the problems that Build() reports.
  std::string Problem() {
    const absl::Status status = builder_.Build().status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
    std::string message(status.message());
    const std::string start = "no agent can be built: ";
    EXPECT_THAT(message, StartsWith(start));
    return message.substr(start.size());
  }

  ErrorLog log_;
  std::vector<std::string> writes_;
  AgentBuilder builder_;
};

// --- Agents ---

TEST_F(AgentBuilderTest, BuildsAnAgentThatServes) {
  const auto agent = builder_.Build();
  ASSERT_THAT(agent, IsOk());
  EXPECT_THAT((*agent)->Run(), IsOk());
  EXPECT_THAT(writes_, ElementsAre("hello .1.3\n", ".1.3.1 = Integer32 5\n"));
}

TEST_F(AgentBuilderTest, ServesOnlyWhatIsAtAndBelowTheBase) {
  int updates_elsewhere = 0;
  builder_.ServeOnly(Oid::Parse(".1.3"))
      .AddSubtree(Oid{1, 4}, absl::Seconds(1),
                  [&](Contents&) {
                    ++updates_elsewhere;
                    return absl::OkStatus();
                  })
      .AddSubtree(Oid{1, 30}, std::make_shared<FakeStore>())
      .AddSetter(Oid{1, 3, 1}, MakeAnySetter())
      .AddSetter(Oid{1, 4, 1}, MakeAnySetter())
      .AddSecret(Oid{1, 4, 1});
  const auto agent = builder_.Build();
  ASSERT_THAT(agent, IsOk());
  EXPECT_THAT((*agent)->Run(), IsOk());
  EXPECT_THAT(writes_, ElementsAre("hello .1.3 writable:.1.3.1\n",
                                   ".1.3.1 = Integer32 5\n"));
  EXPECT_EQ(updates_elsewhere, 0);
}

TEST_F(AgentBuilderTest, ServesASubtreeThatTheBaseLiesIn) {
  builder_.ServeOnly(Oid{1, 3, 1, 7});
  const auto agent = builder_.Build();
  ASSERT_THAT(agent, IsOk());
  EXPECT_THAT((*agent)->Run(), IsOk());
  EXPECT_THAT(writes_, ElementsAre("hello .1.3\n", ".1.3.1 = Integer32 5\n"));
}

TEST_F(AgentBuilderTest, ReportsABaseWithoutSubtrees) {
  builder_.ServeOnly(Oid{1, 30});
  EXPECT_EQ(Problem(), "no subtree is at or below .1.30");
}

TEST_F(AgentBuilderTest, ReportsABaseThatIsNotAnOid) {
  builder_.ServeOnly(Oid::Parse("one"));
  EXPECT_THAT(Problem(), StartsWith("base: invalid OID \"one\""));
}

TEST_F(AgentBuilderTest, CanRefuseSetsThatAreNotDurable) {
  SetterOptions durable;
  durable.durable = true;
  builder_.RequireDurableSetters()
      .AddSetter(Oid{1, 3},
                 MakeSetter([](const Oid&,
                               const Value&) { return ErrorStatus::kNoError; },
                            std::move(durable)))
      .AddSetter(Oid{1, 3, 1}, MakeAnySetter())
      .SetTransport(std::make_unique<FakeTransport>(
          std::vector<std::string>{"set .1.3.1 7\n"}, &writes_));
  const auto agent = builder_.Build();
  ASSERT_THAT(agent, IsOk());
  EXPECT_THAT((*agent)->Run(), IsOk());
  EXPECT_THAT(writes_,
              ElementsAre("hello .1.3 writable:.1.3\n", "notWritable 1\n"));
}

TEST_F(AgentBuilderTest, AcceptsSubtreesInAnyOrderAndOidsAsText) {
  builder_.AddSubtree(Oid::Parse(".1.2"), absl::Seconds(1), PutNumber)
      .AddSubtree(Oid::Parse("1.30"), std::make_shared<FakeStore>())
      .AddSetter(Oid::Parse(".1.30"), MakeAnySetter())
      .AddSetter(Oid::Parse(".1.2.7"), MakeAnySetter());
  const auto agent = builder_.Build();
  ASSERT_THAT(agent, IsOk());
  EXPECT_THAT((*agent)->Run(), IsOk());
  EXPECT_THAT(writes_, ElementsAre("hello .1.2 .1.3 .1.30 writable:.1.2.7 "
                                   "writable:.1.30\n",
                                   ".1.2.1 = Integer32 5\n"));
}

TEST_F(AgentBuilderTest, GivesEachUpdatedSubtreeItsOwnStore) {
  std::vector<OidStore*> stores;
  builder_
      .SetStoreFactory([&] {
        auto store = std::make_unique<FakeStore>();
        stores.push_back(store.get());
        return store;
      })
      .AddSubtree(Oid{1, 5}, absl::Seconds(1), PutNumber)
      .AddSubtree(Oid{1, 7}, std::make_shared<FakeStore>());
  EXPECT_THAT(builder_.Build(), IsOk());
  EXPECT_THAT(stores, SizeIs(2));
}

TEST_F(AgentBuilderTest, NeedsNeitherFactoryNorSchedulerWithoutUpdates) {
  AgentBuilder builder;
  builder.SetTransport(MakeTransport())
      .SetCodec(std::make_unique<FakeCodec>())
      .AddSubtree(Oid{1, 3}, std::make_shared<FakeStore>());
  EXPECT_THAT(builder.Build(), IsOk());
}

TEST_F(AgentBuilderTest, IsEmptyAfterBuild) {
  EXPECT_THAT(builder_.Build(), IsOk());
  EXPECT_EQ(Problem(), "no transport; no codec; no subtree");
  // The builder can be filled again.
  Fill(&builder_);
  builder_.AddSubtree(Oid{1, 3}, absl::Seconds(1), PutNumber);
  EXPECT_THAT(builder_.Build(), IsOk());
}

TEST_F(AgentBuilderTest, CanBeMoved) {
  AgentBuilder moved = std::move(builder_);
  EXPECT_THAT(moved.Build(), IsOk());
}

// --- Problems with the parts ---

TEST_F(AgentBuilderTest, RequiresATransport) {
  builder_.SetTransport(nullptr);
  EXPECT_EQ(Problem(), "no transport");
}

TEST_F(AgentBuilderTest, RefusesAWaitingLimitOfZero) {
  builder_.SetWaitingLimit(absl::ZeroDuration());
  EXPECT_EQ(Problem(), "a waiting limit of 0");
}

TEST_F(AgentBuilderTest, RequiresACodec) {
  builder_.SetCodec(nullptr);
  EXPECT_EQ(Problem(), "no codec");
}

TEST_F(AgentBuilderTest, RequiresAClock) {
  builder_.SetClock(nullptr);
  EXPECT_EQ(Problem(), "no clock");
}

TEST_F(AgentBuilderTest, RequiresAStoreFactory) {
  builder_.SetStoreFactory(nullptr);
  EXPECT_EQ(Problem(), "no store factory");
}

TEST_F(AgentBuilderTest, ReportsAStoreFactoryThatReturnsNull) {
  builder_.SetStoreFactory([] { return nullptr; });
  EXPECT_EQ(Problem(), "the store factory returned null for .1.3");
}

TEST_F(AgentBuilderTest, RequiresAScheduler) {
  builder_.SetScheduler(nullptr);
  EXPECT_EQ(Problem(), "no scheduler");
}

TEST_F(AgentBuilderTest, RequiresASubtree) {
  AgentBuilder builder;
  Fill(&builder);
  builder_ = std::move(builder);
  EXPECT_EQ(Problem(), "no subtree");
}

TEST_F(AgentBuilderTest, RefusesAListenerThatIsNull) {
  builder_.AddListener(nullptr, MakeFakeCodec());
  EXPECT_EQ(Problem(), "a listener is null");
}

TEST_F(AgentBuilderTest, RefusesAnObserverThatIsNull) {
  builder_.AddObserver(nullptr);
  EXPECT_EQ(Problem(), "an observer is null");
}

TEST_F(AgentBuilderTest, RefusesACallbackThatIsNull) {
  builder_.OnBuild(nullptr);
  EXPECT_EQ(Problem(), "a callback of OnBuild() is null");
}

TEST_F(AgentBuilderTest, RefusesAListenerWithoutACodecFactory) {
  builder_.AddListener(std::make_unique<FakeListener>(), nullptr);
  EXPECT_EQ(Problem(), "a listener has no codec factory");
}

// --- Problems with the subtrees ---

TEST_F(AgentBuilderTest, RefusesARootThatIsNotAnOid) {
  builder_.AddSubtree(Oid::Parse(".1.x"), absl::Seconds(1), PutNumber);
  EXPECT_EQ(Problem(),
            "root of a subtree: invalid OID \".1.x\": not a digit at "
            "character 4");
}

TEST_F(AgentBuilderTest, RefusesAnEmptyRoot) {
  AgentBuilder builder;
  Fill(&builder);
  builder_ = std::move(builder);
  Oid root = {1};
  root.clear();
  builder_.AddSubtree(root, absl::Seconds(1), PutNumber);
  EXPECT_EQ(Problem(), "subtree . has an empty root");
}

TEST_F(AgentBuilderTest, RefusesARootThatTheCodecRejects) {
  builder_.AddSubtree(Oid{1, 2, 3, 4, 5, 6, 7}, absl::Seconds(1), PutNumber);
  EXPECT_EQ(Problem(), "subtree .1.2.3.4.5.6.7: 7 arcs");
}

TEST_F(AgentBuilderTest, RefusesASubtreeWithNeitherStoreNorUpdate) {
  builder_.AddSubtree(Oid{1, 5}, absl::Seconds(1), nullptr);
  EXPECT_EQ(Problem(), "subtree .1.5 has neither a store nor an update");
}

TEST_F(AgentBuilderTest, RefusesAStoreThatIsNull) {
  builder_.AddSubtree(Oid{1, 5}, std::shared_ptr<OidStore>());
  EXPECT_EQ(Problem(), "subtree .1.5 has neither a store nor an update");
}

TEST_F(AgentBuilderTest, RefusesAPeriodThatIsNotPositive) {
  builder_.AddSubtree(Oid{1, 5}, absl::ZeroDuration(), PutNumber);
  EXPECT_EQ(Problem(), "subtree .1.5 has a period of 0");
  Fill(&builder_);
  builder_.AddSubtree(Oid{1, 5}, -absl::Seconds(1), PutNumber);
  EXPECT_EQ(Problem(), "subtree .1.5 has a period of -1s");
}

TEST_F(AgentBuilderTest, RefusesSubtreesThatOverlap) {
  builder_.AddSubtree(Oid{1, 3}, absl::Seconds(1), PutNumber);
  EXPECT_EQ(Problem(), "subtrees .1.3 and .1.3 overlap");

  Fill(&builder_);
  builder_.AddSubtree(Oid{1, 3, 5}, absl::Seconds(1), PutNumber)
      .AddSubtree(Oid{1, 3}, std::make_shared<FakeStore>());
  EXPECT_EQ(Problem(), "subtrees .1.3.5 and .1.3 overlap");
}

TEST_F(AgentBuilderTest, NamesEachPairOfSubtreesThatOverlap) {
  builder_.AddSubtree(Oid{1, 3, 5, 1}, absl::Seconds(1), PutNumber)
      .AddSubtree(Oid{1, 3, 4}, absl::Seconds(1), PutNumber)
      .AddSubtree(Oid{1, 3, 5}, absl::Seconds(1), PutNumber);
  EXPECT_EQ(Problem(),
            "subtrees .1.3 and .1.3.4 overlap; subtrees .1.3 and .1.3.5 "
            "overlap; subtrees .1.3 and .1.3.5.1 overlap; subtrees .1.3.5.1 "
            "and .1.3.5 overlap");
}

TEST_F(AgentBuilderTest, AcceptsARootThatIsAPrefixOnlyAsText) {
  builder_.AddSubtree(Oid{1, 30}, absl::Seconds(1), PutNumber);
  EXPECT_THAT(builder_.Build(), IsOk());
}

// --- Problems with the setters ---

TEST_F(AgentBuilderTest, RefusesASetterWhoseRootIsNotAnOid) {
  builder_.AddSetter(Oid::Parse(""), MakeAnySetter());
  EXPECT_EQ(Problem(),
            "root of a setter: invalid OID \"\": empty arc at character 1");
}

TEST_F(AgentBuilderTest, RefusesASetterThatIsNull) {
  builder_.AddSetter(Oid{1, 3, 1}, nullptr);
  EXPECT_EQ(Problem(), "setter .1.3.1 is null");
}

TEST_F(AgentBuilderTest, RefusesASetterOutsideOfEverySubtree) {
  builder_.AddSetter(Oid{1, 30}, MakeAnySetter());
  EXPECT_EQ(Problem(), "setter .1.30 is not in a subtree");
  Fill(&builder_);
  builder_.AddSubtree(Oid{1, 3}, absl::Seconds(1), PutNumber)
      .AddSetter(Oid{1}, MakeAnySetter());
  EXPECT_EQ(Problem(), "setter .1 is not in a subtree");
}

TEST_F(AgentBuilderTest, RefusesASecondSetterForOneRoot) {
  builder_.AddSetter(Oid{1, 3, 1}, MakeAnySetter())
      .AddSetter(Oid{1, 3, 1}, MakeAnySetter());
  EXPECT_EQ(Problem(), "setter .1.3.1 was added twice");
}

TEST_F(AgentBuilderTest, RefusesASecretOutsideOfEverySubtree) {
  builder_.AddSecret(Oid{1, 30}).AddSecret(Oid::Parse(""));
  EXPECT_EQ(Problem(),
            "secret .1.30 is not in a subtree; root of a secret: invalid OID "
            "\"\": empty arc at character 1");
}

TEST_F(AgentBuilderTest, AcceptsNestedSetters) {
  builder_.AddSetter(Oid{1, 3}, MakeAnySetter())
      .AddSetter(Oid{1, 3, 1}, MakeAnySetter());
  EXPECT_THAT(builder_.Build(), IsOk());
}

TEST_F(AgentBuilderTest, GivesTheMonitorToCallbacksOfABuildThatSucceeds) {
  const AgentMonitor* monitor = nullptr;
  const auto callback = [&](AgentMonitor& m) { monitor = &m; };
  AgentBuilder incomplete;
  EXPECT_FALSE(incomplete.OnBuild(callback).Build().ok());
  EXPECT_EQ(monitor, nullptr);
  const auto agent = builder_.OnBuild(callback).Build();
  ASSERT_THAT(agent.status(), IsOk());
  EXPECT_EQ(monitor, &(*agent)->monitor());
}

TEST_F(AgentBuilderTest, TheTimeOfItsChecksGrowsWithTheNumberOfSubtrees) {
  // Comparing each with each other takes minutes.
  for (uint32_t i = 1; i <= 10'000; ++i) {
    builder_.AddSubtree(Oid{1, 4, i}, absl::Seconds(1), PutNumber)
        .AddSetter(Oid{1, 4, i, 1}, MakeAnySetter());
  }
  EXPECT_THAT(builder_.Build(), IsOk());
}

// --- Several problems ---

TEST(AgentBuilderWithManyProblemsTest, NamesEveryProblemInOneStatus) {
  AgentBuilder builder;
  builder.SetClock(nullptr)
      .AddListener(nullptr, nullptr)
      .AddSubtree(Oid::Parse("x"), absl::Seconds(1), PutNumber)
      .AddSubtree(Oid{1, 3}, absl::ZeroDuration(), PutNumber)
      .AddSubtree(Oid{1, 3, 1}, std::shared_ptr<OidStore>())
      .AddSetter(Oid::Parse("y"), MakeAnySetter())
      .AddSetter(Oid{2}, nullptr)
      .AddSetter(Oid{2}, MakeAnySetter());
  EXPECT_THAT(
      builder.Build(),
      StatusIs(absl::StatusCode::kInvalidArgument,
               "no agent can be built: no transport; no codec; no clock; no "
               "store factory; no scheduler; a listener is null; a listener "
               "has no codec factory; root of a subtree: invalid OID \"x\": "
               "not a digit at character 1; subtree .1.3 has a period of 0; "
               "subtree .1.3.1 has neither a store nor an update; subtrees "
               ".1.3 and .1.3.1 overlap; root of a setter: invalid OID "
               "\"y\": not a digit at character 1; setter .2 is null; setter "
               ".2 is not in a subtree; setter .2 is not in a subtree; setter "
               ".2 was added twice"));
}

}  // namespace
}  // namespace passpersist
