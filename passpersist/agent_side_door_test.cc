// How an agent serves those who come beside its peer.

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent_fixture.h"
#include "passpersist/testing/fake_codec.h"
#include "passpersist/testing/fake_listener.h"
#include "passpersist/testing/fake_peer.h"
#include "passpersist/testing/status_matchers.h"

namespace passpersist {
namespace {

using passpersist_testing::FakeCodec;
using passpersist_testing::FakeListener;
using passpersist_testing::FakePeer;
using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;
using testing::_;
using testing::ElementsAre;
using testing::IsEmpty;

class SideDoorTest : public AgentTest {
 protected:
  SideDoorTest() {
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

TEST_F(SideDoorTest, ServesSeveralGuestsAtOnceBesideThePeer) {
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

TEST_F(SideDoorTest, IsOpenToTheNextGuestWhenOneHasGone) {
  door_->Send(guest_.NewTransport());
  EXPECT_EQ(guest_.HearLine(), "hello .1.3");
  guest_.Close();
  FakePeer next;
  door_->Send(next.NewTransport());
  EXPECT_EQ(next.HearLine(), "hello .1.3");
  EXPECT_EQ(Ask("ping"), "pong");
}

TEST_F(SideDoorTest, ClosesItsEndWhenAGuestHasGone) {
  door_->Send(guest_.NewTransport());
  EXPECT_EQ(guest_.HearLine(), "hello .1.3");
  guest_.Close();
  EXPECT_EQ(guest_.HearLine(), "");
}

TEST_F(SideDoorTest, ReportsAGuestWhoseConversationBroke) {
  door_->Send(guest_.NewTransport());
  EXPECT_EQ(guest_.HearLine(), "hello .1.3");
  guest_.Say("nonsense\n");
  EXPECT_EQ(guest_.HearLine(), "bye");
  log_.Await();
  EXPECT_THAT(log_.Take(),
              ElementsAre("INVALID_ARGUMENT: no request: nonsense"));
  EXPECT_EQ(Ask("ping"), "pong");
}

TEST_F(SideDoorTest, ReportsAListenerThatFailsAndServesOn) {
  door_->Send(guest_.NewTransport());
  EXPECT_EQ(guest_.HearLine(), "hello .1.3");
  door_->Break(absl::ResourceExhaustedError("too many open files"));
  log_.Await();
  EXPECT_THAT(log_.Take(),
              ElementsAre("RESOURCE_EXHAUSTED: too many open files"));
  EXPECT_EQ(Ask("ping"), "pong");
}

TEST_F(SideDoorTest, IsClosedWhenRunReturns) {
  door_->Send(guest_.NewTransport());
  EXPECT_EQ(guest_.HearLine(), "hello .1.3");
  peer_.Close();
  EXPECT_THAT(Finish(), IsOk());
  EXPECT_EQ(guest_.HearLine(), "");
  EXPECT_THAT(door_->Accept(), StatusIs(absl::StatusCode::kCancelled, _));
  EXPECT_THAT(log_.Take(), IsEmpty());
}

}  // namespace
}  // namespace passpersist
