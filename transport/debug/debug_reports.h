// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_DEBUG_DEBUG_REPORTS_H_
#define TRANSPORT_DEBUG_DEBUG_REPORTS_H_

#include "passpersist/monitoring/agent_event.h"
#include "passpersist/monitoring/statistics.h"
#include "transport/debug/debug.pb.h"
#include "transport/debug/event_queue.h"

namespace passpersist {

// Convert what an agent reports about itself to the messages of
// transport/debug/debug.proto. Each function requires an empty message and
// fills it.

void ToProto(const Description& description, debug::Description* proto);
void ToProto(const Statistics& statistics, debug::Statistics* proto);
void ToProto(const UpdateEvent& event, debug::UpdateEvent* proto);

void ToProto(const Event& event, debug::Event* proto);
void ToProto(const transport_internal::Events& events, debug::Events* proto);

}  // namespace passpersist

#endif  // TRANSPORT_DEBUG_DEBUG_REPORTS_H_
