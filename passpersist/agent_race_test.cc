// SPDX-License-Identifier: Apache-2.0
//
// Updates, sets, walks and shutdown at the same time. The thread sanitizer runs
// this test, too.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent.h"
#include "passpersist/agent/testing/agent_fixture.h"
#include "passpersist/agent/testing/run_together.h"
#include "passpersist/agent_builder.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/scheduling/thread_scheduler.h"
#include "passpersist/setter.h"
#include "passpersist/stored_value.h"
#include "passpersist/testing/fake_codec.h"
#include "passpersist/testing/fake_listener.h"
#include "passpersist/testing/fake_peer.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/testing/manual_scheduler.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/value.h"

namespace passpersist {
namespace {

using internal::RunTogether;
using passpersist_testing::FakeCodec;
using passpersist_testing::FakeListener;
using passpersist_testing::FakePeer;
using passpersist_testing::FakeStore;
using passpersist_testing::IsOk;
using passpersist_testing::ManualScheduler;
using testing::SizeIs;

constexpr int kRounds = 256;

// Serves a table of ten rows at .1.3, which a device keeps and each update
// reads. A set writes a row of the device.
class AgentRaceTest : public AgentTest {
 protected:
  static constexpr uint32_t kRows = 10;

  AgentRaceTest() {
    auto listener = std::make_unique<FakeListener>();
    FakeListener* const clients = listener.get();
    builder_.SetWaitingLimit(absl::InfiniteDuration())
        .AddListener(std::move(listener),
                     [] { return std::make_unique<FakeCodec>(); })
        .AddSubtree(Oid{1, 3}, kPeriod,
                    [this](Contents& contents) {
                      for (uint32_t row = 1; row <= kRows; ++row) {
                        contents.Put({row}, Integer32{device_[row - 1]});
                      }
                      return absl::OkStatus();
                    })
        .AddSetter(Oid{1, 3},
                   MakeSetter([this](const Oid& suffix, const Value& value) {
                     EXPECT_FALSE(in_setter_.exchange(true));
                     device_[suffix[0] - 1] = std::get<Integer32>(value).value;
                     in_setter_ = false;
                     return ErrorStatus::kNoError;
                   }));
    clients->Send(client_.NewTransport());
  }

  // The setter uses members that are destroyed before the agent, which belongs
  // to the base class.
  ~AgentRaceTest() override {
    peer_.Close();
    client_.Close();
    if (runner_.joinable()) runner_.join();
    agent_ = nullptr;
  }

  void StartAll() {
    Start();
    EXPECT_EQ(peer_.HearLine(), "hello .1.3 writable:.1.3");
    EXPECT_EQ(client_.HearLine(), "hello .1.3 writable:.1.3");
  }

  static std::string Ask(FakePeer* peer, const std::string& request) {
    peer->Say(request + "\n");
    return peer->HearLine();
  }

  static std::string Name(uint32_t row) { return Oid{1, 3, row}.ToString(); }

  // The values of all rows.
  static std::vector<std::string> Walk(FakePeer* peer) {
    std::vector<std::string> values;
    std::string name = ".1.3";
    while (true) {
      const std::string answer = Ask(peer, "next " + name);
      const size_t end = answer.find(" = ");
      if (answer.substr(end) == " = endOfMibView") return values;
      name = answer.substr(0, end);
      values.push_back(answer.substr(end + 3));
    }
  }

  std::atomic<int32_t> device_[kRows] = {};
  std::atomic<bool> in_setter_ = false;
  FakePeer client_;
};

// An update that has read the device before a set does not bring back the old
// value.
TEST_F(AgentRaceTest, AnUpdateAndASet) {
  ManualScheduler* const scheduler = UseManualScheduler();
  StartAll();
  for (int round = 1; round <= kRounds; ++round) {
    RunTogether(
        round, [&] { scheduler->Advance(kPeriod); },
        [&] {
          EXPECT_EQ(Ask(&peer_, absl::StrCat("set .1.3.1 ", round)), "");
          EXPECT_EQ(Ask(&peer_, "get .1.3.1"),
                    absl::StrCat(".1.3.1 = Integer32 ", round));
        });
    EXPECT_EQ(Ask(&client_, "get .1.3.1"),
              absl::StrCat(".1.3.1 = Integer32 ", round));
  }
}

// Rows are set in their order, so that a snapshot has the new values before the
// old ones.
TEST_F(AgentRaceTest, AWalkAndSetsOfAnotherConnection) {
  UseManualScheduler();
  StartAll();
  for (int round = 1; round <= kRounds; ++round) {
    const std::string before = absl::StrCat("Integer32 ", round - 1);
    const std::string after = absl::StrCat("Integer32 ", round);
    std::vector<std::string> walked;
    RunTogether(
        round,
        [&] {
          for (uint32_t row = 1; row <= kRows; ++row) {
            EXPECT_EQ(
                Ask(&client_, absl::StrCat("set ", Name(row), " ", round)), "");
          }
        },
        [&] { walked = Walk(&peer_); });
    ASSERT_THAT(walked, SizeIs(kRows));
    std::vector<std::string> expected(kRows, before);
    for (size_t i = 0; i < kRows && walked[i] == after; ++i) {
      expected[i] = after;
    }
    EXPECT_EQ(walked, expected);
    // A walk that begins after the sets.
    EXPECT_EQ(Walk(&peer_), std::vector<std::string>(kRows, after));
  }
}

// Each update releases the old snapshots that no walk reads.
TEST_F(AgentRaceTest, AWalkAndUpdatesThatReleaseSnapshots) {
  ManualScheduler* const scheduler = UseManualScheduler();
  StartAll();
  for (int round = 1; round <= kRounds; ++round) {
    RunTogether(
        round,
        [&] {
          for (std::atomic<int32_t>& row : device_) row = 2 * round;
          scheduler->Advance(kPeriod);
          for (std::atomic<int32_t>& row : device_) row = 2 * round + 1;
          scheduler->Advance(kPeriod);
        },
        [&] {
          const std::vector<std::string> walked = Walk(&peer_);
          ASSERT_THAT(walked, SizeIs(kRows));
          EXPECT_THAT(std::set<std::string>(walked.begin(), walked.end()),
                      SizeIs(1));
        });
  }
}

TEST_F(AgentRaceTest, TwoConnectionsSetOneSetter) {
  StartAll();
  for (int round = 1; round <= kRounds; ++round) {
    const auto set = [&](FakePeer* peer, uint32_t row) {
      EXPECT_EQ(Ask(peer, absl::StrCat("set ", Name(row), " ", round)), "");
      EXPECT_EQ(Ask(peer, absl::StrCat("get ", Name(row))),
                absl::StrCat(Name(row), " = Integer32 ", round));
    };
    RunTogether(
        round, [&] { set(&client_, 1); }, [&] { set(&peer_, 2); });
  }
}

// --- Shutdown ---

// What an update, a computed value and a setter wait for.
struct Functions {
  absl::Notification release;
  std::atomic<int> out = 0;
  std::atomic<int> returned = 0;

  void Call() {
    ++out;
    release.WaitForNotification();
    ++returned;
  }
};

TEST(AgentShutdownRaceTest, FunctionsReturnWhileTheAgentEnds) {
  for (int round = 0; round < kRounds / 4; ++round) {
    // The program owns what functions use, and destroys it after the agent.
    auto functions = std::make_unique<Functions>();
    FakePeer peer;
    FakePeer client;
    auto listener = std::make_unique<FakeListener>();
    FakeListener* const clients = listener.get();
    AgentBuilder builder;
    builder.SetTransport(peer.NewTransport())
        .SetCodec(std::make_unique<FakeCodec>())
        .SetStoreFactory([] { return std::make_unique<FakeStore>(); })
        .SetScheduler(std::make_unique<ThreadScheduler>())
        .SetWaitingLimit(absl::InfiniteDuration())
        .SetFirstUpdateTimeout(absl::ZeroDuration())
        .AddListener(std::move(listener),
                     [] { return std::make_unique<FakeCodec>(); })
        .AddSubtree(Oid{1, 3}, std::make_shared<FakeStore>(FakeStore::Entries{
                                   {{1}, ComputedValue([&functions] {
                                      functions->Call();
                                      return Integer32{1};
                                    })},
                                   {{2}, Value(Integer32{2})}}))
        .AddSubtree(Oid{1, 5}, absl::Hours(1),
                    [&functions](Contents&) {
                      functions->Call();
                      return absl::OkStatus();
                    })
        .AddSetter(Oid{1, 3, 2},
                   MakeSetter([&functions](const Oid&, const Value&) {
                     functions->Call();
                     return ErrorStatus::kNoError;
                   }))
        .OnError([](const absl::Status&) {});
    std::unique_ptr<Agent> agent = builder.Build().value();
    std::thread runner([&] { EXPECT_THAT(agent->Run(), IsOk()); });
    clients->Send(client.NewTransport());
    peer.Say("get .1.3.1\n");
    client.Say("set .1.3.2 7\n");
    while (functions->out < 3) std::this_thread::yield();
    RunTogether(
        round, [&] { functions->release.Notify(); },
        [&] {
          agent->Shutdown();
          runner.join();
          agent = nullptr;
          EXPECT_EQ(functions->returned, 3);
          // Nothing uses them any more.
          functions->out = 0;
        });
    functions = nullptr;
  }
}

}  // namespace
}  // namespace passpersist
