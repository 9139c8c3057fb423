// SPDX-License-Identifier: Apache-2.0

#ifndef INFRA_TCP_TRANSPORT_TCP_CLIENT_H_
#define INFRA_TCP_TRANSPORT_TCP_CLIENT_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <memory>

#include "gtest/gtest.h"
#include "transport/posix/fd_transport.h"

namespace acme {

// For tests: connects to a port of this machine, as nc does.
inline std::unique_ptr<passpersist::FdTransport> ConnectTcp(uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)),
            0);
  return std::make_unique<passpersist::FdTransport>(fd, fd);
}

}  // namespace acme

#endif  // INFRA_TCP_TRANSPORT_TCP_CLIENT_H_
