// SPDX-License-Identifier: Apache-2.0

#ifndef EXAMPLES_HOST_AGENT_PRESSURE_H_
#define EXAMPLES_HOST_AGENT_PRESSURE_H_

#include <string>

#include "passpersist/agent_builder.h"

namespace host_agent {

// Adds hostPressureTable: the share of time for which tasks waited for a
// resource, from `proc`/pressure (Linux, Documentation/accounting/psi.rst),
// read every 2 seconds, which is how often the kernel updates its averages.
//
//   .1.3.6.1.4.1.8072.9999.9999.10.1.3.1.1.<column>.<resource>.<kind>
//
// Resource is 1 cpu, 2 memory, 3 io, 4 irq; kind is 1 some, 2 full. The MIB
// defines these numbers, which never change.
//
// A kernel may lack a file, or all of the files (CONFIG_PSI, "psi=0"). The rows
// are then absent, which is not an error. If a file cannot be parsed, the
// update fails and the table keeps its old rows.
void AddPressure(passpersist::AgentBuilder& builder,
                 const std::string& proc = "/proc");

}  // namespace host_agent

#endif  // EXAMPLES_HOST_AGENT_PRESSURE_H_
