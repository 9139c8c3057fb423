// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_DEBUG_DEBUG_RESPONSES_H_
#define TRANSPORT_DEBUG_DEBUG_RESPONSES_H_

#include "absl/status/status.h"
#include "passpersist/pdu.h"
#include "transport/debug/debug.pb.h"

namespace passpersist {

// Responses as transport/debug/debug.proto has them, to and from the agent's
// own. The id is up to the caller, as is Response::inspection: see
// debug_reports.h.

// Fills an empty message. Bindings that have origins become entries.
void ToProto(const Response& response, debug::Response* proto);

void ToProto(const VarBind& binding, const InstanceInfo& origin,
             debug::DumpEntry* proto);

// Fills `response`, whatever is in it; entries become bindings with origins. An
// error of another number than those of RFC 3416 is genErr. InvalidArgument,
// naming what is wrong, for names and values that are none.
absl::Status FromProto(const debug::Response& proto, Response* response);

}  // namespace passpersist

#endif  // TRANSPORT_DEBUG_DEBUG_RESPONSES_H_
