// SPDX-License-Identifier: Apache-2.0
//
// How an agent serves those who come beside its peer.

#include <memory>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/synchronization/notification.h"
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

class ListenerServerTest : public AgentTest {
 protected:
  ListenerServerTest() {
    auto listener = std::make_unique<FakeListener>();
    door_ = listener.get();
    builder_.AddListener(std::move(listener),
                         [] { return std::make_unique<FakeCodec>(); });
    AddNumber();
    Start();
    EXPECT_EQ(peer_.HearLine(), "hello .1.3");
  }

  FakeListener* door_;
  FakePeer guest_;
};

TEST_F(ListenerServerTest, ServesSeveralGuestsAtOnceBesideThePeer) {
  FakePeer other;
  door_->Send(guest_.NewTransport());
  door_->Send(other.NewTransport());
  EXPECT_EQ(guest_.HearLine(), "hello .1.3");
  EXPECT_EQ(other.HearLine(), "hello .1.3");
  // Each has a codec of its own, in which half a request lies.
  other.Say("get .1.3");
  guest_.Say("get .1.3.1\n");
  EXPECT_EQ(guest_.HearLine(), ".1.3.1 = Integer32 5");
  EXPECT_EQ(Ask("ping"), "pong");
  other.Say(".1\n");
  EXPECT_EQ(other.HearLine(), ".1.3.1 = Integer32 5");
}

TEST_F(ListenerServerTest, IsOpenToTheNextGuestWhenOneHasGone) {
  door_->Send(guest_.NewTransport());
  EXPECT_EQ(guest_.HearLine(), "hello .1.3");
  guest_.Close();
  FakePeer next;
  door_->Send(next.NewTransport());
  EXPECT_EQ(next.HearLine(), "hello .1.3");
  EXPECT_EQ(Ask("ping"), "pong");
}

TEST_F(ListenerServerTest, ClosesItsEndWhenAGuestHasGone) {
  door_->Send(guest_.NewTransport());
  EXPECT_EQ(guest_.HearLine(), "hello .1.3");
  guest_.Close();
  EXPECT_EQ(guest_.HearLine(), "");
}

TEST_F(ListenerServerTest, ReportsAGuestWhoseConversationBroke) {
  door_->Send(guest_.NewTransport());
  EXPECT_EQ(guest_.HearLine(), "hello .1.3");
  guest_.Say("nonsense\n");
  EXPECT_EQ(guest_.HearLine(), "bye");
  log_.Await();
  EXPECT_THAT(log_.Take(),
              ElementsAre("INVALID_ARGUMENT: no request: nonsense"));
  EXPECT_EQ(Ask("ping"), "pong");
}

TEST_F(ListenerServerTest, ReportsAListenerThatFailsAndServesOn) {
  door_->Send(guest_.NewTransport());
  EXPECT_EQ(guest_.HearLine(), "hello .1.3");
  door_->Break(absl::ResourceExhaustedError("too many open files"));
  log_.Await();
  EXPECT_THAT(log_.Take(),
              ElementsAre("RESOURCE_EXHAUSTED: too many open files"));
  EXPECT_EQ(Ask("ping"), "pong");
}

TEST_F(ListenerServerTest, IsClosedWhenRunReturns) {
  door_->Send(guest_.NewTransport());
  EXPECT_EQ(guest_.HearLine(), "hello .1.3");
  peer_.Close();
  EXPECT_THAT(Finish(), IsOk());
  EXPECT_EQ(guest_.HearLine(), "");
  EXPECT_THAT(door_->Accept(), StatusIs(absl::StatusCode::kCancelled, _));
  EXPECT_THAT(log_.Take(), IsEmpty());
}

TEST_F(ListenerServerTest,
       TurnsAwayAGuestForWhomThereIsNoThreadAndServesTheNext) {
  {
    const ThreadShortage shortage;
    door_->Send(guest_.NewTransport());
    EXPECT_EQ(guest_.HearLine(), "");
    log_.Await();
  }
  EXPECT_THAT(
      log_.Take(),
      ElementsAre(StartsWith("RESOURCE_EXHAUSTED: cannot start a thread")));
  FakePeer next;
  door_->Send(next.NewTransport());
  EXPECT_EQ(next.HearLine(), "hello .1.3");
  EXPECT_EQ(Ask("ping"), "pong");
}

// A guest whose request is in a setter that hangs until release_, and one who
// says nothing.
class HangingGuestTest : public AgentTest {
 protected:
  HangingGuestTest() {
    auto listener = std::make_unique<FakeListener>();
    FakeListener* const door = listener.get();
    auto log = std::make_unique<EventLog>();
    events_ = log.get();
    AddNumber();
    builder_
        .AddListener(std::move(listener),
                     [] { return std::make_unique<FakeCodec>(); })
        .AddObserver(std::move(log))
        .AddSetter(Oid{1, 3, 1}, MakeSetter([this](const VarBind&) {
                     hangs_.Notify();
                     release_.WaitForNotification();
                     returned_ = true;
                     return ErrorStatus::kNoError;
                   }));
    Start();
    door->Send(guest_.NewTransport());
    door->Send(silent_.NewTransport());
    guest_.Say("set .1.3.1 7\n");
    hangs_.WaitForNotification();
    EXPECT_EQ(silent_.HearLine(), "hello .1.3 writable:.1.3.1");
  }

  // The setter uses what is destroyed before the agent of the base class is.
  ~HangingGuestTest() override {
    if (!release_.HasBeenNotified()) release_.Notify();
    peer_.Close();
    if (runner_.joinable()) runner_.join();
    agent_ = nullptr;
  }

  FakePeer guest_;
  FakePeer silent_;
  EventLog* events_;
  absl::Notification hangs_;
  bool returned_ = false;
};

TEST_F(HangingGuestTest, RunWaitsForNoGuestAndFlushesObservers) {
  peer_.Close();
  EXPECT_THAT(Finish(), IsOk());
  EXPECT_EQ(events_->Take().back(), "flushed");
  EXPECT_FALSE(release_.HasBeenNotified());
  EXPECT_EQ(silent_.HearLine(), "");
}

TEST_F(HangingGuestTest, DestructionWaitsForGuests) {
  peer_.Close();
  EXPECT_THAT(Finish(), IsOk());
  std::thread releaser([this] { release_.Notify(); });
  agent_ = nullptr;
  EXPECT_TRUE(returned_);
  releaser.join();
}

}  // namespace
}  // namespace passpersist
