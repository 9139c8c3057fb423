// SPDX-License-Identifier: Apache-2.0

#ifndef EXAMPLES_HOST_AGENT_PROCESSES_H_
#define EXAMPLES_HOST_AGENT_PROCESSES_H_

#include <string>

#include "passpersist/agent_builder.h"

namespace host_agent {

// Adds two tables that summarize the processes below `proc`. An update every 10
// seconds reads one small file for each process.
//
//   .1.3.6.1.4.1.8072.9999.9999.10.1.5.1.1.<column>.<state>
//   .1.3.6.1.4.1.8072.9999.9999.10.1.5.2.1.<column>.<length>.<byte>…
//
// hostProcStateTable has a row for each state of the MIB, also for a state
// without processes. hostProcNameTable has a row for each name of a program,
// indexed by the name, encoded as a string of RFC 2578 section 7.7: no number
// is the same for all instances of a program. Kernel threads count among the
// states but not among the names, because hundreds of their names appear and
// disappear.
//
// With hidepid (proc(5)) an agent sees only the processes of its own user. A
// process that ends during the update does not count. If a line cannot be
// parsed, the update fails and the tables keep their old rows.
void AddProcesses(passpersist::AgentBuilder& builder,
                  const std::string& proc = "/proc");

}  // namespace host_agent

#endif  // EXAMPLES_HOST_AGENT_PROCESSES_H_
