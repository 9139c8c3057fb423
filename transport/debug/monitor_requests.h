// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_DEBUG_MONITOR_REQUESTS_H_
#define TRANSPORT_DEBUG_MONITOR_REQUESTS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "passpersist/monitoring/agent_monitor.h"
#include "passpersist/scheduling/clock.h"
#include "transport/debug/debug.pb.h"
#include "transport/debug/event_queue.h"

namespace passpersist::transport_internal {

// Answers the requests of the debug protocol that are not SNMP operations, from
// the monitor of the agent: Describe, GetStatistics, Watch and RunUpdate.
//
// A Watch and a RunUpdate may have to wait for their answer. Nothing blocks
// meanwhile: the caller polls.
//
//   Handle(watch)   waiting()
//   Poll()          false: no event yet
//   Poll()          true: the answer, since an event happened or time is up
//
// Used by one thread at a time.
class MonitorRequests {
 public:
  // Both must outlive this. Without a monitor, each request is an error.
  MonitorRequests(AgentMonitor* monitor, const Clock* clock);
  ~MonitorRequests();

  MonitorRequests(const MonitorRequests&) = delete;
  MonitorRequests& operator=(const MonitorRequests&) = delete;

  // Returns true for the requests that Handle() takes.
  static bool IsMonitorRequest(const debug::Request& request);

  // Fills *answer, an empty message, or begins to wait. An error names what is
  // wrong with the request. Requires !waiting().
  absl::Status Handle(const debug::Request& request, debug::Response* answer);

  // True from Handle() until Poll() returns true.
  bool waiting() const { return waiting_.has_value(); }

  // The id of the request that waits. Requires waiting().
  uint32_t waiting_id() const { return waiting_->id; }

  // Fills *answer, an empty message, and returns true if the request that waits
  // can be answered. Requires waiting().
  bool Poll(debug::Response* answer);

 private:
  struct Waiting {
    uint32_t id = 0;
    absl::Duration deadline;               // a time of clock_
    size_t max_events = 0;                 // of a Watch
    std::shared_ptr<const UpdateRun> run;  // of a RunUpdate; else null
  };

  void Wait(const debug::Request& request, absl::Duration timeout,
            debug::Response* answer);

  AgentMonitor* const monitor_;
  const Clock* const clock_;
  std::unique_ptr<EventQueue> events_;  // since the first Watch
  std::optional<Waiting> waiting_;
};

}  // namespace passpersist::transport_internal

#endif  // TRANSPORT_DEBUG_MONITOR_REQUESTS_H_
