// SPDX-License-Identifier: Apache-2.0

#ifndef EXAMPLES_HOST_AGENT_INTERFACES_H_
#define EXAMPLES_HOST_AGENT_INTERFACES_H_

#include <string>

#include "passpersist/agent_builder.h"

namespace host_agent {

// Adds hostIfTable: the network interfaces below `sys`/class/net, read every 5
// seconds.
//
//   .1.3.6.1.4.1.8072.9999.9999.10.1.1.1.1.<column>.<ifIndex>
//
// The index is the kernel's number of the interface, which is also the ifIndex
// of snmpd's own IF-MIB: it stays while the interface exists, even if its name
// changes, and the kernel does not give it to the next interface.
//
// Speed and carrier are missing where the kernel does not know them: loopback
// has no speed, and an interface that is down has no carrier. An interface that
// is removed during an update has no row.
void AddInterfaces(passpersist::AgentBuilder& builder,
                   const std::string& sys = "/sys");

}  // namespace host_agent

#endif  // EXAMPLES_HOST_AGENT_INTERFACES_H_
