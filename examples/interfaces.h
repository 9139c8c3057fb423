// SPDX-License-Identifier: Apache-2.0

#ifndef EXAMPLES_INTERFACES_H_
#define EXAMPLES_INTERFACES_H_

#include <string>

#include "passpersist/agent_builder.h"

// Adds a table of the machine's network interfaces, read from `sysfs` every 5
// seconds. The index of a row is the interface's number. The columns are
// number, name, MTU, physical address, octets received and octets sent:
//
//   .1.3.6.1.4.1.8072.9999.9999.2.1.<column>.<number>
void AddInterfaces(passpersist::AgentBuilder& builder,
                   const std::string& sysfs = "/sys/class/net");

#endif  // EXAMPLES_INTERFACES_H_
