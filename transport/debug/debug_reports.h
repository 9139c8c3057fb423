// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_DEBUG_DEBUG_REPORTS_H_
#define TRANSPORT_DEBUG_DEBUG_REPORTS_H_

#include "passpersist/inspection.h"
#include "transport/debug/debug.pb.h"

namespace passpersist {

// Convert what an agent reports about itself to the messages of
// transport/debug/debug.proto. Each function requires an empty message and
// fills it.

void ToProto(const Description& description, debug::Description* proto);
void ToProto(const Statistics& statistics, debug::Statistics* proto);
void ToProto(const UpdateEvent& event, debug::UpdateEvent* proto);

// The response of a RequestEvent carries no report: a client that watches
// another debug client would otherwise receive the events which that client
// watched.
void ToProto(const Event& event, debug::Event* proto);
void ToProto(const Events& events, debug::Events* proto);

// Sets only the field `report`.
void ToProto(const Inspection& inspection, debug::Response* proto);

}  // namespace passpersist

#endif  // TRANSPORT_DEBUG_DEBUG_REPORTS_H_
