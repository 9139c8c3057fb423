// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_CLIENT_RESPONSE_ERROR_H_
#define TOOLS_PASSPERSIST_CLIENT_RESPONSE_ERROR_H_

#include <string>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "transport/debug/debug.pb.h"

namespace passpersist::tool {

// Converts a response with an error to a status for the user:
// FailedPrecondition, "the agent refused: notWritable for .1.3.1". `names` are
// the names of the request; if the error's index is beyond them, the message
// has the index instead of a name. Requires that `response` has an error.
absl::Status ErrorFromResponse(const debug::Response& response,
                               absl::Span<const std::string> names);

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_CLIENT_RESPONSE_ERROR_H_
