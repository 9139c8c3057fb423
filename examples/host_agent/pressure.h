// SPDX-License-Identifier: Apache-2.0

#ifndef EXAMPLES_HOST_AGENT_PRESSURE_H_
#define EXAMPLES_HOST_AGENT_PRESSURE_H_

#include <string>

#include "passpersist/agent_builder.h"

namespace host_agent {

// Adds hostPressureTable: how much of the time tasks waited for a resource,
// from `proc`/pressure (Linux, Documentation/accounting/psi.rst), read anew
// every 2 seconds, which is how often the kernel renews its averages.
//
//   .1.3.6.1.4.1.8072.9999.9999.10.1.3.1.1.<column>.<resource>.<kind>
//
// Resource is 1 cpu, 2 memory, 3 io, 4 irq; kind is 1 some, 2 full: numbers of
// the MIB's own, which never change.
//
// A kernel may lack a file, or all of them (CONFIG_PSI, "psi=0"): those rows
// are absent, and that is no error. A file which can't be understood is one,
// and the table stays as it was.
void AddPressure(passpersist::AgentBuilder& builder,
                 const std::string& proc = "/proc");

}  // namespace host_agent

#endif  // EXAMPLES_HOST_AGENT_PRESSURE_H_
