// SPDX-License-Identifier: Apache-2.0
//
// Tests of the connections that an agent's listeners accept.

#include <memory>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent/testing/agent_fixture.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/setter.h"
#include "passpersist/testing/event_log.h"
#include "passpersist/testing/fake_codec.h"
#include "passpersist/testing/fake_listener.h"
#include "passpersist/testing/fake_peer.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/testing/thread_shortage.h"
#include "passpersist/value.h"

namespace passpersist {
namespace {

using passpersist_testing::EventLog;
using passpersist_testing::FakeCodec;
using passpersist_testing::FakeListener;
using passpersist_testing::FakePeer;
using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;
using passpersist_testing::ThreadShortage;
using testing::_;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

// Waits for the end of a line, however long the peer pauses.
class WholeLinesCodec : public FakeCodec {
 public:
  absl::Duration ReadTimeout() const override {
    return absl::InfiniteDuration();
  }
};

class AgentListenerTest : public AgentTest {
 protected:
  AgentListenerTest() {
    auto listener = std::make_unique<FakeListener>();
    listener_ = listener.get();
    builder_.AddListener(std::move(listener),
                         [] { return std::make_unique<WholeLinesCodec>(); });
    AddNumber();
    Start();
    EXPECT_EQ(peer_.HearLine(), "hello .1.3");
  }

  FakeListener* listener_;
  FakePeer client_;
};

TEST_F(AgentListenerTest, ServesSeveralClientsAndThePeerAtTheSameTime) {
  FakePeer other;
  listener_->Send(client_.NewTransport());
  listener_->Send(other.NewTransport());
  EXPECT_EQ(client_.HearLine(), "hello .1.3");
  EXPECT_EQ(other.HearLine(), "hello .1.3");
  // Each connection has its own codec: half a request of one is not mixed with
  // the request of another.
  other.Say("get .1.3");
  client_.Say("get .1.3.1\n");
  EXPECT_EQ(client_.HearLine(), ".1.3.1 = Integer32 5");
  EXPECT_EQ(Ask("ping"), "pong");
  other.Say(".1\n");
  EXPECT_EQ(other.HearLine(), ".1.3.1 = Integer32 5");
}

TEST_F(AgentListenerTest, AcceptsAnotherClientAfterOneHasClosed) {
  listener_->Send(client_.NewTransport());
  EXPECT_EQ(client_.HearLine(), "hello .1.3");
  client_.Close();
  FakePeer next;
  listener_->Send(next.NewTransport());
  EXPECT_EQ(next.HearLine(), "hello .1.3");
  EXPECT_EQ(Ask("ping"), "pong");
}

TEST_F(AgentListenerTest, ClosesItsEndWhenAClientCloses) {
  listener_->Send(client_.NewTransport());
  EXPECT_EQ(client_.HearLine(), "hello .1.3");
  client_.Close();
  EXPECT_EQ(client_.HearLine(), "");
}

TEST_F(AgentListenerTest, ReportsAClientWhoseConnectionBroke) {
  listener_->Send(client_.NewTransport());
  EXPECT_EQ(client_.HearLine(), "hello .1.3");
  client_.Say("nonsense\n");
  EXPECT_EQ(client_.HearLine(), "bye");
  log_.Await();
  EXPECT_THAT(log_.Take(),
              ElementsAre("INVALID_ARGUMENT: no request: nonsense"));
  EXPECT_EQ(Ask("ping"), "pong");
}

TEST_F(AgentListenerTest, ReportsAListenerThatFailsAndContinues) {
  listener_->Send(client_.NewTransport());
  EXPECT_EQ(client_.HearLine(), "hello .1.3");
  listener_->Break(absl::ResourceExhaustedError("too many open files"));
  log_.Await();
  EXPECT_THAT(log_.Take(),
              ElementsAre("RESOURCE_EXHAUSTED: too many open files"));
  EXPECT_EQ(Ask("ping"), "pong");
}

TEST_F(AgentListenerTest, IsClosedWhenRunReturns) {
  listener_->Send(client_.NewTransport());
  EXPECT_EQ(client_.HearLine(), "hello .1.3");
  peer_.Close();
  EXPECT_THAT(Finish(), IsOk());
  EXPECT_EQ(client_.HearLine(), "");
  EXPECT_THAT(listener_->Accept(), StatusIs(absl::StatusCode::kCancelled, _));
  EXPECT_THAT(log_.Take(), IsEmpty());
}

TEST_F(AgentListenerTest, RejectsAClientWithoutAThreadAndServesTheNext) {
  {
    const ThreadShortage shortage;
    listener_->Send(client_.NewTransport());
    EXPECT_EQ(client_.HearLine(), "");
    log_.Await();
  }
  EXPECT_THAT(
      log_.Take(),
      ElementsAre(StartsWith("RESOURCE_EXHAUSTED: cannot start a thread")));
  FakePeer next;
  listener_->Send(next.NewTransport());
  EXPECT_EQ(next.HearLine(), "hello .1.3");
  EXPECT_EQ(Ask("ping"), "pong");
}

// An agent with two clients: the request of client_ is blocked in a setter
// until release_, and silent_ sends nothing.
class HangingClientTest : public AgentTest {
 protected:
  HangingClientTest() {
    auto listener = std::make_unique<FakeListener>();
    FakeListener* const fake_listener = listener.get();
    auto log = std::make_unique<EventLog>();
    events_ = log.get();
    AddNumber();
    builder_
        .AddListener(std::move(listener),
                     [] { return std::make_unique<FakeCodec>(); })
        .AddObserver(std::move(log))
        .AddSetter(Oid{1, 3, 1}, MakeSetter([this](const Oid&, const Value&) {
                     in_setter_.Notify();
                     release_.WaitForNotification();
                     returned_ = true;
                     return ErrorStatus::kNoError;
                   }));
    Start();
    fake_listener->Send(client_.NewTransport());
    fake_listener->Send(silent_.NewTransport());
    client_.Say("set .1.3.1 7\n");
    in_setter_.WaitForNotification();
    EXPECT_EQ(silent_.HearLine(), "hello .1.3 writable:.1.3.1");
  }

  // The setter uses members that are destroyed before the agent, which belongs
  // to the base class: ends the agent first.
  ~HangingClientTest() override {
    if (!release_.HasBeenNotified()) release_.Notify();
    peer_.Close();
    if (runner_.joinable()) runner_.join();
    agent_ = nullptr;
  }

  FakePeer client_;
  FakePeer silent_;
  EventLog* events_;
  absl::Notification in_setter_;
  bool returned_ = false;
};

TEST_F(HangingClientTest, RunDoesNotWaitForClientsAndFlushesObservers) {
  peer_.Close();
  EXPECT_THAT(Finish(), IsOk());
  EXPECT_EQ(events_->Take().back(), "flushed");
  EXPECT_FALSE(release_.HasBeenNotified());
  EXPECT_EQ(silent_.HearLine(), "");
}

TEST_F(HangingClientTest, DestructionWaitsForClients) {
  peer_.Close();
  EXPECT_THAT(Finish(), IsOk());
  std::thread releaser([this] { release_.Notify(); });
  agent_ = nullptr;
  EXPECT_TRUE(returned_);
  releaser.join();
}

}  // namespace
}  // namespace passpersist
