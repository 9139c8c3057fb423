// SPDX-License-Identifier: Apache-2.0
//
// The agent of all teams. Either snmpd starts the agent,
//
//   pass_persist .1.3.6.1.4.1.32473 /usr/local/lib/snmp/agent
//
// or a container starts it and snmpd connects to --socket or --port by nc:
// snmpd.conf shows all. The options of a SnmpAgent, such as --debug-socket
// PATH, work as well.

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "infra/agent/modules.h"
#include "infra/flat_store/flat_store.h"
#include "infra/tcp_transport/tcp_port.h"
#include "passpersist/agent_main.h"
#include "passpersist/transport.h"
#include "simple/snmp_agent.h"
#include "transport/posix/unix_listener.h"

ABSL_FLAG(std::string, batteries, acme::Sources().batteries,
          "file of the power team");
ABSL_FLAG(std::string, trunks, acme::Sources().trunks,
          "directory of the VoIP team");
ABSL_FLAG(std::string, socket, "",
          "serve one connection to this Unix socket instead of standard input "
          "and output");
ABSL_FLAG(uint16_t, port, 0,
          "serve one connection to this port of 127.0.0.1 instead of standard "
          "input and output");
ABSL_FLAG(bool, flat, false, "store values in acme's own store");

namespace {

using namespace passpersist;  // NOLINT: only names of the framework

// Null for standard input and output.
absl::StatusOr<std::unique_ptr<Transport>> MakeTransport() {
  const std::string socket = absl::GetFlag(FLAGS_socket);
  if (!socket.empty()) {
    UnixListenerOptions options;
    options.allowed_uids = {102};  // Debian-snmp; the agent has another user
    return UnixListener::Listen(socket, options)->Accept();
  }
  const uint16_t port = absl::GetFlag(FLAGS_port);
  if (port == 0) return nullptr;
  const auto tcp_port = acme::TcpPort::Open(port);
  if (!tcp_port.ok()) return tcp_port.status();
  return (*tcp_port)->Accept();
}

}  // namespace

int main(int argc, char** argv) {
  SnmpAgent agent(argc, argv);  // takes its own options
  absl::ParseCommandLine(argc, argv);
  auto transport = MakeTransport();
  if (!transport.ok()) AgentMain(transport.status());
  if (*transport != nullptr) agent.SetTransport(*std::move(transport));
  if (absl::GetFlag(FLAGS_flat)) {
    agent.SetStoreFactory(acme::FlatStore::Factory());
  }
  acme::AddModules(
      agent, {absl::GetFlag(FLAGS_batteries), absl::GetFlag(FLAGS_trunks)});
  return agent.Run();
}
