// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent_main.h"

#include <cstdlib>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "passpersist/agent.h"
#include "passpersist/agent_builder.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/scheduling/thread_scheduler.h"
#include "passpersist/setter.h"
#include "passpersist/testing/fake_codec.h"
#include "passpersist/testing/fake_listener.h"
#include "passpersist/testing/fake_peer.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/value.h"

namespace passpersist {
namespace {

using passpersist_testing::FakeCodec;
using passpersist_testing::FakeListener;
using passpersist_testing::FakePeer;
using passpersist_testing::FakeStore;
using testing::ExitedWithCode;

// An agent whose peer sends `input` and closes its end once the update hangs.
absl::StatusOr<std::unique_ptr<Agent>> BuildAgent(absl::string_view input) {
  const auto peer = std::make_shared<FakePeer>();
  peer->Say(input);
  AgentBuilder builder;
  builder.SetTransport(peer->NewTransport())
      .SetCodec(std::make_unique<FakeCodec>())
      .SetStoreFactory([] { return std::make_unique<FakeStore>(); })
      .SetScheduler(std::make_unique<ThreadScheduler>())
      .SetFirstUpdateTimeout(absl::ZeroDuration())
      .OnError([](const absl::Status&) {})
      .AddSubtree(Oid{1, 3}, absl::Hours(1), [peer](Contents&) {
        peer->Close();
        absl::Notification().WaitForNotification();
        return absl::OkStatus();
      });
  return builder.Build();
}

// An agent whose peer closes its end once a client's request hangs in a setter.
absl::StatusOr<std::unique_ptr<Agent>> BuildAgentWithAClient() {
  const auto peer = std::make_shared<FakePeer>();
  FakePeer client;
  client.Say("set .1.3.1 7\n");
  auto listener = std::make_unique<FakeListener>();
  listener->Send(client.NewTransport());
  AgentBuilder builder;
  builder.SetTransport(peer->NewTransport())
      .SetCodec(std::make_unique<FakeCodec>())
      .AddListener(std::move(listener),
                   [] { return std::make_unique<FakeCodec>(); })
      .AddSubtree(Oid{1, 3}, std::make_shared<FakeStore>(
                                 FakeStore::Entries{{{1}, Integer32{5}}}))
      .AddSetter(Oid{1, 3}, MakeSetter([peer](const Oid&, const Value&) {
                   peer->Close();
                   absl::Notification().WaitForNotification();
                   return ErrorStatus::kNoError;
                 }));
  return builder.Build();
}

class AgentMainDeathTest : public testing::Test {
 protected:
  AgentMainDeathTest() { testing::GTEST_FLAG(death_test_style) = "threadsafe"; }
};

TEST_F(AgentMainDeathTest, SucceedsWhenThePeerHasClosedThoughAnUpdateHangs) {
  EXPECT_EXIT(AgentMain(BuildAgent("ping\n")), ExitedWithCode(EXIT_SUCCESS),
              "");
}

TEST_F(AgentMainDeathTest, SucceedsWhenThePeerHasClosedThoughAClientHangs) {
  EXPECT_EXIT(AgentMain(BuildAgentWithAClient()), ExitedWithCode(EXIT_SUCCESS),
              "");
}

TEST_F(AgentMainDeathTest, ReportsWhyThereIsNoAgent) {
  EXPECT_EXIT(AgentMain(AgentBuilder().Build()), ExitedWithCode(EXIT_FAILURE),
              "INVALID_ARGUMENT: no agent can be built: no transport");
}

TEST_F(AgentMainDeathTest, ReportsWhatBrokeTheConnection) {
  EXPECT_EXIT(AgentMain(BuildAgent("nonsense\n")), ExitedWithCode(EXIT_FAILURE),
              "INVALID_ARGUMENT: no request: nonsense");
}

}  // namespace
}  // namespace passpersist
