// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_MONITORING_AGENT_EVENT_H_
#define PASSPERSIST_MONITORING_AGENT_EVENT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <variant>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"

namespace passpersist {

// The events that an Observer receives. All are value types.

// A message from snmpd and the answer to it.
struct RequestEvent {
  std::string received;  // bytes that the codec consumed since the last event
  std::string sent;      // bytes that the codec produced
  // nullopt if the codec itself answered (a PING, or a malformed line), or sent
  // a greeting. `response` and `duration` are then empty.
  std::optional<Request> request;
  Response response;        // to `request`
  absl::Duration duration;  // of making and encoding the response
};

// One run of the update of a subtree.
struct UpdateEvent {
  Oid root;
  absl::Status status;
  absl::Duration duration;
  size_t instances = 0;  // of the subtree after the run
};

// An event of an agent; an absl::Status is a reported error.
struct Event {
  absl::Time time;
  std::variant<RequestEvent, UpdateEvent, absl::Status> what;
};

}  // namespace passpersist

#endif  // PASSPERSIST_MONITORING_AGENT_EVENT_H_
