// SPDX-License-Identifier: Apache-2.0

#include "transport/debug/debug_reports.h"

#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/value.h"
#include "transport/debug/testing/debug_test_messages.h"

namespace passpersist {
namespace {

using passpersist_testing::IsMessage;

const absl::Time kTime = absl::FromUnixSeconds(1000);

debug::Response Answer(const Description& description) {
  debug::Response proto;
  ToProto(description, proto.mutable_description());
  return proto;
}

debug::Response Answer(const Statistics& statistics) {
  debug::Response proto;
  ToProto(statistics, proto.mutable_statistics());
  return proto;
}

debug::Response Answer(const transport_internal::Events& events) {
  debug::Response proto;
  ToProto(events, proto.mutable_events());
  return proto;
}

debug::Response Answer(const UpdateEvent& event) {
  debug::Response proto;
  ToProto(event, proto.mutable_update());
  return proto;
}

TEST(DebugReportsTest, ADescriptionListsThePartsOfTheAgent) {
  Description description;
  description.program = "hello \xff";
  description.pid = 42;
  description.started = kTime;
  description.codec = "passpersist::PassPersistCodec";
  description.subtrees = {
      {{1, 3}, "passpersist::BtreeStore", absl::Seconds(10)},
      {{1, 4}, "passpersist::TrieStore", absl::ZeroDuration()}};
  description.setters = {{1, 3, 1}};
  EXPECT_THAT(Answer(description), IsMessage(R"(
    description {
      program: 'hello \357\277\275'
      pid: 42
      started { seconds: 1000 }
      codec: 'passpersist::PassPersistCodec'
      subtrees {
        root: '.1.3'
        store: 'passpersist::BtreeStore'
        period { seconds: 10 }
      }
      subtrees { root: '.1.4' store: 'passpersist::TrieStore' }
      setters: '.1.3.1'
    }
  )"));
}

TEST(DebugReportsTest, StatisticsListTheReceivedKinds) {
  Statistics statistics;
  statistics.uptime = absl::Hours(1);
  statistics.open_connections = 1;
  statistics.total_connections = 2;
  Statistics::Requests& get_next =
      statistics.peer[Operation(GetNext()).index()];
  get_next.count = 100;
  get_next.refused = 1;
  get_next.absent = 2;
  for (int i = 0; i < 98; ++i) get_next.latency.Add(absl::Nanoseconds(8));
  get_next.latency.Add(absl::Nanoseconds(28));
  get_next.latency.Add(absl::Nanoseconds(1000));
  statistics.debug_clients[Operation(Dump()).index()].count = 3;
  const LatencyHistogram& latency = get_next.latency;
  debug::Response answer = Answer(statistics);
  const debug::Statistics::Latency& proto =
      answer.statistics().peer(0).latency();
  // The bounds of the buckets are tested by the histogram's test.
  EXPECT_EQ(proto.p50().nanos(),
            absl::ToInt64Nanoseconds(latency.Percentile(0.5)));
  EXPECT_EQ(proto.p90().nanos(),
            absl::ToInt64Nanoseconds(latency.Percentile(0.9)));
  EXPECT_EQ(proto.p99().nanos(),
            absl::ToInt64Nanoseconds(latency.Percentile(0.99)));
  EXPECT_LT(proto.p90().nanos(), proto.p99().nanos());
  EXPECT_EQ(proto.p999().nanos(), 1000);
  EXPECT_EQ(proto.max().nanos(), 1000);
  EXPECT_EQ(proto.mean().nanos(), 18);
  answer.mutable_statistics()->mutable_peer(0)->clear_latency();
  EXPECT_THAT(answer, IsMessage(R"(
    statistics {
      uptime { seconds: 3600 }
      peer { kind: 'get_next' count: 100 refused: 1 absent: 2 }
      debug_clients {
        kind: 'dump'
        count: 3
        latency {
          mean { } max { } p50 { } p90 { } p99 { } p999 { }
        }
      }
      open_connections: 1
      total_connections: 2
    }
  )"));
}

TEST(DebugReportsTest, StatisticsDescribeSubtrees) {
  Statistics statistics;
  Statistics::Subtree subtree;
  subtree.root = {1, 3};
  subtree.instances = 10;
  subtree.memory = 1000;
  statistics.subtrees.push_back(subtree);
  subtree.root = {1, 4};
  subtree.updates = 5;
  subtree.failures = 1;
  subtree.unchanged = 3;
  subtree.instance_errors = 2;
  subtree.updating = true;
  subtree.running_time = absl::Seconds(8);
  subtree.last_duration = absl::Milliseconds(20);
  subtree.age = absl::Seconds(3);
  subtree.last_error = absl::NotFoundError("no \xff");
  subtree.last_error_age = absl::Seconds(30);
  statistics.subtrees.push_back(subtree);
  statistics.errors = {{absl::DataLossError("broken"), 7, kTime}};
  statistics.late_answers = 4;
  statistics.error_count = 9;
  EXPECT_THAT(Answer(statistics), IsMessage(R"(
    statistics {
      uptime { }
      subtrees { root: '.1.3' instances: 10 memory: 1000 }
      subtrees {
        root: '.1.4'
        instances: 10
        memory: 1000
        updates: 5
        failures: 1
        updating: true
        last_duration { nanos: 20000000 }
        age { seconds: 3 }
        last_error { code: 5 message: 'no \357\277\275' }
        last_error_age { seconds: 30 }
        unchanged: 3
        instance_errors: 2
        running_time { seconds: 8 }
      }
      errors {
        status { code: 15 message: 'broken' }
        count: 7
        last { seconds: 1000 }
      }
      late_answers: 4
      error_count: 9
    }
  )"));
}

TEST(DebugReportsTest, EventsHaveATimeAndADetail) {
  RequestEvent ping;
  ping.received = "PING\n";
  ping.sent = "PONG\n";
  RequestEvent get;
  get.received = "get\n.1.3.1\n";
  get.sent = "NONE\n";
  get.request.emplace().operation = Get{{{1, 3, 1}}};
  get.response.bindings = {{{1, 3, 1}, Exception::kNoSuchInstance}};
  get.duration = absl::Microseconds(5);
  transport_internal::Events events;
  events.events = {
      {kTime, ping},
      {kTime, get},
      {kTime, UpdateEvent{{1, 3}, absl::OkStatus(), absl::Seconds(1), 10}},
      {kTime, absl::NotFoundError("no file")}};
  events.lost = 3;
  EXPECT_THAT(Answer(events), IsMessage(R"(
    events {
      events {
        time { seconds: 1000 }
        request_event { received: 'PING\n' sent: 'PONG\n' }
      }
      events {
        time { seconds: 1000 }
        request_event {
          received: 'get\n.1.3.1\n'
          sent: 'NONE\n'
          request { get { oids: '.1.3.1' } }
          response {
            bindings { oid: '.1.3.1' exception: NO_SUCH_INSTANCE }
          }
          duration { nanos: 5000 }
        }
      }
      events {
        time { seconds: 1000 }
        update { root: '.1.3' duration { seconds: 1 } instances: 10 }
      }
      events {
        time { seconds: 1000 }
        error { code: 5 message: 'no file' }
      }
      lost: 3
    }
  )"));
}

TEST(DebugReportsTest, AnUpdateThatFailedHasAStatus) {
  EXPECT_THAT(
      Answer(UpdateEvent{
          {1, 3}, absl::DeadlineExceededError("slow"), absl::Seconds(1), 0}),
      IsMessage("update { root: '.1.3' status { code: 4 message: 'slow' } "
                "duration { seconds: 1 } }"));
}

}  // namespace
}  // namespace passpersist
