// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_POSIX_UNIX_CLIENT_H_
#define TRANSPORT_POSIX_UNIX_CLIENT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "passpersist/transport.h"

namespace passpersist {

// The client's end of a UnixListener: connects to the one at `path`, without
// waiting. Who may not talk to the agent, and who is one too many, is let in
// and finds the end of input, or ECONNRESET behind what it has said.
//
// InvalidArgument    - `path` can't be a socket's: too long, empty.
// NotFound           - there is nothing.
// FailedPrecondition - there is something that is no socket of a listener.
// Unavailable        - the process that listened there has ended.
// ResourceExhausted  - it doesn't come round to accepting all who wait.
// PermissionDenied   - this user may not connect.
absl::StatusOr<std::unique_ptr<Transport>> ConnectUnix(const std::string& path);

}  // namespace passpersist

#endif  // TRANSPORT_POSIX_UNIX_CLIENT_H_
