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
// Descriptors are wanting: until accept(2) is tried again. The client waits in
// the kernel meanwhile, so poll(2) would find it at once, for ever.
constexpr int kPauseMs = 100;

bool IsLackOfResources(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS ||
         error == ENOMEM;
}

bool IsOfOneClient(int error) {
  return error == EAGAIN || error == EINTR || error == ECONNABORTED;
}

absl::Status ErrnoStatus(absl::string_view what, const std::string& path) {
  return absl::ErrnoToStatus(errno, absl::StrCat(what, " ", path));
}

absl::Status SomebodyElse(const std::string& path) {
  return absl::AlreadyExistsError(
      absl::StrCat("another process listens at ", path));
}

// A transport that counts as a client as long as it exists.
class ClientTransport : public FdTransport {
 public:
  ClientTransport(int fd, std::shared_ptr<std::atomic<int>> clients)
      : FdTransport(fd, fd), fd_(fd), clients_(std::move(clients)) {
    ++*clients_;
  }
  ~ClientTransport() override { --*clients_; }

  // Also where the client has taken the last descriptor, and none was left for
  // the event that interrupts a Read() or Write().
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
    return absl::ErrnoToStatus(errno, "asking who the client is");
  }
  return peer.uid;
}

std::unique_ptr<UnixListener> UnixListener::Listen(const std::string& path,
                                               UnixListenerOptions options) {
  // Not make_unique: the constructor is private.
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
  if (absl::IsAlreadyExists(lock.status())) return SomebodyElse(path_);
  if (!lock.ok()) return lock.status();
  lock_.emplace(*std::move(lock));
  const absl::Status removed = RemoveStaleSocket();
  if (!removed.ok()) return removed;

  ScopedFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.valid()) return ErrnoStatus("making a socket for", path_);
  if (fchmod(fd.get(), 0600) != 0 ||
      bind(fd.get(), address->get(), UnixAddress::size()) != 0) {
    return ErrnoStatus("making the socket", path_);
  }
  socket_ = std::move(fd);
  if (lstat(path_.c_str(), &file_) != 0 || !LetOthersConnect() ||
      listen(socket_.get(), SOMAXCONN) != 0) {
    const absl::Status status = ErrnoStatus("listening at", path_);
    RemoveSocket();
    return status;
  }
  return absl::OkStatus();
}

// OK if the path is free now. Called with the lock held.
absl::Status UnixListener::RemoveStaleSocket() {
  struct stat file = {};
  if (lstat(path_.c_str(), &file) == 0 && !S_ISSOCK(file.st_mode)) {
    return absl::FailedPreconditionError(
        absl::StrCat("there is something at ", path_, " that is no socket"));
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
      return SomebodyElse(path_);
    default:
      return other.status();
  }
}

// By its name, since the umask has taken from what the open socket had.
bool UnixListener::LetOthersConnect() const {
  return options_.allowed_uids.empty() ||
         fchmodat(AT_FDCWD, path_.c_str(), 0666, AT_SYMLINK_NOFOLLOW) == 0;
}

// Nobody else replaces it between the look and the removal: we hold the lock.
// Nor can a later file have its number, which the open socket keeps.
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
    // Not blocking, or a write(2) of more than there is room for could wait
    // where Shutdown() of the transport doesn't reach it.
    ScopedFd client(
        accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (client.valid()) {
      if (shut_down_ || !MayEnter(client.get())) continue;
      return std::make_unique<ClientTransport>(client.Release(), clients_);
    }
    if (IsLackOfResources(errno)) {
      Await(-1, kPauseMs);
    } else if (!IsOfOneClient(errno)) {
      return ErrnoStatus("accepting clients at", path_);
    }
  }
  return absl::CancelledError("the side door was shut");
}

// Returns once `fd` is readable, Shutdown() was called, the time is over, or
// for no reason. poll(2) passes over a negative descriptor.
void UnixListener::Await(int fd, int timeout_ms) {
  std::array<pollfd, 2> fds = {pollfd{fd, POLLIN, 0},
                               pollfd{wake_.get(), POLLIN, 0}};
  (void)poll(fds.data(), fds.size(), timeout_ms);
}

bool UnixListener::MayEnter(int client) const {
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
  // Fails only when the event is there already, or there is none.
  (void)!write(wake_.get(), &one, sizeof(one));
}

}  // namespace passpersist
