// SPDX-License-Identifier: Apache-2.0

#ifndef EXAMPLES_HOST_AGENT_SOCKETS_H_
#define EXAMPLES_HOST_AGENT_SOCKETS_H_

#include <string>

#include "passpersist/agent_builder.h"

namespace host_agent {

// Adds hostSockets: scalars that sum up the sockets of the machine, from
// `proc`/net/sockstat and sockstat6, and the connections that the firewall
// tracks, from `proc`/sys/net/netfilter; read anew every 5 seconds.
//
//   .1.3.6.1.4.1.8072.9999.9999.10.1.4.<scalar>.0
//
// Each has a label that says where it comes from: "TCP inuse".
//
// The files for IPv6 and for connection tracking, and single numbers, are
// missing where the kernel or a module of it lacks them; so are the scalars
// then, and that is no error. If sockstat is missing, or a file can't be
// understood, the update fails and all stays as it was.
void AddSockets(passpersist::AgentBuilder& builder,
                const std::string& proc = "/proc");

}  // namespace host_agent

#endif  // EXAMPLES_HOST_AGENT_SOCKETS_H_
