// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_CLIENT_RESPONSE_ERROR_H_
#define TOOLS_PASSPERSIST_CLIENT_RESPONSE_ERROR_H_

#include <string>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "transport/debug/debug.pb.h"

namespace passpersist {

// What an agent that answered by an error says, for people: FailedPrecondition,
// "the agent refused: notWritable for .1.3.1". `names` are those of the
// request; the error's index is shown if it is none of them. Requires that
// there is an error.
absl::Status ErrorFromResponse(const debug::Response& response,
                               absl::Span<const std::string> names);

}  // namespace passpersist

#endif  // TOOLS_PASSPERSIST_CLIENT_RESPONSE_ERROR_H_
