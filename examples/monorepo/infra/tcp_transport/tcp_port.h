// SPDX-License-Identifier: Apache-2.0

#ifndef INFRA_TCP_TRANSPORT_TCP_PORT_H_
#define INFRA_TCP_TRANSPORT_TCP_PORT_H_

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "passpersist/transport.h"

namespace acme {

// A port of this machine that waits for connections from this machine. It lets
// snmpd reach an agent that it can't start, because that lives in a container
// with the host's network, by a line in snmpd.conf such as
//
//   pass_persist .1.3.6.1.4.1.32473 /usr/bin/nc 127.0.0.1 7161
//
// Nobody is asked who they are. Each user of the machine, and each container
// with its network, may read and set everything that the agent serves, without
// a community; and who comes first has the only connection, which snmpd then
// lacks. So it is for agents without setters and secrets, on machines whose
// users are all trusted. Elsewhere a Unix socket is right, whose peer the
// kernel knows: README.md, "An agent that snmpd can't start".
//
// snmpd starts nc anew when it has lost it, at the next request, so an agent
// that serves one connection and then ends is right, if something starts it
// anew too.
//
// Used by one thread at a time.
class TcpPort {
 public:
  // 0 is any port that is free.
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
