// SPDX-License-Identifier: Apache-2.0
//
// How a handler answers debug requests.

#include <errno.h>
#include <unistd.h>

#include <memory>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent/agent_monitor.h"
#include "passpersist/agent/interruptible_clock.h"
#include "passpersist/agent/observer_list.h"
#include "passpersist/agent/periodic_update.h"
#include "passpersist/agent/request_handler.h"
#include "passpersist/agent/testing/request_handler_fixture.h"
#include "passpersist/inspection.h"
#include "passpersist/testing/event_log.h"
#include "passpersist/testing/manual_scheduler.h"
#include "passpersist/testing/status_matchers.h"

namespace passpersist {
namespace {

using passpersist_testing::IsOk;
using passpersist_testing::ManualScheduler;
using passpersist_testing::StatusIs;
using passpersist_testing::Text;
using testing::_;
using testing::ElementsAre;
using testing::IsEmpty;

// The subtree .1.3 has an update that collects one row; .1.5 has no update.
class InspectionTest : public RequestHandlerTest {
 protected:
  InspectionTest() {
    updates_.push_back(std::make_unique<internal::PeriodicUpdate>(
        objects_.Find({1, 3}), absl::Seconds(10),
        [](Contents& contents) {
          contents.Put({1, 1}, Integer32{11}, "one");
          return absl::OkStatus();
        },
        &interruptible_clock_, &errors_, &observers_));
    EXPECT_THAT(updates_[0]->Start(&scheduler_, nullptr), IsOk());
  }

  // The report of the response, which must be a `T`.
  template <typename T>
  T Inspect(Operation operation) {
    Request request;
    request.operation = std::move(operation);
    inspecting_handler_.Handle(request, &response_);
    EXPECT_EQ(response_.error, ErrorStatus::kNoError);
    EXPECT_THAT(response_.bindings, IsEmpty());
    if (response_.inspection == nullptr) {
      ADD_FAILURE() << "no report";
      return T();
    }
    return std::get<T>(response_.inspection->report);
  }

  internal::InterruptibleClock interruptible_clock_{&clock_};
  internal::ObserverList observers_;
  internal::AgentMonitor::Updates updates_;
  ManualScheduler scheduler_;
  internal::AgentMonitor monitor_{&objects_, &updates_, "TheCodec",
                                  &interruptible_clock_, &observers_};
  RequestHandler inspecting_handler_{
      {&objects_, &clock_, &errors_, &computed_values_, &monitor_},
      [](const VarBind&) { return absl::OkStatus(); }};
};

TEST_F(InspectionTest, DescribesTheAgent) {
  const auto description = Inspect<Description>(Describe());
  EXPECT_EQ(description.pid, getpid());
  EXPECT_EQ(description.program, program_invocation_short_name);
  EXPECT_EQ(description.codec, "TheCodec");
  ASSERT_EQ(description.subtrees.size(), 2u);
  EXPECT_EQ(description.subtrees[0].root, (Oid{1, 3}));
  EXPECT_EQ(description.subtrees[0].store, "passpersist_testing::FakeStore");
  EXPECT_EQ(description.subtrees[0].period, absl::Seconds(10));
  EXPECT_EQ(description.subtrees[1].root, (Oid{1, 5}));
  EXPECT_EQ(description.subtrees[1].period, absl::ZeroDuration());
  EXPECT_THAT(description.setters, ElementsAre(Oid{1, 3, 0, 4}, Oid{1, 3, 1}));
}

TEST_F(InspectionTest, ReportsStatisticsOfSubtrees) {
  clock_.Advance(absl::Seconds(7));
  const auto statistics = Inspect<Statistics>(GetStatistics());
  EXPECT_EQ(statistics.uptime, absl::Seconds(7));
  ASSERT_EQ(statistics.subtrees.size(), 2u);
  EXPECT_EQ(statistics.subtrees[0].root, (Oid{1, 3}));
  EXPECT_EQ(statistics.subtrees[0].rows, 1u);
  EXPECT_EQ(statistics.subtrees[0].memory, table_->ApproximateMemory());
  EXPECT_EQ(statistics.subtrees[0].updates, 1u);
  EXPECT_EQ(statistics.subtrees[0].age, absl::Seconds(7));
  EXPECT_EQ(statistics.subtrees[1].rows, 1u);
  EXPECT_EQ(statistics.subtrees[1].updates, 0u);
  EXPECT_EQ(statistics.subtrees[1].age, std::nullopt);
}

TEST_F(InspectionTest, CountsRequestsByKind) {
  Request request;
  Response response;
  request.operation = Get{{{1, 3, 1, 1}}};
  response.bindings = {{{1, 3, 1, 1}, Integer32{1}}};
  monitor_.peer().Count(request, response, absl::Microseconds(2));
  response.bindings = {{{1, 3, 1, 2}, NoSuchInstance()}};
  monitor_.peer().Count(request, response, absl::Microseconds(4));
  request.operation = Set();
  response.bindings.clear();
  response.error = ErrorStatus::kWrongType;
  monitor_.clients().Count(request, response, absl::Microseconds(8));

  const auto statistics = Inspect<Statistics>(GetStatistics());
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

TEST_F(InspectionTest, ReportsTheLatestErrorsAndTheClients) {
  monitor_.OnClientConnected();
  monitor_.OnClientConnected();
  monitor_.OnClientDisconnected();
  monitor_.RecordError(absl::InternalError("oh"));
  const auto statistics = Inspect<Statistics>(GetStatistics());
  EXPECT_EQ(statistics.open_connections, 1u);
  EXPECT_EQ(statistics.total_connections, 2u);
  ASSERT_EQ(statistics.errors.size(), 1u);
  EXPECT_THAT(statistics.errors[0].status,
              StatusIs(absl::StatusCode::kInternal, "oh"));
}

TEST_F(InspectionTest, WatchReturnsTheEventsSinceTheLastWatch) {
  monitor_.RecordError(absl::InternalError("before"));
  EXPECT_THAT(Inspect<Events>(Watch{9, absl::ZeroDuration()}).events,
              IsEmpty());
  monitor_.RecordError(absl::InternalError("oh"));
  scheduler_.Advance(absl::Seconds(10));
  const auto events = Inspect<Events>(Watch{9, absl::ZeroDuration()});
  ASSERT_EQ(events.events.size(), 2u);
  EXPECT_EQ(Text(events.events[0]), "error: INTERNAL: oh");
  EXPECT_EQ(Text(events.events[1]), "update of .1.3: OK, 1 rows");
  EXPECT_THAT(Inspect<Events>(Watch{9, absl::ZeroDuration()}).events,
              IsEmpty());
}

TEST_F(InspectionTest, DoesNotWaitForAPeerThatHasDisconnected) {
  RequestHandler handler{
      {&objects_, &clock_, &errors_, &computed_values_, &monitor_},
      [](const VarBind&) { return absl::OkStatus(); },
      [] { return true; }};
  Request request;
  request.operation = Watch{9, absl::InfiniteDuration()};
  handler.Handle(request, &response_);
  EXPECT_EQ(response_.error, ErrorStatus::kNoError);
}

TEST_F(InspectionTest, RunsAnUpdateNow) {
  Changes changes;
  changes.Put({1, 2}, Integer32{12});
  ASSERT_THAT(table_->Apply(changes), IsOk());
  const auto run = Inspect<UpdateEvent>(RunUpdate{{1, 3}, absl::Seconds(1)});
  EXPECT_THAT(run.status, IsOk());
  EXPECT_EQ(run.rows, 1u);
  EXPECT_EQ(table_->snapshot()->size(), 1u);
}

TEST_F(InspectionTest, ReportsSubtreesWithoutAnUpdate) {
  EXPECT_THAT(
      Inspect<UpdateEvent>(RunUpdate{{1, 5}, absl::Seconds(1)}).status,
      StatusIs(absl::StatusCode::kFailedPrecondition,
               "subtree .1.5 has no update: its owner keeps it up to date"));
  EXPECT_THAT(
      Inspect<UpdateEvent>(RunUpdate{{1, 3, 1}, absl::Seconds(1)}).status,
      StatusIs(absl::StatusCode::kNotFound, "no subtree has the root .1.3.1"));
  EXPECT_THAT(Inspect<UpdateEvent>(RunUpdate{{2}, absl::Seconds(1)}).status,
              StatusIs(absl::StatusCode::kNotFound, _));
}

TEST_F(InspectionTest, ADumpReturnsInstanceInfoWithAges) {
  clock_.Advance(absl::Seconds(7));
  Request request;
  request.operation = Dump{{{1}, false, {}}, 9};
  inspecting_handler_.Handle(request, &response_);
  ASSERT_EQ(response_.instance_info.size(), 2u);
  EXPECT_EQ(response_.instance_info[0].label, "one");
  EXPECT_EQ(response_.instance_info[0].root, (Oid{1, 3}));
  EXPECT_EQ(response_.instance_info[0].age, absl::Seconds(7));
  EXPECT_EQ(response_.instance_info[1].root, (Oid{1, 5}));
  EXPECT_EQ(response_.instance_info[1].age, std::nullopt);
}

TEST_F(InspectionTest, OtherReadsReturnInstanceInfoOnRequest) {
  clock_.Advance(absl::Seconds(7));
  const SearchRange from_start = {{1, 3}, false, {}};
  const SearchRange from_end = {{1, 5, 0}, false, {}};
  for (const Operation& operation :
       {Operation(Get{{{1, 3, 1, 1}, {1, 3, 1, 2}}}),
        Operation(GetNext{{from_start, from_end}}),
        Operation(GetBulk{0, 1, {from_start, from_end}})}) {
    Request request;
    request.wants_instance_info = true;
    request.operation = operation;
    inspecting_handler_.Handle(request, &response_);
    ASSERT_EQ(response_.instance_info.size(), 2u) << operation.index();
    EXPECT_EQ(response_.instance_info[0].label, "one");
    EXPECT_EQ(response_.instance_info[0].root, (Oid{1, 3}));
    EXPECT_EQ(response_.instance_info[0].age, absl::Seconds(7));
    EXPECT_EQ(response_.instance_info[1].label, "");
    EXPECT_EQ(response_.instance_info[1].root, Oid());
    request.wants_instance_info = false;
    inspecting_handler_.Handle(request, &response_);
    EXPECT_THAT(response_.instance_info, IsEmpty());
  }
}

TEST_F(InspectionTest, TheNextResponseHasNoReport) {
  Inspect<Description>(Describe());
  Request request;
  request.operation = Get{{{1, 3, 1, 1}}};
  inspecting_handler_.Handle(request, &response_);
  EXPECT_EQ(response_.inspection, nullptr);
}

TEST_F(InspectionTest, IsRejectedWithoutAMonitor) {
  for (const Operation& operation :
       {Operation(Describe()), Operation(GetStatistics()), Operation(Watch()),
        Operation(RunUpdate{{1, 3}, absl::Seconds(1)})}) {
    EXPECT_EQ(Handle(operation), "genErr 0") << operation.index();
    EXPECT_EQ(response_.inspection, nullptr);
  }
}

}  // namespace
}  // namespace passpersist
