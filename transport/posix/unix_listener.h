// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_POSIX_UNIX_LISTENER_H_
#define TRANSPORT_POSIX_UNIX_LISTENER_H_

#include <sys/stat.h>
#include <sys/types.h>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "passpersist/listener.h"
#include "passpersist/transport.h"
#include "transport/posix/lock_file.h"
#include "transport/posix/scoped_fd.h"

namespace passpersist {

// Returns the user at the other end of a connected socket, as the kernel
// reports it (unix(7), SO_PEERCRED).
absl::StatusOr<uid_t> PeerUid(int socket);

struct UnixListenerOptions {
  // The users whose connections are accepted, besides root and the user of the
  // agent's process. Connections of other users are closed.
  std::vector<uid_t> allowed_uids;

  // The maximum number of simultaneous connections. Further connections are
  // closed.
  int max_clients = 16;

  // Returns the user of a client.
  std::function<absl::StatusOr<uid_t>(int socket)> peer_uid = PeerUid;
};

// Listens at a Unix-domain socket. ConnectUnix() connects to it.
//
//   /run/my_agent/debug.sock        the socket, while the listener is open
//   /run/my_agent/debug.sock.lock   held by the process that owns the socket
//
// The lock decides which process may replace a stale socket, which remains
// after SIGKILL. Without the lock, two processes that start at the same time
// could both find the old socket stale, and the slower process would remove the
// socket that the faster process has just created. The kernel releases the lock
// at the end of the process, so no manual cleanup is necessary. Listen() never
// replaces a file that is not a socket, or a socket with a listener.
//
// The socket has mode 0600 (less the bits in the umask) from the moment of its
// creation: on Linux the file gets the mode of the open socket, which is set
// before the file exists. Connecting requires write permission. With
// `allowed_uids` the mode therefore becomes 0666, and only the check of each
// client's user rejects other users.
//
// Accept() is used by one thread at a time; everything else is safe for
// concurrent use.
class UnixListener : public Listener {
 public:
  // Starts to listen: clients can connect from now on, and wait for Accept().
  // If that fails, Accept() returns the error; an agent serves snmpd
  // nevertheless and passes the error to its ErrorCallback:
  //
  //   AlreadyExists       another process listens at `path`
  //   FailedPrecondition  the file at `path` is not a socket
  //   InvalidArgument     `path` is too long or empty for a socket
  //   any other error     the reason of the system
  //
  // A relative path refers to the working directory, which the process must not
  // change.
  static std::unique_ptr<UnixListener> Listen(const std::string& path,
                                              UnixListenerOptions options = {});

  // Like Shutdown(); also closes the connections that were not accepted.
  ~UnixListener() override;

  UnixListener(const UnixListener&) = delete;
  UnixListener& operator=(const UnixListener&) = delete;

  // If the system has no descriptor or memory for a client, tries again
  // periodically until it has.
  //
  // The transports may outlive the listener. A client reads EOF when its
  // transport is shut down, and counts as connected until its transport is
  // destroyed.
  absl::StatusOr<std::unique_ptr<Transport>> Accept() override;

  // Also removes the socket, unless another file has replaced it.
  void Shutdown() override;

 private:
  UnixListener(const std::string& path, UnixListenerOptions options);

  absl::Status Open();
  absl::Status RemoveStaleSocket();
  bool AllowOtherUsers() const;
  void RemoveSocket();
  void Await(int fd, int timeout_ms);
  bool MayConnect(int client) const;

  const std::string path_;
  const UnixListenerOptions options_;
  const transport_internal::ScopedFd
      wake_;  // an eventfd; Shutdown() makes it readable
  // The number of connected clients. Shared with their transports.
  const std::shared_ptr<std::atomic<int>> clients_;
  std::atomic<bool> shut_down_ = false;

  // Set by the constructor; the first Shutdown() releases the lock.
  std::optional<transport_internal::LockFile> lock_;
  transport_internal::ScopedFd socket_;
  struct stat file_ = {};  // of the socket created at path_
  const absl::Status opened_;
};

}  // namespace passpersist

#endif  // TRANSPORT_POSIX_UNIX_LISTENER_H_
