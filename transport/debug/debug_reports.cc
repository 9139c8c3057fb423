// SPDX-License-Identifier: Apache-2.0

#include "transport/debug/debug_reports.h"

#include <cstddef>
#include <variant>

#include "absl/time/time.h"
#include "passpersist/monitoring/latency_histogram.h"
#include "passpersist/oid.h"
#include "transport/debug/debug_requests.h"
#include "transport/debug/debug_responses.h"
#include "transport/debug/debug_values.h"

namespace passpersist {
namespace {

void WriteLatency(const LatencyHistogram& histogram,
                  debug::Statistics::Latency* proto) {
  ToProto(histogram.Mean(), proto->mutable_mean());
  ToProto(histogram.max(), proto->mutable_max());
  ToProto(histogram.Percentile(0.5), proto->mutable_p50());
  ToProto(histogram.Percentile(0.9), proto->mutable_p90());
  ToProto(histogram.Percentile(0.99), proto->mutable_p99());
  ToProto(histogram.Percentile(0.999), proto->mutable_p999());
}

template <typename Protos>
void WriteRequests(const Statistics::ByKind& by_kind, Protos* protos) {
  for (size_t kind = 0; kind < by_kind.size(); ++kind) {
    const Statistics::Requests& requests = by_kind[kind];
    if (requests.count == 0) continue;
    debug::Statistics::Requests& proto = *protos->Add();
    proto.set_kind(DebugOperationName(kind));
    proto.set_count(requests.count);
    proto.set_refused(requests.refused);
    proto.set_absent(requests.absent);
    WriteLatency(requests.latency, proto.mutable_latency());
  }
}

void WriteSubtree(const Statistics::Subtree& subtree,
                  debug::Statistics::Subtree* proto) {
  proto->set_root(ToProto(subtree.root));
  proto->set_instances(subtree.instances);
  proto->set_memory(subtree.memory);
  proto->set_updates(subtree.updates);
  proto->set_failures(subtree.failures);
  proto->set_updating(subtree.updating);
  if (subtree.updates > 0) {
    ToProto(subtree.last_duration, proto->mutable_last_duration());
  }
  if (subtree.age) ToProto(*subtree.age, proto->mutable_age());
  if (!subtree.last_error.ok()) {
    ToProto(subtree.last_error, proto->mutable_last_error());
  }
  if (subtree.last_error_age) {
    ToProto(*subtree.last_error_age, proto->mutable_last_error_age());
  }
  proto->set_unchanged(subtree.unchanged);
  proto->set_instance_errors(subtree.instance_errors);
  if (subtree.running_time) {
    ToProto(*subtree.running_time, proto->mutable_running_time());
  }
}

void WriteRequestEvent(const RequestEvent& event, debug::RequestEvent* proto) {
  proto->set_received(event.received);
  proto->set_sent(event.sent);
  if (!event.request) return;
  ToProto(*event.request, proto->mutable_request());
  ToProto(event.response, proto->mutable_response());
  ToProto(event.duration, proto->mutable_duration());
}

class EventWriter {
 public:
  explicit EventWriter(debug::Event* proto) : proto_(*proto) {}

  void operator()(const RequestEvent& event) {
    WriteRequestEvent(event, proto_.mutable_request_event());
  }
  void operator()(const UpdateEvent& event) {
    ToProto(event, proto_.mutable_update());
  }
  void operator()(const absl::Status& error) {
    ToProto(error, proto_.mutable_error());
  }

 private:
  debug::Event& proto_;
};

}  // namespace

void ToProto(const Description& description, debug::Description* proto) {
  proto->set_program(ToUtf8(description.program));
  proto->set_pid(description.pid);
  ToProto(description.started, proto->mutable_started());
  proto->set_codec(ToUtf8(description.codec));
  for (const Description::Subtree& subtree : description.subtrees) {
    debug::Description::Subtree& subtree_proto = *proto->add_subtrees();
    subtree_proto.set_root(ToProto(subtree.root));
    subtree_proto.set_store(ToUtf8(subtree.store));
    if (subtree.is_on_demand || subtree.period > absl::ZeroDuration()) {
      ToProto(subtree.period, subtree_proto.mutable_period());
    }
    if (subtree.is_on_demand) subtree_proto.set_on_demand(true);
  }
  for (const Oid& root : description.setters) {
    proto->add_setters(ToProto(root));
  }
}

void ToProto(const Statistics& statistics, debug::Statistics* proto) {
  ToProto(statistics.uptime, proto->mutable_uptime());
  WriteRequests(statistics.peer, proto->mutable_peer());
  WriteRequests(statistics.debug_clients, proto->mutable_debug_clients());
  proto->set_open_connections(statistics.open_connections);
  proto->set_total_connections(statistics.total_connections);
  for (const Statistics::Subtree& subtree : statistics.subtrees) {
    WriteSubtree(subtree, proto->add_subtrees());
  }
  for (const Statistics::Error& error : statistics.errors) {
    debug::Statistics::Error& error_proto = *proto->add_errors();
    ToProto(error.status, error_proto.mutable_status());
    error_proto.set_count(error.count);
    ToProto(error.last, error_proto.mutable_last());
  }
  proto->set_late_answers(statistics.late_answers);
  proto->set_error_count(statistics.error_count);
}

void ToProto(const UpdateEvent& event, debug::UpdateEvent* proto) {
  proto->set_root(ToProto(event.root));
  if (!event.status.ok()) ToProto(event.status, proto->mutable_status());
  ToProto(event.duration, proto->mutable_duration());
  proto->set_instances(event.instances);
}

void ToProto(const Event& event, debug::Event* proto) {
  ToProto(event.time, proto->mutable_time());
  std::visit(EventWriter(proto), event.what);
}

void ToProto(const transport_internal::Events& events, debug::Events* proto) {
  for (const Event& event : events.events) ToProto(event, proto->add_events());
  proto->set_lost(events.lost);
}

}  // namespace passpersist
