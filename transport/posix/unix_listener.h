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

// The user at the other end of a connected socket, as the kernel knows it
// (unix(7), SO_PEERCRED).
absl::StatusOr<uid_t> PeerUid(int socket);

struct UnixListenerOptions {
  // Who is let in, besides root and the user that the agent runs as. Everybody
  // else finds the connection closed.
  std::vector<uid_t> allowed_uids;

  // How many can be connected at once. One more finds the connection closed.
  int max_clients = 16;

  // How a client's user is found out.
  std::function<absl::StatusOr<uid_t>(int socket)> peer_uid = PeerUid;
};

// A side door at a path: a Unix-domain socket, of which ConnectUnix() is the
// client's end.
//
//   /run/my_agent/debug.sock        the socket, while the door is open
//   /run/my_agent/debug.sock.lock   held by the process that it belongs to
//
// The lock decides who may replace a socket that nobody listens at any more,
// which the end of a process by SIGKILL leaves behind. Without it two that
// start at once could both find the old socket stale, and the slower one would
// remove what the quicker one has just put in its place. Locks end with their
// process, so there is nothing to clean up by hand. What is at the path and is
// no socket, or one that somebody listens at, stays.
//
// The socket has mode 0600 (less what the umask takes), and from its first
// moment on: on Linux it is that of the open socket, which is set before there
// is a file. Connecting takes the right to write, so if there are
// `allowed_uids` the mode becomes 0666, and only the look at each client's user
// keeps others out.
//
// Accept() is used by one thread at a time; everything else is safe for
// concurrent use.
class UnixListener : public Listener {
 public:
  // Opens the door: clients can connect from now on, and wait for Accept(). If
  // that fails, Accept() says why; an agent serves its peer all the same, and
  // its error hook is told.
  //
  // A relative path is one of the working folder, which must not be left.
  static std::unique_ptr<UnixListener> At(const std::string& path,
                                          UnixListenerOptions options = {});

  // Like Shutdown(); also hangs up on clients that were not accepted.
  ~UnixListener() override;

  UnixListener(const UnixListener&) = delete;
  UnixListener& operator=(const UnixListener&) = delete;

  // Where the system lacks descriptors or memory for a client, it is tried
  // again now and then until there are some.
  //
  // The transports may outlive this. A client finds the end of input when its
  // transport is shut down, and counts as connected until that is destroyed.
  absl::StatusOr<std::unique_ptr<Transport>> Accept() override;

  // Also removes the socket, if it is still the one that was put there.
  void Shutdown() override;

 private:
  UnixListener(const std::string& path, UnixListenerOptions options);

  absl::Status Open();
  absl::Status RemoveStaleSocket();
  bool LetOthersConnect() const;
  void RemoveSocket();
  void Await(int fd, int timeout_ms);
  bool MayEnter(int client) const;

  const std::string path_;
  const UnixListenerOptions options_;
  const transport_internal::ScopedFd
      wake_;  // an eventfd that Shutdown() makes readable
  // How many clients there are. Their transports have a share in it.
  const std::shared_ptr<std::atomic<int>> clients_;
  std::atomic<bool> shut_down_ = false;

  // Set by the constructor; the first Shutdown() gives up the lock.
  std::optional<transport_internal::LockFile> lock_;
  transport_internal::ScopedFd socket_;
  struct stat file_ = {};  // what was put at path_
  const absl::Status opened_;
};

}  // namespace passpersist

#endif  // TRANSPORT_POSIX_UNIX_LISTENER_H_
