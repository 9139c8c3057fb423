// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_DEBUG_DEBUG_REPORTS_H_
#define TRANSPORT_DEBUG_DEBUG_REPORTS_H_

#include "passpersist/inspection.h"
#include "transport/debug/debug.pb.h"

namespace passpersist {

// What an agent tells of itself, as transport/debug/debug.proto has it. Each
// fills an empty message.

void ToProto(const Description& description, debug::Description* proto);
void ToProto(const Statistics& statistics, debug::Statistics* proto);
void ToProto(const UpdateEvent& run, debug::UpdateEvent* proto);

// An exchange has no report within: who watches a debugger would get what that
// watched.
void ToProto(const Event& event, debug::Event* proto);
void ToProto(const Events& events, debug::Events* proto);

// Fills the report, and nothing else.
void ToProto(const Inspection& inspection, debug::Response* proto);

}  // namespace passpersist

#endif  // TRANSPORT_DEBUG_DEBUG_REPORTS_H_
