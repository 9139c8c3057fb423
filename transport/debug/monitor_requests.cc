// SPDX-License-Identifier: Apache-2.0

#include "transport/debug/monitor_requests.h"

#include <algorithm>
#include <utility>

#include "passpersist/oid.h"
#include "transport/debug/debug_reports.h"
#include "transport/debug/debug_values.h"

namespace passpersist::transport_internal {
namespace {

constexpr size_t kMaxEvents = 256;
constexpr absl::Duration kMaxWatch = absl::Seconds(30);
constexpr absl::Duration kMaxUpdate = absl::Minutes(10);

}  // namespace

MonitorRequests::MonitorRequests(AgentMonitor* monitor, const Clock* clock)
    : monitor_(monitor), clock_(clock) {}

MonitorRequests::~MonitorRequests() {
  if (events_ != nullptr) monitor_->RemoveObserver(events_.get());
}

bool MonitorRequests::IsMonitorRequest(const debug::Request& request) {
  return request.has_describe() || request.has_get_statistics() ||
         request.has_watch() || request.has_run_update();
}

absl::Status MonitorRequests::Handle(const debug::Request& request,
                                     debug::Response* answer) {
  if (monitor_ == nullptr) {
    return absl::UnimplementedError(
        "the connection was opened without a monitor");
  }
  answer->set_id(request.id());
  if (request.has_describe()) {
    ToProto(monitor_->Describe(), answer->mutable_description());
  } else if (request.has_get_statistics()) {
    ToProto(monitor_->GetStatistics(), answer->mutable_statistics());
  } else if (request.has_watch()) {
    if (events_ == nullptr) {
      events_ = std::make_unique<EventQueue>();
      monitor_->AddObserver(events_.get());
    }
    const size_t wanted = request.watch().max_events();
    waiting_ = Waiting();
    waiting_->max_events =
        wanted == 0 ? kMaxEvents : std::min(wanted, kMaxEvents);
    Wait(request, std::min(FromProto(request.watch().wait()), kMaxWatch),
         answer);
  } else {
    Oid root;
    absl::Status status = FromProto(request.run_update().root(), &root);
    if (!status.ok()) return status;
    if (root.empty()) return absl::InvalidArgumentError("an empty OID");
    waiting_ = Waiting();
    waiting_->run = monitor_->StartUpdate(root);
    Wait(request, std::min(FromProto(request.run_update().wait()), kMaxUpdate),
         answer);
  }
  return absl::OkStatus();
}

// Most requests have their answer already: it is not left to the next Poll().
void MonitorRequests::Wait(const debug::Request& request,
                           absl::Duration timeout, debug::Response* answer) {
  waiting_->id = request.id();
  waiting_->deadline = clock_->Now() + timeout;
  Poll(answer);
}

bool MonitorRequests::Poll(debug::Response* answer) {
  const bool ready = waiting_->run != nullptr ? waiting_->run->ended().load()
                                              : !events_->empty();
  if (!ready && clock_->Now() < waiting_->deadline) return false;
  answer->set_id(waiting_->id);
  if (waiting_->run != nullptr) {
    ToProto(waiting_->run->result(), answer->mutable_update());
  } else {
    ToProto(events_->Take(waiting_->max_events), answer->mutable_events());
  }
  waiting_.reset();
  return true;
}

}  // namespace passpersist::transport_internal
