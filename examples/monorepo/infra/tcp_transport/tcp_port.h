// SPDX-License-Identifier: Apache-2.0

#ifndef INFRA_TCP_TRANSPORT_TCP_PORT_H_
#define INFRA_TCP_TRANSPORT_TCP_PORT_H_

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "passpersist/transport.h"

namespace acme {

// A TCP port that accepts connections from this machine. By a TcpPort snmpd can
// reach an agent that it cannot start because the agent runs in a container
// with the host's network. The line in snmpd.conf is such as
//
//   pass_persist .1.3.6.1.4.1.32473 /usr/bin/nc 127.0.0.1 7161
//
// TcpPort does not authenticate clients. Each user of the machine, and each
// container with its network, may read and set everything that the agent
// serves, without a community. The first client gets the only connection, and
// snmpd then gets none. TcpPort is therefore only for agents without setters
// and secrets, on machines whose users are all trusted. Elsewhere use a Unix
// socket, whose peer the kernel knows: README.md, "An agent that snmpd can't
// start".
//
// If nc has ended, snmpd starts it again at the next request. An agent may
// therefore serve one connection and then end, if the container restarts the
// agent.
//
// Used by one thread at a time.
class TcpPort {
 public:
  // Opens `port`; 0 selects any free port.
  static absl::StatusOr<std::unique_ptr<TcpPort>> Open(uint16_t port);
  ~TcpPort();

  TcpPort(const TcpPort&) = delete;
  TcpPort& operator=(const TcpPort&) = delete;

  uint16_t number() const { return number_; }

  // Waits for the next connection.
  absl::StatusOr<std::unique_ptr<passpersist::Transport>> Accept();

 private:
  TcpPort(int socket, uint16_t number) : socket_(socket), number_(number) {}

  const int socket_;
  const uint16_t number_;
};

}  // namespace acme

#endif  // INFRA_TCP_TRANSPORT_TCP_PORT_H_
