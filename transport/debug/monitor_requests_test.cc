// SPDX-License-Identifier: Apache-2.0

#include "transport/debug/monitor_requests.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/fake_agent_monitor.h"
#include "passpersist/testing/simulated_clock.h"
#include "passpersist/testing/status_matchers.h"
#include "transport/debug/debug.pb.h"
#include "transport/debug/testing/debug_test_messages.h"

namespace passpersist::transport_internal {
namespace {

using passpersist_testing::FakeAgentMonitor;
using passpersist_testing::FromText;
using passpersist_testing::IsMessage;
using passpersist_testing::IsOk;
using passpersist_testing::SimulatedClock;
using passpersist_testing::StatusIs;
using testing::_;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class MonitorRequestsTest : public testing::Test {
 protected:
  absl::Status Handle(const std::string& text) {
    answer_.Clear();
    return requests_->Handle(FromText<debug::Request>(text), &answer_);
  }

  // Returns true if the request that waits is answered, in answer_.
  bool Poll() {
    answer_.Clear();
    return requests_->Poll(&answer_);
  }

  void Publish() {
    monitor_.Publish({absl::UnixEpoch(), absl::InternalError("oh")});
  }

  FakeAgentMonitor monitor_;
  SimulatedClock clock_;
  std::unique_ptr<MonitorRequests> requests_ =
      std::make_unique<MonitorRequests>(&monitor_, &clock_);
  debug::Response answer_;
};

TEST_F(MonitorRequestsTest, TakesTheRequestsThatAreNotSnmpOperations) {
  for (const std::string text :
       {"describe { }", "get_statistics { }", "watch { }", "run_update { }"}) {
    EXPECT_TRUE(
        MonitorRequests::IsMonitorRequest(FromText<debug::Request>(text)))
        << text;
  }
  for (const std::string text : {"get { }", "dump { }", "set { }", ""}) {
    EXPECT_FALSE(
        MonitorRequests::IsMonitorRequest(FromText<debug::Request>(text)))
        << text;
  }
}

TEST_F(MonitorRequestsTest, AnswersFromTheMonitorAtOnce) {
  monitor_.description.codec = "TheCodec";
  monitor_.description.started = absl::UnixEpoch();
  ASSERT_THAT(Handle("id: 7 describe { }"), IsOk());
  EXPECT_FALSE(requests_->waiting());
  EXPECT_EQ(answer_.id(), 7u);
  EXPECT_EQ(answer_.description().codec(), "TheCodec");
  monitor_.statistics.open_connections = 3;
  ASSERT_THAT(Handle("id: 8 get_statistics { }"), IsOk());
  EXPECT_EQ(answer_.statistics().open_connections(), 3u);
}

TEST_F(MonitorRequestsTest, AWatchWaitsForTheFirstEvent) {
  ASSERT_THAT(Handle("id: 7 watch { wait { seconds: 9 } }"), IsOk());
  ASSERT_TRUE(requests_->waiting());
  EXPECT_EQ(requests_->waiting_id(), 7u);
  EXPECT_FALSE(Poll());
  clock_.Advance(absl::Seconds(8));
  EXPECT_FALSE(Poll());
  Publish();
  ASSERT_TRUE(Poll());
  EXPECT_FALSE(requests_->waiting());
  EXPECT_THAT(answer_,
              IsMessage("id: 7 events { events { time { } error { code: 13 "
                        "message: 'oh' } } }"));
}

TEST_F(MonitorRequestsTest, AWatchIsAnsweredWithoutEventsWhenItsTimeIsUp) {
  ASSERT_THAT(Handle("id: 7 watch { wait { seconds: 9 } }"), IsOk());
  clock_.Advance(absl::Seconds(9));
  ASSERT_TRUE(Poll());
  EXPECT_THAT(answer_, IsMessage("id: 7 events { }"));
}

TEST_F(MonitorRequestsTest, AWatchDoesNotWaitIfEventsAreLeftOrItMayNotWait) {
  ASSERT_THAT(Handle("id: 1 watch { }"), IsOk());
  EXPECT_FALSE(requests_->waiting());
  EXPECT_THAT(answer_, IsMessage("id: 1 events { }"));
  Publish();
  Publish();
  ASSERT_THAT(Handle("id: 2 watch { max_events: 1 wait { seconds: 9 } }"),
              IsOk());
  EXPECT_FALSE(requests_->waiting());
  EXPECT_THAT(answer_.events().events(), SizeIs(1));
  ASSERT_THAT(Handle("id: 3 watch { wait { seconds: 9 } }"), IsOk());
  EXPECT_FALSE(requests_->waiting());
  EXPECT_THAT(answer_.events().events(), SizeIs(1));
}

TEST_F(MonitorRequestsTest, AWatchHas256EventsAndWaits30SecondsAtMost) {
  ASSERT_THAT(Handle("watch { }"), IsOk());
  for (int i = 0; i < 300; ++i) Publish();
  ASSERT_THAT(Handle("watch { max_events: 1000 }"), IsOk());
  EXPECT_THAT(answer_.events().events(), SizeIs(256));
  ASSERT_THAT(Handle("watch { }"), IsOk());
  EXPECT_THAT(answer_.events().events(), SizeIs(44));
  ASSERT_THAT(Handle("watch { wait { seconds: 1000 } }"), IsOk());
  clock_.Advance(absl::Seconds(30));
  EXPECT_TRUE(Poll());
}

TEST_F(MonitorRequestsTest, ANegativeWaitIsNone) {
  ASSERT_THAT(Handle("watch { wait { seconds: -1 } }"), IsOk());
  EXPECT_FALSE(requests_->waiting());
}

TEST_F(MonitorRequestsTest, ObservesFromTheFirstWatchToItsDestruction) {
  ASSERT_THAT(Handle("describe { }"), IsOk());
  EXPECT_THAT(monitor_.observers, IsEmpty());
  ASSERT_THAT(Handle("watch { }"), IsOk());
  ASSERT_THAT(Handle("watch { }"), IsOk());
  EXPECT_THAT(monitor_.observers, SizeIs(1));
  requests_.reset();
  EXPECT_THAT(monitor_.observers, IsEmpty());
}

TEST_F(MonitorRequestsTest, ARunUpdateWaitsForTheEndOfTheRun) {
  ASSERT_THAT(Handle("id: 7 run_update { root: '.1.3' wait { seconds: 9 } }"),
              IsOk());
  ASSERT_TRUE(requests_->waiting());
  Publish();
  EXPECT_FALSE(Poll());
  ASSERT_THAT(monitor_.runs, SizeIs(1));
  monitor_.runs[0]->End({{1, 3}, absl::OkStatus(), absl::Seconds(2), 5});
  ASSERT_TRUE(Poll());
  EXPECT_THAT(answer_, IsMessage("id: 7 update { root: '.1.3' duration { "
                                 "seconds: 2 } instances: 5 }"));
}

TEST_F(MonitorRequestsTest, ARunThatTakesTooLongIsReportedAsSuch) {
  for (const auto& [wait, limit] :
       {std::make_pair("seconds: 9", absl::Seconds(9)),
        std::make_pair("seconds: 9999", absl::Minutes(10))}) {
    ASSERT_THAT(
        Handle(absl::StrCat("run_update { root: '.1.3' wait { ", wait, " } }")),
        IsOk());
    clock_.Advance(limit - absl::Nanoseconds(1));
    EXPECT_FALSE(Poll());
    clock_.Advance(absl::Nanoseconds(1));
    ASSERT_TRUE(Poll());
    EXPECT_EQ(answer_.update().root(), ".1.3");
    EXPECT_EQ(answer_.update().status().code(),
              static_cast<int>(absl::StatusCode::kDeadlineExceeded));
  }
}

TEST_F(MonitorRequestsTest, ARunUpdateWithoutAWaitOnlyStartsTheRun) {
  ASSERT_THAT(Handle("run_update { root: '.1.3' }"), IsOk());
  EXPECT_FALSE(requests_->waiting());
  EXPECT_THAT(monitor_.runs, SizeIs(1));
}

TEST_F(MonitorRequestsTest, AnInvalidRootIsAnErrorThatNamesIt) {
  EXPECT_THAT(Handle("run_update { root: '.x' }"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(".x")));
  EXPECT_THAT(Handle("run_update { }"),
              StatusIs(absl::StatusCode::kInvalidArgument, "an empty OID"));
  EXPECT_THAT(monitor_.runs, IsEmpty());
  EXPECT_FALSE(requests_->waiting());
}

TEST_F(MonitorRequestsTest, WithoutAMonitorEachRequestIsAnError) {
  MonitorRequests requests(nullptr, nullptr);
  EXPECT_THAT(requests.Handle(FromText<debug::Request>("watch { }"), &answer_),
              StatusIs(absl::StatusCode::kUnimplemented, _));
}

}  // namespace
}  // namespace passpersist::transport_internal
