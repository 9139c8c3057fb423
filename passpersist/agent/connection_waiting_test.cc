// SPDX-License-Identifier: Apache-2.0
//
// How a connection waits for user code.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent/agent_monitor_impl.h"
#include "passpersist/agent/calls/computed_value_runner.h"
#include "passpersist/agent/connection.h"
#include "passpersist/agent/errors/error_reporter.h"
#include "passpersist/agent/mib/mib_tree.h"
#include "passpersist/agent/observer_list.h"
#include "passpersist/agent/request_handler.h"
#include "passpersist/agent/sets/setter_locks.h"
#include "passpersist/agent/testing/make_mib_tree.h"
#include "passpersist/agent/testing/task_queue.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/testing/error_log.h"
#include "passpersist/testing/fake_codec.h"
#include "passpersist/testing/fake_peer.h"
#include "passpersist/testing/fake_setter.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/testing/simulated_clock.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

using passpersist_testing::ErrorLog;
using passpersist_testing::FakeCodec;
using passpersist_testing::FakePeer;
using passpersist_testing::FakeSetter;
using passpersist_testing::FakeStore;
using passpersist_testing::IsOk;
using passpersist_testing::SimulatedClock;

// One request at a time, and one name a request, as with pass_persist.
class OneNameCodec : public FakeCodec {
 public:
  bool RequestIsPdu() const override { return false; }
};

// Three pending requests, whose answers may come in any order.
class ManyRequestsCodec : public FakeCodec {
 public:
  size_t MaxPendingRequests() const override { return 3; }
};

// Serves constants at .1.3.1 and .1.3.2, and computed values at .1.3.11 to
// .1.3.19, whose functions hang until the test runs their tasks. .1.3.1 and
// .1.3.2 can be set; their setters hang likewise.
template <typename CodecType>
class ConnectionWaitingTest : public testing::Test {
 protected:
  ConnectionWaitingTest() {
    Contents contents;
    contents.Put({1}, Integer32{5});
    contents.Put({2}, Integer32{6});
    for (uint32_t i = 11; i < 20; ++i) {
      contents.PutComputed({i},
                           [i] { return Integer32{static_cast<int32_t>(i)}; });
    }
    EXPECT_THAT(store_->Replace(std::move(contents)), IsOk());
    server_ =
        std::thread([this] { EXPECT_THAT(connection_->Serve(), IsOk()); });
    peer_.HearLine();
  }

  ~ConnectionWaitingTest() override {
    connection_->Shutdown();
    server_.join();
    connection_.reset();
    computing_.RunAll();
    setting_.RunAll();
  }

  // Lets the request wait for so long.
  void PassWaiting(absl::Duration time) {
    clock_.AwaitWaiters(1);
    clock_.Advance(time);
  }

  MibTree::Setters MakeSetters() {
    MibTree::Setters setters;
    setters[Oid{1, 3, 1}] = std::make_unique<FakeSetter>(&steps_);
    setters[Oid{1, 3, 2}] = std::make_unique<FakeSetter>(&steps_);
    return setters;
  }

  FakeSetter::Log steps_;
  const std::shared_ptr<FakeStore> store_ = std::make_shared<FakeStore>();
  const MibTree objects_ = MakeMibTree({{Oid{1, 3}, store_}}, MakeSetters());
  SimulatedClock clock_;
  ErrorLog log_;
  ErrorReporter errors_{log_.Hook()};
  ObserverList observers_;
  AgentMonitorImpl::Updates updates_;
  TaskQueue computing_;
  TaskQueue setting_;
  ComputedValueRunner computed_values_{&clock_, {}, computing_.AsRunTask()};
  SetterLocks setter_locks_;
  AgentMonitorImpl monitor_{&objects_, &updates_, "FakeCodec", &clock_,
                            &observers_};
  const RequestHandler::Shared shared_{
      &objects_,
      &clock_,
      &errors_,
      &computed_values_,
      {&objects_, &errors_, &computed_values_, &setter_locks_,
       setting_.AsRunTask(), [](const Oid&) {}},
      absl::Milliseconds(500),
      {}};
  FakePeer peer_;
  std::unique_ptr<Connection> connection_ = std::make_unique<Connection>(
      peer_.NewTransport(), std::make_unique<CodecType>(), &shared_, &monitor_,
      &monitor_.peer());
  std::thread server_;
};

// --- One request at a time ---

using OneNameTest = ConnectionWaitingTest<OneNameCodec>;

TEST_F(OneNameTest, ARequestIsAnsweredWhenItsFunctionReturns) {
  peer_.Say("get .1.3.11\nget .1.3.1\n");
  computing_.Await(1);
  computing_.RunAll();
  EXPECT_EQ(peer_.HearLine(), ".1.3.11 = Integer32 11");
  EXPECT_EQ(peer_.HearLine(), ".1.3.1 = Integer32 5");
}

TEST_F(OneNameTest, ARequestIsAnsweredWithoutItsValueAtTheDeadline) {
  peer_.Say("get .1.3.11\nget .1.3.1\n");
  computing_.Await(1);
  PassWaiting(absl::Milliseconds(500));
  EXPECT_EQ(peer_.HearLine(), ".1.3.11 = noSuchInstance");
  EXPECT_EQ(peer_.HearLine(), ".1.3.1 = Integer32 5");
}

// The names of a PDU come one after the other. The clock stands still, so a
// wait would hang the test.
TEST_F(OneNameTest, TheLimitIsForAllRequestsOfASecond) {
  peer_.Say("get .1.3.11\n");
  computing_.Await(1);
  PassWaiting(absl::Milliseconds(500));
  EXPECT_EQ(peer_.HearLine(), ".1.3.11 = noSuchInstance");
  peer_.Say("get .1.3.12\n");
  computing_.Await(2);
  // A call that has just begun is waited for, but not for long.
  PassWaiting(absl::Milliseconds(20));
  EXPECT_EQ(peer_.HearLine(), ".1.3.12 = noSuchInstance");
  peer_.Say("get .1.3.11\nget .1.3.12\nget .1.3.1\n");
  EXPECT_EQ(peer_.HearLine(), ".1.3.11 = noSuchInstance");
  EXPECT_EQ(peer_.HearLine(), ".1.3.12 = noSuchInstance");
  EXPECT_EQ(peer_.HearLine(), ".1.3.1 = Integer32 5");

  // After a second the limit is what it was.
  clock_.Advance(absl::Seconds(1));
  peer_.Say("get .1.3.13\n");
  computing_.Await(3);
  PassWaiting(absl::Milliseconds(499));
  clock_.AwaitWaiters(1);
  computing_.RunOne(2);
  EXPECT_EQ(peer_.HearLine(), ".1.3.13 = Integer32 13");
}

// The functions after the one that hangs are called beside it.
TEST_F(OneNameTest, AWalkPassesFunctionsThatHangAtTheCostOfOne) {
  peer_.Say("next .1.3.2\n");
  computing_.Await(1);
  PassWaiting(absl::Milliseconds(20));
  computing_.Await(9);
  // The last three return.
  for (int i = 0; i < 3; ++i) computing_.RunOne(6);
  PassWaiting(absl::Milliseconds(480));
  EXPECT_EQ(peer_.HearLine(), ".1.3.17 = Integer32 17");
  peer_.Say("next .1.3.17\nnext .1.3.18\nnext .1.3.19\n");
  EXPECT_EQ(peer_.HearLine(), ".1.3.18 = Integer32 18");
  EXPECT_EQ(peer_.HearLine(), ".1.3.19 = Integer32 19");
  EXPECT_EQ(peer_.HearLine(), ".1.3.19 = endOfMibView");
}

TEST_F(OneNameTest, AWalkAnswersTheFirstNameIfItsFunctionReturns) {
  peer_.Say("next .1.3.2\n");
  computing_.Await(1);
  PassWaiting(absl::Milliseconds(20));
  computing_.Await(9);
  computing_.RunOne(4);
  PassWaiting(absl::Milliseconds(20));
  clock_.AwaitWaiters(1);
  computing_.RunOne(0);
  EXPECT_EQ(peer_.HearLine(), ".1.3.11 = Integer32 11");
}

TEST_F(OneNameTest, ASetThatIsLateIsRefusedAndOthersGoOn) {
  peer_.Say("set .1.3.1 7\n");
  setting_.Await(1);
  PassWaiting(absl::Milliseconds(550));
  EXPECT_EQ(peer_.HearLine(), "resourceUnavailable 0");
  clock_.Advance(absl::Seconds(1));
  // The same setter is refused at once, another one is called.
  peer_.Say("set .1.3.1 7\nset .1.3.2 8\n");
  EXPECT_EQ(peer_.HearLine(), "resourceUnavailable 0");
  setting_.Await(2);
  setting_.RunOne(1);
  EXPECT_EQ(peer_.HearLine(), "");
  peer_.Say("get .1.3.2\n");
  EXPECT_EQ(peer_.HearLine(), ".1.3.2 = Integer32 8");
}

TEST_F(OneNameTest, ShutdownEndsAWait) {
  peer_.Say("get .1.3.11\n");
  computing_.Await(1);
  connection_->Shutdown();
  EXPECT_EQ(peer_.HearLine(), "");
}

// --- Several requests at a time ---

using ManyRequestsTest = ConnectionWaitingTest<ManyRequestsCodec>;

TEST_F(ManyRequestsTest, ARequestThatWaitsHoldsUpNoOther) {
  peer_.Say("get .1.3.11\nget .1.3.1\nget .1.3.12\nget .1.3.2\n");
  EXPECT_EQ(peer_.HearLine(), ".1.3.1 = Integer32 5");
  EXPECT_EQ(peer_.HearLine(), ".1.3.2 = Integer32 6");
  computing_.Await(2);
  computing_.RunOne(1);
  EXPECT_EQ(peer_.HearLine(), ".1.3.12 = Integer32 12");
  computing_.RunOne(0);
  EXPECT_EQ(peer_.HearLine(), ".1.3.11 = Integer32 11");
}

TEST_F(ManyRequestsTest, FurtherRequestsStayUndecoded) {
  peer_.Say("get .1.3.11\nget .1.3.12\nget .1.3.13\nget .1.3.14\n");
  computing_.Await(3);
  EXPECT_EQ(computing_.size(), 3u);
  computing_.RunOne(2);
  EXPECT_EQ(peer_.HearLine(), ".1.3.13 = Integer32 13");
  computing_.Await(3);
  computing_.RunAll();
}

TEST_F(ManyRequestsTest, EachRequestHasTheWholeLimit) {
  peer_.Say("get .1.3.11\n");
  computing_.Await(1);
  clock_.Advance(absl::Milliseconds(500));
  EXPECT_EQ(peer_.HearLine(), ".1.3.11 = noSuchInstance");
  peer_.Say("get .1.3.12\n");
  computing_.Await(2);
  clock_.Advance(absl::Milliseconds(499));
  computing_.RunOne(1);
  EXPECT_EQ(peer_.HearLine(), ".1.3.12 = Integer32 12");
}

TEST_F(ManyRequestsTest, ASetThatWaitsHoldsUpNoRead) {
  peer_.Say("set .1.3.1 7\nget .1.3.1\n");
  EXPECT_EQ(peer_.HearLine(), ".1.3.1 = Integer32 5");
  setting_.Await(1);
  setting_.RunAll();
  EXPECT_EQ(peer_.HearLine(), "");
  peer_.Say("get .1.3.1\n");
  EXPECT_EQ(peer_.HearLine(), ".1.3.1 = Integer32 7");
}

}  // namespace
}  // namespace passpersist::internal
