// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_DEBUG_DEBUG_REQUESTS_H_
#define TRANSPORT_DEBUG_DEBUG_REQUESTS_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "passpersist/pdu.h"
#include "transport/debug/debug.pb.h"

namespace passpersist {

// Convert between the requests of transport/debug/debug.proto that are SNMP
// operations or a Dump, and those of pdu.h. The id is Request::packet.

// Requires an empty message and fills it.
void ToProto(const Request& request, debug::Request* proto);

// The maximum number of names, bindings and ranges in one request.
inline constexpr size_t kMaxDebugNames = 1024;

// Overwrites *request. Returns
// - Unimplemented without an operation, or with an operation unknown to this
//   program; the message lists the numbers of the unknown fields;
// - ResourceExhausted for more than kMaxDebugNames;
// - InvalidArgument, naming the error, for a name that is not an OID, for an
//   empty name where a name is required, for an invalid value, and for an
//   operation that MonitorRequests handles.
absl::Status FromProto(const debug::Request& proto, Request* request);

// Returns the name in transport/debug/debug.proto of the alternative of
// Operation with this index: "get_next".
std::string DebugOperationName(size_t index);

}  // namespace passpersist

#endif  // TRANSPORT_DEBUG_DEBUG_REQUESTS_H_
