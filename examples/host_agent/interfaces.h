// SPDX-License-Identifier: Apache-2.0

#ifndef EXAMPLES_HOST_AGENT_INTERFACES_H_
#define EXAMPLES_HOST_AGENT_INTERFACES_H_

#include <string>

#include "passpersist/agent_builder.h"

namespace host_agent {

// Adds hostIfTable: the network interfaces below `sys`/class/net, read anew
// every 5 seconds.
//
//   .1.3.6.1.4.1.8072.9999.9999.10.1.1.1.1.<column>.<ifIndex>
//
// The index is the kernel's number of the interface, which is also the ifIndex
// of snmpd's own IF-MIB: it stays while the interface exists, when it gets
// another name too, and the kernel doesn't give it to the next one.
//
// Speed and carrier are missing where the kernel doesn't know them: loopback
// has no speed, an interface that is down no carrier. An interface that goes
// while it is read has no row.
void AddInterfaces(passpersist::AgentBuilder& builder,
                   const std::string& sys = "/sys");

}  // namespace host_agent

#endif  // EXAMPLES_HOST_AGENT_INTERFACES_H_
