// SPDX-License-Identifier: Apache-2.0

#include "simple/simple_agent.h"

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent.h"
#include "passpersist/testing/error_log.h"
#include "passpersist/testing/fake_transport.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/testing/test_agent.h"
#include "passpersist/value.h"
#include "store/trie_store.h"
#include "transport/testing/fake_snmpd.h"

namespace passpersist_testing {
namespace {

using passpersist::Agent;
using passpersist::AgentBuilder;
using passpersist::Contents;
using passpersist::Integer32;
using passpersist::Oid;
using passpersist::SetReply;
using passpersist::SimpleAgent;
using passpersist::SimpleContents;
using passpersist::TrieStore;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kRoot[] = ".1.3.6.1.3.53.8";

void AddReadme(SimpleContents& contents) {
  contents.AddInt("0.1", 123, "This is a label");
  contents.AddString("0.2", "A string");
  contents.AddHex("0.3", "01 00 1f 0b 00 0b");
}

// The status of building the agent, or of running it on an empty input.
absl::Status RunOnEmptyInput(SimpleAgent agent) {
  std::vector<std::string> writes;
  AgentBuilder builder = std::move(agent);
  builder.SetTransport(
      std::make_unique<FakeTransport>(std::vector<std::string>(), &writes));
  const absl::StatusOr<std::unique_ptr<Agent>> built = builder.Build();
  return built.ok() ? (*built)->Run() : built.status();
}

TEST(SimpleAgentTest, ServesWhatTheUpdateAdds) {
  SimpleAgent agent(kRoot, absl::Seconds(30), AddReadme);
  FakeSnmpd snmpd(std::move(agent));
  EXPECT_THAT(snmpd.Walk(kRoot),
              ElementsAre(".1.3.6.1.3.53.8.0.1 = INTEGER 123",
                          ".1.3.6.1.3.53.8.0.2 = STRING A string",
                          ".1.3.6.1.3.53.8.0.3 = OCTET 01 00 1f 0b 00 0b"));
  EXPECT_EQ(snmpd.Set(".1.3.6.1.3.53.8.0.1", "integer 1"), "not-writable");
}

TEST(SimpleAgentTest, UpdatesOnceAPeriodAndReplacesEverything) {
  int updates = 0;
  SimpleAgent agent(kRoot, absl::Seconds(30), [&](SimpleContents& contents) {
    ++updates;
    if (updates == 1) contents.AddString("1", "gone at the second update");
    contents.AddInt("2", updates);
    return absl::OkStatus();
  });
  FakeSnmpd snmpd(std::move(agent));
  EXPECT_EQ(snmpd.GetNext(kRoot),
            ".1.3.6.1.3.53.8.1 = STRING gone at the second update");
  snmpd.Advance(absl::Seconds(29));
  EXPECT_EQ(snmpd.Get(".1.3.6.1.3.53.8.2"), "INTEGER 1");
  snmpd.Advance(absl::Seconds(1));
  EXPECT_EQ(snmpd.GetNext(kRoot), ".1.3.6.1.3.53.8.2 = INTEGER 2");
}

TEST(SimpleAgentTest, OnDemandRunsTheUpdateForRequestsOnly) {
  int updates = 0;
  SimpleAgent agent = SimpleAgent::OnDemand(
      kRoot, absl::Seconds(30),
      [&](SimpleContents& contents) { contents.AddInt("1", ++updates); });
  TestAgent test(std::move(agent));
  test.Advance(absl::Minutes(10));
  EXPECT_EQ(updates, 0);
  EXPECT_EQ(test.Get({1, 3, 6, 1, 3, 53, 8, 1}), Integer32{1});
  test.Advance(absl::Seconds(29));
  EXPECT_EQ(test.Get({1, 3, 6, 1, 3, 53, 8, 1}), Integer32{1});
  test.Advance(absl::Seconds(1));
  EXPECT_EQ(test.Get({1, 3, 6, 1, 3, 53, 8, 1}), Integer32{2});
}

TEST(SimpleAgentTest, TakesARootWithoutALeadingDot) {
  SimpleAgent agent("1.3.6.1.3.53.8", absl::Seconds(30), AddReadme);
  FakeSnmpd snmpd(std::move(agent));
  EXPECT_EQ(snmpd.Get(".1.3.6.1.3.53.8.0.1"), "INTEGER 123");
}

TEST(SimpleAgentTest, CallsTheNearestSetterButNotThatOfANeighbour) {
  const auto answer = [](const char* word) {
    return [word](absl::string_view, absl::string_view,
                  absl::string_view) -> SetReply { return word; };
  };
  SimpleAgent agent(kRoot, absl::Seconds(30), [](SimpleContents& contents) {
    contents.AddInt("0.4", 0);
    contents.AddInt("0.4.1", 0);
    contents.AddInt("0.40", 0);
  });
  agent.AddSetter(".1.3.6.1.3.53.8.0.4", answer("wrong-value"))
      .AddSetter(".1.3.6.1.3.53.8.0.4.1", answer("DONE"));
  FakeSnmpd snmpd(std::move(agent));
  EXPECT_EQ(snmpd.Set(".1.3.6.1.3.53.8.0.4", "integer 1"), "wrong-value");
  EXPECT_EQ(snmpd.Set(".1.3.6.1.3.53.8.0.4.1", "integer 1"), "DONE");
  EXPECT_EQ(snmpd.Set(".1.3.6.1.3.53.8.0.40", "integer 1"), "not-writable");
}

TEST(SimpleAgentTest, ASetterAndTheUpdateCanShareAValue) {
  std::atomic<int> number = 5;
  SimpleAgent agent(kRoot, absl::Seconds(30), [&](SimpleContents& contents) {
    contents.AddInt("0.4", number.load());
  });
  agent.AddSetter(".1.3.6.1.3.53.8.0.4",
                  [&](absl::string_view, absl::string_view,
                      absl::string_view value) -> SetReply {
                    int requested = 0;
                    if (!absl::SimpleAtoi(value, &requested))
                      return "wrong-type";
                    if (requested > 10) return absl::OutOfRangeError("over 10");
                    number = requested;
                    return true;
                  });
  FakeSnmpd snmpd(std::move(agent));
  EXPECT_EQ(snmpd.Set(".1.3.6.1.3.53.8.0.4", "integer 11"), "wrong-value");
  EXPECT_EQ(snmpd.Set(".1.3.6.1.3.53.8.0.4", "integer 10"), "DONE");
  EXPECT_EQ(snmpd.Get(".1.3.6.1.3.53.8.0.4"), "INTEGER 10");
  snmpd.Advance(absl::Seconds(30));
  EXPECT_EQ(snmpd.Get(".1.3.6.1.3.53.8.0.4"), "INTEGER 10");
}

TEST(SimpleAgentTest, AcceptsTheOptionsOfTheFullForm) {
  ErrorLog log;
  SimpleAgent agent(kRoot, absl::Seconds(30), [](SimpleContents& contents) {
    contents.AddInt("not a name", 1);
  });
  agent.SetStoreFactory(TrieStore::Factory())
      .OnError(log.Hook())
      .AddSubtree(Oid::Parse(".1.3.6.1.3.53.9"), absl::Seconds(5),
                  [](Contents& contents) {
                    contents.Put({1, 0}, Integer32{9});
                    return absl::OkStatus();
                  });
  FakeSnmpd snmpd(std::move(agent));
  EXPECT_THAT(snmpd.Walk(".1.3.6.1.3.53"),
              ElementsAre(".1.3.6.1.3.53.9.1.0 = INTEGER 9"));
  EXPECT_THAT(log.Take(), ElementsAre(HasSubstr("AddInt(\"not a name\")")));
}

TEST(SimpleAgentTest, AStrictUpdateFailsWithItsFirstError) {
  ErrorLog log;
  passpersist::SubtreeOptions options;
  options.strict = true;
  double number = 1;
  SimpleAgent agent(
      kRoot, absl::Seconds(30),
      [&](SimpleContents& contents) {
        contents.AddInt("1", number);
        contents.AddString("2", number == 1 ? "old" : "new");
      },
      options);
  agent.OnError(log.Hook());
  FakeSnmpd snmpd(std::move(agent));
  number = 5e9;
  snmpd.Advance(absl::Seconds(30));
  EXPECT_THAT(snmpd.Walk(kRoot), ElementsAre(".1.3.6.1.3.53.8.1 = INTEGER 1",
                                             ".1.3.6.1.3.53.8.2 = STRING old"));
  EXPECT_THAT(
      log.Take(),
      ElementsAre(HasSubstr("update of .1.3.6.1.3.53.8: .1.3.6.1.3.53.8.1")));
}

TEST(SimpleAgentTest, NeedsOnlyATransport) {
  EXPECT_THAT(RunOnEmptyInput(SimpleAgent(kRoot, absl::Seconds(30), AddReadme)),
              IsOk());
}

TEST(SimpleAgentTest, BuildReportsAllProblemsAtOnce) {
  SimpleAgent agent(".1.3.6..1", absl::ZeroDuration(), AddReadme);
  agent.AddSetter("four", nullptr);
  EXPECT_THAT(
      RunOnEmptyInput(std::move(agent)),
      StatusIs(absl::StatusCode::kInvalidArgument,
               AllOf(HasSubstr("\".1.3.6..1\""), HasSubstr("\"four\""))));
}

TEST(SimpleAgentTest, RefusesASetterOutsideOfItsSubtree) {
  SimpleAgent agent(kRoot, absl::Seconds(30), AddReadme);
  agent.AddSubtree(Oid{1, 3, 7}, absl::Seconds(30),
                   [](Contents&) { return absl::OkStatus(); });
  agent.AddSetter(".1.3.7.1", [](absl::string_view, absl::string_view,
                                 absl::string_view) { return true; });
  EXPECT_THAT(
      RunOnEmptyInput(std::move(agent)),
      StatusIs(absl::StatusCode::kInvalidArgument,
               HasSubstr(".1.3.7.1 is not below the root .1.3.6.1.3.53.8")));
}

}  // namespace
}  // namespace passpersist_testing
