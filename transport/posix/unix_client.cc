// SPDX-License-Identifier: Apache-2.0

#include "transport/posix/unix_client.h"

#include <sys/socket.h>
#include <sys/stat.h>

#include <cerrno>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "transport/posix/fd_transport.h"
#include "transport/posix/scoped_fd.h"
#include "transport/posix/unix_address.h"

namespace passpersist {
namespace {

using transport_internal::ScopedFd;
using transport_internal::UnixAddress;

// Converts the `error` of connect(2).
absl::Status ConnectError(int error, const std::string& path) {
  const std::string prefix = absl::StrCat("no agent listens at ", path, ": ");
  struct stat file = {};
  switch (error) {
    case ENOENT:
      return absl::NotFoundError(absl::StrCat(
          prefix, "no such file (has it been started, with that path?)"));
    case ECONNREFUSED:
      // Linux returns ECONNREFUSED for any file that is not a socket, too.
      if (stat(path.c_str(), &file) == 0 && !S_ISSOCK(file.st_mode)) {
        return absl::FailedPreconditionError(
            absl::StrCat(prefix, "it is not a socket"));
      }
      return absl::UnavailableError(
          absl::StrCat(prefix, "connection refused (it has ended)"));
    case EPROTOTYPE:
      return absl::FailedPreconditionError(
          absl::StrCat(prefix, "it is a socket of another type"));
    case EAGAIN:
      return absl::ResourceExhaustedError(
          absl::StrCat("the agent at ", path,
                       " accepts no client at the moment, and many wait"));
    case EACCES:
    case EPERM:
      return absl::PermissionDeniedError(absl::StrCat(
          "permission denied at ", path,
          ": only the agent's own user and root may connect, unless the agent "
          "allows others"));
    default:
      return absl::ErrnoToStatus(error, absl::StrCat("connecting to ", path));
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Transport>> ConnectUnix(
    const std::string& path) {
  const absl::StatusOr<UnixAddress> address = UnixAddress::FromPath(path);
  if (!address.ok()) return address.status();
  // Non-blocking: otherwise connect() would wait while the queue is full.
  ScopedFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.valid()) return absl::ErrnoToStatus(errno, "making a socket");
  if (connect(fd.get(), address->get(), UnixAddress::size()) != 0) {
    return ConnectError(errno, path);
  }
  const int connected = fd.Release();
  return std::make_unique<FdTransport>(connected, connected);
}

}  // namespace passpersist
