// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_DEBUG_DEBUG_RESPONSES_H_
#define TRANSPORT_DEBUG_DEBUG_RESPONSES_H_

#include "absl/status/status.h"
#include "passpersist/pdu.h"
#include "transport/debug/debug.pb.h"

namespace passpersist {

// Convert between the responses of transport/debug/debug.proto and those of
// pdu.h. The caller converts the id and the reports (see debug_reports.h).

// Requires an empty message and fills it. Bindings with instance info become
// entries.
void ToProto(const Response& response, debug::Response* proto);

void ToProto(const ResponseVarBind& binding, const InstanceInfo& info,
             debug::DumpEntry* proto);

// Overwrites *response. Entries become bindings with instance info. An error
// number that RFC 3416 does not define becomes genErr. Returns InvalidArgument,
// naming the error, for invalid names and values.
absl::Status FromProto(const debug::Response& proto, Response* response);

}  // namespace passpersist

#endif  // TRANSPORT_DEBUG_DEBUG_RESPONSES_H_
