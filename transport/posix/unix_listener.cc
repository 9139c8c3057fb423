// SPDX-License-Identifier: Apache-2.0

#include "transport/posix/unix_listener.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "transport/posix/fd_transport.h"
#include "transport/posix/unix_address.h"
#include "transport/posix/unix_client.h"

namespace passpersist {
namespace {

using transport_internal::LockFile;
using transport_internal::ScopedFd;
using transport_internal::UnixAddress;

constexpr int kForever = -1;
// The time until accept(2) is tried again after a lack of descriptors. The
// client remains in the kernel's queue meanwhile, so poll(2) alone would return
// at once, in an endless loop.
constexpr int kPauseMs = 100;

bool IsLackOfResources(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS ||
         error == ENOMEM;
}

// Returns true for an error that concerns a single client.
bool IsOfOneClient(int error) {
  return error == EAGAIN || error == EINTR || error == ECONNABORTED;
}

absl::Status ErrnoStatus(absl::string_view what, const std::string& path) {
  return absl::ErrnoToStatus(errno, absl::StrCat(what, " ", path));
}

absl::Status AnotherListener(const std::string& path) {
  return absl::AlreadyExistsError(
      absl::StrCat("another process listens at ", path));
}

// A transport that counts as a client during its lifetime.
class ClientTransport : public FdTransport {
 public:
  ClientTransport(int fd, std::shared_ptr<std::atomic<int>> clients)
      : FdTransport(fd, fd), fd_(fd), clients_(std::move(clients)) {
    ++*clients_;
  }
  ~ClientTransport() override { --*clients_; }

  // Also works if the client has taken the last descriptor, so that FdTransport
  // has no eventfd that interrupts a Read() or Write().
  void Shutdown() override {
    FdTransport::Shutdown();
    shutdown(fd_, SHUT_RDWR);
  }

 private:
  const int fd_;
  const std::shared_ptr<std::atomic<int>> clients_;
};

}  // namespace

absl::StatusOr<uid_t> PeerUid(int socket) {
  ucred peer = {};
  socklen_t size = sizeof(peer);
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
    return absl::ErrnoToStatus(errno, "determining the user of the client");
  }
  return peer.uid;
}

std::unique_ptr<UnixListener> UnixListener::Listen(
    const std::string& path, UnixListenerOptions options) {
  // Not std::make_unique, because the constructor is private.
  return std::unique_ptr<UnixListener>(
      new UnixListener(path, std::move(options)));
}

UnixListener::UnixListener(const std::string& path, UnixListenerOptions options)
    : path_(path),
      options_(std::move(options)),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      clients_(std::make_shared<std::atomic<int>>(0)),
      opened_(Open()) {
  if (!opened_.ok()) lock_.reset();
}

UnixListener::~UnixListener() { Shutdown(); }

absl::Status UnixListener::Open() {
  if (!wake_.valid()) return ErrnoStatus("making an eventfd for", path_);
  const absl::StatusOr<UnixAddress> address = UnixAddress::FromPath(path_);
  if (!address.ok()) return address.status();
  absl::StatusOr<LockFile> lock = LockFile::Take(absl::StrCat(path_, ".lock"));
  if (absl::IsAlreadyExists(lock.status())) return AnotherListener(path_);
  if (!lock.ok()) return lock.status();
  lock_.emplace(*std::move(lock));
  const absl::Status removed = RemoveStaleSocket();
  if (!removed.ok()) return removed;

  ScopedFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.valid()) return ErrnoStatus("making a socket for", path_);
  // fchmod() before bind(): the file has the mode from its creation on.
  if (fchmod(fd.get(), 0600) != 0 ||
      bind(fd.get(), address->get(), UnixAddress::size()) != 0) {
    return ErrnoStatus("making the socket", path_);
  }
  socket_ = std::move(fd);
  if (lstat(path_.c_str(), &file_) != 0 || !AllowOtherUsers() ||
      listen(socket_.get(), SOMAXCONN) != 0) {
    const absl::Status status = ErrnoStatus("listening at", path_);
    RemoveSocket();
    return status;
  }
  return absl::OkStatus();
}

// Returns OK if there is no file at the path any more. Requires that the lock
// is held.
absl::Status UnixListener::RemoveStaleSocket() {
  struct stat file = {};
  if (lstat(path_.c_str(), &file) == 0 && !S_ISSOCK(file.st_mode)) {
    return absl::FailedPreconditionError(
        absl::StrCat("the file at ", path_, " is not a socket"));
  }
  const absl::StatusOr<std::unique_ptr<Transport>> other = ConnectUnix(path_);
  switch (other.status().code()) {
    case absl::StatusCode::kNotFound:
      return absl::OkStatus();
    case absl::StatusCode::kUnavailable:
      if (unlink(path_.c_str()) == 0) return absl::OkStatus();
      return ErrnoStatus("removing the stale socket", path_);
    case absl::StatusCode::kOk:
    case absl::StatusCode::kResourceExhausted:
      return AnotherListener(path_);
    default:
      return other.status();
  }
}

// Changes the mode of the file, because the umask has cleared bits of the open
// socket's mode.
bool UnixListener::AllowOtherUsers() const {
  return options_.allowed_uids.empty() ||
         fchmodat(AT_FDCWD, path_.c_str(), 0666, AT_SYMLINK_NOFOLLOW) == 0;
}

// No other listener replaces the file between lstat() and unlink(), because the
// lock is held. No later file can have the same inode number, because the open
// socket keeps it in use.
void UnixListener::RemoveSocket() {
  struct stat now = {};
  if (lstat(path_.c_str(), &now) == 0 && now.st_dev == file_.st_dev &&
      now.st_ino == file_.st_ino) {
    unlink(path_.c_str());
  }
}

absl::StatusOr<std::unique_ptr<Transport>> UnixListener::Accept() {
  while (!shut_down_) {
    if (!opened_.ok()) return opened_;
    Await(socket_.get(), kForever);
    // Non-blocking: otherwise a write(2) of more bytes than the buffer holds
    // could block where Shutdown() of the transport cannot interrupt it.
    ScopedFd client(
        accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (client.valid()) {
      if (shut_down_ || !MayConnect(client.get())) continue;
      return std::make_unique<ClientTransport>(client.Release(), clients_);
    }
    if (IsLackOfResources(errno)) {
      Await(-1, kPauseMs);
    } else if (!IsOfOneClient(errno)) {
      return ErrnoStatus("accepting clients at", path_);
    }
  }
  return absl::CancelledError("the listener was shut down");
}

// Returns when `fd` is readable, after Shutdown(), after the timeout, or
// spuriously. poll(2) ignores a negative descriptor.
void UnixListener::Await(int fd, int timeout_ms) {
  std::array<pollfd, 2> fds = {pollfd{fd, POLLIN, 0},
                               pollfd{wake_.get(), POLLIN, 0}};
  (void)poll(fds.data(), fds.size(), timeout_ms);
}

bool UnixListener::MayConnect(int client) const {
  if (*clients_ >= options_.max_clients) return false;
  const absl::StatusOr<uid_t> uid = options_.peer_uid(client);
  if (!uid.ok()) return false;
  const std::vector<uid_t>& allowed = options_.allowed_uids;
  return *uid == 0 || *uid == geteuid() ||
         std::find(allowed.begin(), allowed.end(), *uid) != allowed.end();
}

void UnixListener::Shutdown() {
  if (shut_down_.exchange(true)) return;
  if (opened_.ok()) RemoveSocket();
  lock_.reset();
  const uint64_t one = 1;
  // Fails only if the event is set already or the eventfd does not exist.
  (void)!write(wake_.get(), &one, sizeof(one));
}

}  // namespace passpersist
