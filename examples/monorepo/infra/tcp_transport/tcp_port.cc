// SPDX-License-Identifier: Apache-2.0

#include "infra/tcp_transport/tcp_port.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "infra/tcp_transport/tcp_transport.h"

namespace acme {

using passpersist::Transport;

absl::StatusOr<std::unique_ptr<TcpPort>> TcpPort::Open(uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return absl::ErrnoToStatus(errno, "making a socket");
  // After a restart of the agent the port may still be in TIME_WAIT.
  const int enable = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &enable, sizeof(enable));
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  socklen_t size = sizeof(address);
  // The sockets API takes every address type by this pointer type.
  auto* const generic_address = reinterpret_cast<sockaddr*>(&address);
  if (bind(fd, generic_address, size) < 0 || listen(fd, 1) < 0 ||
      getsockname(fd, generic_address, &size) < 0) {
    const absl::Status status =
        absl::ErrnoToStatus(errno, absl::StrCat("opening port ", port));
    close(fd);
    return status;
  }
  return absl::WrapUnique(new TcpPort(fd, ntohs(address.sin_port)));
}

TcpPort::~TcpPort() { close(socket_); }

absl::StatusOr<std::unique_ptr<Transport>> TcpPort::Accept() {
  while (true) {
    const int fd = accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd >= 0) return std::make_unique<TcpTransport>(fd);
    if (errno != EINTR && errno != ECONNABORTED) {
      return absl::ErrnoToStatus(errno,
                                 absl::StrCat("accepting at port ", number_));
    }
  }
}

}  // namespace acme
