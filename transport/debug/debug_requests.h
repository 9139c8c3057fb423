// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_DEBUG_DEBUG_REQUESTS_H_
#define TRANSPORT_DEBUG_DEBUG_REQUESTS_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "passpersist/pdu.h"
#include "transport/debug/debug.pb.h"

namespace passpersist {

// Requests as transport/debug/debug.proto has them, to and from the agent's
// own. The id is Request::packet.

// Fills an empty message.
void ToProto(const Request& request, debug::Request* proto);

// Of names, bindings and ranges in one request.
inline constexpr size_t kMaxDebugNames = 1024;

// Fills `request`, whatever is in it. Where there is no operation, or one that
// this program doesn't know, it is Unimplemented, naming the numbers of the
// unknown fields; ResourceExhausted where there are more than kMaxDebugNames;
// InvalidArgument, naming what is wrong, for a name that is no OID, an empty
// one where a name must be, a value that is none.
absl::Status FromProto(const debug::Request& proto, Request* request);

// "get_next": what transport/debug/debug.proto calls the alternative of
// Operation with this index.
std::string DebugOperationName(size_t index);

}  // namespace passpersist

#endif  // TRANSPORT_DEBUG_DEBUG_REQUESTS_H_
