// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_POSIX_UNIX_CLIENT_H_
#define TRANSPORT_POSIX_UNIX_CLIENT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "passpersist/transport.h"

namespace passpersist {

// Connects to the UnixListener at `path`, without waiting. Rejected clients
// (unauthorized, or over max_clients) connect, then read EOF or, after they
// have written, ECONNRESET.
//
//   InvalidArgument     `path` is too long or empty for a socket
//   NotFound            there is no file at `path`
//   FailedPrecondition  the file is not the socket of a listener
//   Unavailable         the listening process has ended
//   ResourceExhausted   the listener's queue of waiting clients is full
//   PermissionDenied    the user may not connect
absl::StatusOr<std::unique_ptr<Transport>> ConnectUnix(const std::string& path);

}  // namespace passpersist

#endif  // TRANSPORT_POSIX_UNIX_CLIENT_H_
