// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/agent_monitor_impl.h"

#include <errno.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <thread>

#include "absl/status/status.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent/observer_list.h"
#include "passpersist/agent/subtree_update.h"
#include "passpersist/agent/testing/request_handler_fixture.h"
#include "passpersist/contents.h"
#include "passpersist/monitoring/statistics.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/scheduling/thread_scheduler.h"
#include "passpersist/testing/event_log.h"
#include "passpersist/testing/manual_scheduler.h"
#include "passpersist/testing/simulated_clock.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

using passpersist_testing::IsOk;
using passpersist_testing::ManualScheduler;
using passpersist_testing::SimulatedClock;
using passpersist_testing::StatusIs;
using testing::_;
using testing::ElementsAre;
using testing::IsEmpty;

// The subtree .1.3 has an update that collects one row; .1.5 has no update.
class AgentMonitorImplTest : public RequestHandlerTest {
 protected:
  AgentMonitorImplTest() {
    updates_.push_back(std::make_unique<SubtreeUpdate>(
        objects_.Find({1, 3}),
        SubtreeUpdate::Options{absl::Seconds(10),
                               [](Contents& contents) {
                                 contents.Put({1, 1}, Integer32{11}, "one");
                                 return absl::OkStatus();
                               }},
        &clock_, &errors_, &observers_));
    EXPECT_THAT(updates_[0]->Start(&scheduler_, nullptr), IsOk());
  }

  ObserverList observers_;
  AgentMonitorImpl::Updates updates_;
  ManualScheduler scheduler_;
  AgentMonitorImpl monitor_{&objects_, &updates_, "TheCodec", &clock_,
                            &observers_};
};

TEST_F(AgentMonitorImplTest, DescribesTheAgent) {
  const auto description = monitor_.Describe();
  EXPECT_EQ(description.pid, getpid());
  EXPECT_EQ(description.program, program_invocation_short_name);
  EXPECT_EQ(description.codec, "TheCodec");
  ASSERT_EQ(description.subtrees.size(), 2u);
  EXPECT_EQ(description.subtrees[0].root, (Oid{1, 3}));
  EXPECT_EQ(description.subtrees[0].store, "passpersist_testing::FakeStore");
  EXPECT_EQ(description.subtrees[0].period, absl::Seconds(10));
  EXPECT_EQ(description.subtrees[1].root, (Oid{1, 5}));
  EXPECT_EQ(description.subtrees[1].period, absl::ZeroDuration());
  EXPECT_THAT(description.setters,
              ElementsAre(Oid{1, 3, 0, 4}, Oid{1, 3, 1}, Oid{1, 3, 2}));
}

TEST_F(AgentMonitorImplTest, ReportsStatisticsOfSubtrees) {
  clock_.Advance(absl::Seconds(7));
  const auto statistics = monitor_.GetStatistics();
  EXPECT_EQ(statistics.uptime, absl::Seconds(7));
  ASSERT_EQ(statistics.subtrees.size(), 2u);
  EXPECT_EQ(statistics.subtrees[0].root, (Oid{1, 3}));
  EXPECT_EQ(statistics.subtrees[0].instances, 1u);
  EXPECT_EQ(statistics.subtrees[0].memory, table_->ApproximateMemory());
  EXPECT_EQ(statistics.subtrees[0].updates, 1u);
  EXPECT_EQ(statistics.subtrees[0].age, absl::Seconds(7));
  EXPECT_EQ(statistics.subtrees[1].instances, 1u);
  EXPECT_EQ(statistics.subtrees[1].updates, 0u);
  EXPECT_EQ(statistics.subtrees[1].age, std::nullopt);
}

TEST_F(AgentMonitorImplTest, CountsRequestsByKind) {
  Request request;
  Response response;
  request.operation = Get{{{1, 3, 1, 1}}};
  response.bindings = {{{1, 3, 1, 1}, Integer32{1}}};
  monitor_.peer().Count(request, response, absl::Microseconds(2));
  response.bindings = {{{1, 3, 1, 2}, Exception::kNoSuchInstance}};
  monitor_.peer().Count(request, response, absl::Microseconds(4));
  request.operation = Set();
  response.bindings.clear();
  response.error = ErrorStatus::kWrongType;
  monitor_.clients().Count(request, response, absl::Microseconds(8));

  const auto statistics = monitor_.GetStatistics();
  const Statistics::Requests& gets = statistics.peer[Operation(Get()).index()];
  EXPECT_EQ(gets.count, 2u);
  EXPECT_EQ(gets.absent, 1u);
  EXPECT_EQ(gets.refused, 0u);
  EXPECT_EQ(gets.latency.max(), absl::Microseconds(4));
  const size_t set = Operation(Set()).index();
  EXPECT_EQ(statistics.peer[set].count, 0u);
  EXPECT_EQ(statistics.debug_clients[set].count, 1u);
  EXPECT_EQ(statistics.debug_clients[set].refused, 1u);
}

TEST_F(AgentMonitorImplTest, ReportsTheLatestErrorsAndTheClients) {
  monitor_.OnClientConnected();
  monitor_.OnClientConnected();
  monitor_.OnClientDisconnected();
  monitor_.RecordError(absl::InternalError("oh"));
  const auto statistics = monitor_.GetStatistics();
  EXPECT_EQ(statistics.open_connections, 1u);
  EXPECT_EQ(statistics.total_connections, 2u);
  ASSERT_EQ(statistics.errors.size(), 1u);
  EXPECT_THAT(statistics.errors[0].status,
              StatusIs(absl::StatusCode::kInternal, "oh"));
}

TEST_F(AgentMonitorImplTest, ReportsEventsToItsObservers) {
  monitor_.RecordError(absl::InternalError("before"));
  passpersist_testing::EventLog log;
  monitor_.AddObserver(&log);
  monitor_.RecordError(absl::InternalError("oh"));
  scheduler_.Advance(absl::Seconds(10));
  EXPECT_THAT(log.Take(),
              ElementsAre("an agent of .1.3 .1.5", "error: INTERNAL: oh",
                          "update of .1.3: OK, 1 instances"));
  monitor_.RemoveObserver(&log);
  monitor_.RecordError(absl::InternalError("after"));
  EXPECT_THAT(log.Take(), IsEmpty());
}

TEST_F(AgentMonitorImplTest, RunsAnUpdateNow) {
  Changes changes;
  changes.Put({1, 2}, Integer32{12});
  ASSERT_THAT(table_->Apply(changes), IsOk());
  const UpdateEvent run = monitor_.RunUpdate({1, 3}, absl::Seconds(1));
  EXPECT_THAT(run.status, IsOk());
  EXPECT_EQ(run.instances, 1u);
  EXPECT_EQ(table_->snapshot()->size(), 1u);
}

TEST_F(AgentMonitorImplTest, WaitsForARunNoLongerThanItsTimeout) {
  const auto clock = std::make_shared<SimulatedClock>();
  absl::Notification running, release;
  AgentMonitorImpl::Updates updates;
  updates.push_back(std::make_unique<SubtreeUpdate>(
      objects_.Find({1, 5}),
      SubtreeUpdate::Options{absl::Seconds(10),
                             [&, runs = 0](Contents&) mutable {
                               if (++runs == 1) return absl::OkStatus();
                               running.Notify();
                               release.WaitForNotification();
                               return absl::OkStatus();
                             }},
      clock.get(), &errors_, &observers_));
  AgentMonitorImpl monitor(&objects_, &updates, "TheCodec", clock.get(),
                           &observers_);
  ThreadScheduler threads(clock);
  ASSERT_THAT(updates[0]->Start(&threads, nullptr), IsOk());
  clock->AwaitWaiters(1);
  std::thread timer([&] {
    running.WaitForNotification();
    clock->AwaitWaiters(1);
    clock->Advance(absl::Seconds(3));
  });
  EXPECT_THAT(monitor.RunUpdate({1, 5}, absl::Seconds(3)).status,
              StatusIs(absl::StatusCode::kDeadlineExceeded,
                       "update of .1.5 still runs"));
  timer.join();
  release.Notify();
  threads.Stop();
}

TEST_F(AgentMonitorImplTest, ReportsSubtreesWithoutAnUpdate) {
  EXPECT_THAT(
      monitor_.RunUpdate({1, 5}, absl::Seconds(1)).status,
      StatusIs(absl::StatusCode::kFailedPrecondition,
               "subtree .1.5 has no update: its owner keeps it up to date"));
  EXPECT_THAT(
      monitor_.RunUpdate({1, 3, 1}, absl::Seconds(1)).status,
      StatusIs(absl::StatusCode::kNotFound, "no subtree has the root .1.3.1"));
  EXPECT_THAT(monitor_.RunUpdate({2}, absl::Seconds(1)).status,
              StatusIs(absl::StatusCode::kNotFound, _));
}

TEST_F(AgentMonitorImplTest, DescribesInstances) {
  clock_.Advance(absl::Seconds(7));
  InstanceInfo info = monitor_.GetInstanceInfo({1, 3, 1, 1});
  EXPECT_EQ(info.label, "one");
  EXPECT_EQ(info.root, (Oid{1, 3}));
  EXPECT_FALSE(info.computed);
  EXPECT_EQ(info.age, absl::Seconds(7));
  info = monitor_.GetInstanceInfo({1, 3, 9});
  EXPECT_EQ(info.label, "");
  EXPECT_EQ(info.root, (Oid{1, 3}));
  EXPECT_EQ(info.age, absl::Seconds(7));
  EXPECT_EQ(monitor_.GetInstanceInfo({1, 5, 0}).age, std::nullopt);
  EXPECT_EQ(monitor_.GetInstanceInfo({1, 4}).root, Oid());
}

TEST_F(AgentMonitorImplTest, ADumpReturnsInstanceInfoWithAges) {
  clock_.Advance(absl::Seconds(7));
  Handle(Dump{{{1}, false, {}}, 9});
  ASSERT_EQ(pending_.response.instance_info.size(), 2u);
  EXPECT_EQ(pending_.response.instance_info[0].label, "one");
  EXPECT_EQ(pending_.response.instance_info[0].root, (Oid{1, 3}));
  EXPECT_EQ(pending_.response.instance_info[0].age, absl::Seconds(7));
  EXPECT_EQ(pending_.response.instance_info[1].root, (Oid{1, 5}));
  EXPECT_EQ(pending_.response.instance_info[1].age, std::nullopt);
  Handle(Get{{{1, 3, 1, 1}}});
  EXPECT_THAT(pending_.response.instance_info, IsEmpty());
}

}  // namespace
}  // namespace passpersist::internal
