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

// What connect(2) means by `error`.
absl::Status WhyNotConnected(int error, const std::string& path) {
  const std::string nobody = absl::StrCat("no agent listens at ", path, ": ");
  struct stat file = {};
  switch (error) {
    case ENOENT:
      return absl::NotFoundError(absl::StrCat(
          nobody, "no such file (has it been started, with that path?)"));
    case ECONNREFUSED:
      // Linux says it of anything that has a name.
      if (stat(path.c_str(), &file) == 0 && !S_ISSOCK(file.st_mode)) {
        return absl::FailedPreconditionError(
            absl::StrCat(nobody, "it is no socket"));
      }
      return absl::UnavailableError(
          absl::StrCat(nobody, "connection refused (it has ended)"));
    case EPROTOTYPE:
      return absl::FailedPreconditionError(
          absl::StrCat(nobody, "it is a socket of another type"));
    case EAGAIN:
      return absl::ResourceExhaustedError(
          absl::StrCat("the agent at ", path,
                       " accepts nobody at the moment, and many wait"));
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
  // Not blocking, or connect() would wait where many others do.
  ScopedFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.valid()) return absl::ErrnoToStatus(errno, "making a socket");
  if (connect(fd.get(), address->get(), UnixAddress::size()) != 0) {
    return WhyNotConnected(errno, path);
  }
  const int connected = fd.Release();
  return std::make_unique<FdTransport>(connected, connected);
}

}  // namespace passpersist
