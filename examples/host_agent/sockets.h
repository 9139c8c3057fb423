// SPDX-License-Identifier: Apache-2.0

#ifndef EXAMPLES_HOST_AGENT_SOCKETS_H_
#define EXAMPLES_HOST_AGENT_SOCKETS_H_

#include <string>

#include "passpersist/agent_builder.h"

namespace host_agent {

// Adds hostSockets: scalars that summarize the sockets of the machine, from
// `proc`/net/sockstat and sockstat6, and the connections that the firewall
// tracks, from `proc`/sys/net/netfilter; read every 5 seconds.
//
//   .1.3.6.1.4.1.8072.9999.9999.10.1.4.<scalar>.0
//
// The label of a scalar names its source, such as "TCP inuse".
//
// If the kernel or one of its modules lacks the files for IPv6, the files for
// connection tracking, or single numbers, the scalars are absent, which is not
// an error. If sockstat is missing, or a file cannot be parsed, the update
// fails and the scalars keep their old values.
void AddSockets(passpersist::AgentBuilder& builder,
                const std::string& proc = "/proc");

}  // namespace host_agent

#endif  // EXAMPLES_HOST_AGENT_SOCKETS_H_
