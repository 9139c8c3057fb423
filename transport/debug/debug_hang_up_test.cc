// SPDX-License-Identifier: Apache-2.0
//
// Debug clients that disconnect while the agent waits on a request of theirs.

#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "passpersist/agent.h"
#include "passpersist/agent_builder.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/scheduling/thread_scheduler.h"
#include "passpersist/testing/error_log.h"
#include "passpersist/testing/fake_listener.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/testing/simulated_clock.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/transport.h"
#include "transport/debug/debug.pb.h"
#include "transport/debug/debug_client.h"
#include "transport/debug/debug_codec.h"
#include "transport/debug/debug_framing.h"
#include "transport/memory/in_memory_transport.h"
#include "transport/pass_persist/pass_persist_codec.h"

namespace passpersist {
namespace {

using passpersist_testing::ErrorLog;
using passpersist_testing::FakeListener;
using passpersist_testing::FakeStore;
using passpersist_testing::IsOk;
using passpersist_testing::SimulatedClock;
using testing::IsEmpty;

// An agent whose update hangs and whose clock does not advance, so that no
// waiting request ends by itself.
class DebugHangUpTest : public testing::Test {
 protected:
  DebugHangUpTest() {
    auto [snmpd_end, agent_end] = InMemoryTransport::MakePair();
    snmpd_end_ = std::move(snmpd_end);
    auto listener = std::make_unique<FakeListener>();
    listener_ = listener.get();
    AgentBuilder builder;
    builder.SetTransport(std::move(agent_end))
        .SetCodec(std::make_unique<PassPersistCodec>())
        .SetStoreFactory([] { return std::make_unique<FakeStore>(); })
        .SetScheduler(std::make_unique<ThreadScheduler>())
        .SetClock(clock_)
        .SetFirstUpdateTimeout(absl::Nanoseconds(1))
        .AddSubtree(Oid{1, 3}, absl::Seconds(1),
                    [this](Contents&) {
                      release_.WaitForNotification();
                      return absl::OkStatus();
                    })
        .OnError(log_.Hook())
        .AddListener(std::move(listener), DebugCodec::Factory());
    agent_ = builder.Build().value();
    runner_ = std::thread([this] { EXPECT_THAT(agent_->Run(), IsOk()); });
    // After the timeout of the first update, the agent serves without it.
    clock_->AwaitWaiters(1);
    clock_->Advance(absl::Nanoseconds(1));
    log_.Await();
    log_.Take();
  }

  ~DebugHangUpTest() override {
    snmpd_end_.reset();
    runner_.join();
    release_.Notify();
  }

  std::unique_ptr<Transport> Connect() {
    auto [client_end, agent_end] = InMemoryTransport::MakePair();
    listener_->Send(std::move(agent_end));
    return std::move(client_end);
  }

  // Waits until the agent counts `count` connections, besides the one that this
  // function opens.
  void AwaitConnections(uint64_t count) {
    const std::unique_ptr<Transport> other = Connect();
    DebugClient client(other.get());
    debug::Request request;
    request.mutable_get_statistics();
    uint64_t open_connections = 0;
    while (open_connections != count + 1) {
      const auto response = client.Call(request);
      ASSERT_THAT(response, IsOk());
      open_connections = response->statistics().open_connections();
      std::this_thread::yield();
    }
  }

  const std::shared_ptr<SimulatedClock> clock_ =
      std::make_shared<SimulatedClock>();
  absl::Notification release_;
  ErrorLog log_;
  std::unique_ptr<Transport> snmpd_end_;
  FakeListener* listener_;
  std::unique_ptr<Agent> agent_;
  std::thread runner_;
};

class WaitingRequestTest : public DebugHangUpTest,
                           public testing::WithParamInterface<const char*> {};

TEST_P(WaitingRequestTest, EndsWhenTheClientDisconnects) {
  std::unique_ptr<Transport> client = Connect();
  debug::Request request;
  ASSERT_TRUE(
      google::protobuf::TextFormat::ParseFromString(GetParam(), &request));
  std::string bytes;
  AppendFrame(request, &bytes);
  ASSERT_THAT(client->Write(bytes), IsOk());
  AwaitConnections(1);
  client.reset();
  AwaitConnections(0);
  // A disconnected client is not an error.
  EXPECT_THAT(log_.Take(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Requests, WaitingRequestTest,
    testing::Values("watch { wait { seconds: 30 } }",
                    "run_update { root: '.1.3' wait { seconds: 600 } }"));

}  // namespace
}  // namespace passpersist
