// SPDX-License-Identifier: Apache-2.0

#include "infra/tcp_transport/tcp_transport.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>

#include "passpersist/scheduling/monotonic_clock.h"

namespace acme {
namespace {

absl::Status Cancelled() {
  return absl::CancelledError("the connection was shut down");
}

// Waits until `socket` has bytes, the end of input or an error to report.
absl::Status AwaitInput(int socket, absl::Duration timeout) {
  const passpersist::MonotonicClock clock;
  const absl::Duration deadline = clock.Now() + timeout;
  while (true) {
    const absl::Duration left = deadline - clock.Now();
    // Rounded up, so that the last wait is not a busy loop of polls with
    // timeout 0.
    const int64_t milliseconds = absl::ToInt64Milliseconds(
        absl::Ceil(std::clamp(left, absl::ZeroDuration(), absl::Hours(1)),
                   absl::Milliseconds(1)));
    pollfd fd = {socket, POLLIN, 0};
    const int ready = poll(&fd, 1, static_cast<int>(milliseconds));
    if (ready > 0) return absl::OkStatus();
    if (ready < 0 && errno != EINTR) {
      return absl::ErrnoToStatus(errno, "waiting for the connection");
    }
    if (clock.Now() >= deadline) {
      return absl::DeadlineExceededError("no input from the connection");
    }
  }
}

}  // namespace

TcpTransport::TcpTransport(int socket) : socket_(socket) {
  // An answer is one write, and the next request follows the answer. So a delay
  // to collect more bytes has no benefit.
  const int enable = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &enable, sizeof(enable));
}

TcpTransport::~TcpTransport() { close(socket_); }

absl::StatusOr<size_t> TcpTransport::Read(std::string* buffer,
                                          absl::Duration timeout) {
  const absl::Status ready = AwaitInput(socket_, timeout);
  if (shut_down_) return Cancelled();
  if (!ready.ok()) return ready;
  std::array<char, 16 << 10> received;
  const ssize_t count = recv(socket_, received.data(), received.size(), 0);
  if (shut_down_) return Cancelled();
  if (count < 0) {
    return absl::ErrnoToStatus(errno, "reading from the connection");
  }
  buffer->append(received.data(), count);
  return count;
}

absl::Status TcpTransport::Write(absl::string_view bytes) {
  while (true) {
    if (shut_down_) return Cancelled();
    if (bytes.empty()) return absl::OkStatus();
    const ssize_t count =
        send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count >= 0) {
      bytes.remove_prefix(count);
    } else if (!shut_down_ && (errno == EPIPE || errno == ECONNRESET)) {
      return absl::UnavailableError("the peer has closed its end");
    } else if (!shut_down_ && errno != EINTR) {
      return absl::ErrnoToStatus(errno, "writing to the connection");
    }
  }
}

void TcpTransport::Shutdown() {
  shut_down_ = true;
  shutdown(socket_, SHUT_RDWR);
}

}  // namespace acme
