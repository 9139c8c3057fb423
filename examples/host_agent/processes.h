// SPDX-License-Identifier: Apache-2.0

#ifndef EXAMPLES_HOST_AGENT_PROCESSES_H_
#define EXAMPLES_HOST_AGENT_PROCESSES_H_

#include <string>

#include "passpersist/agent_builder.h"

namespace host_agent {

// Adds two tables that sum up the processes below `proc`, read anew every 10
// seconds: one small file for each process.
//
//   .1.3.6.1.4.1.8072.9999.9999.10.1.5.1.1.<column>.<state>
//   .1.3.6.1.4.1.8072.9999.9999.10.1.5.2.1.<column>.<length>.<byte>…
//
// hostProcStateTable has a row for each state of the MIB, also for one in
// which no process is. hostProcNameTable has a row for each name that a program
// goes by, indexed by the name as RFC 2578 section 7.7 has strings: no number
// would stay for all instances of a program. Kernel threads count among the
// states but not among the names, for their names come and go by the hundred.
//
// With hidepid (proc(5)) an agent sees its own user's processes only. One that
// ends while it is read doesn't count. A line which can't be understood is an
// error, and the tables stay as they were.
void AddProcesses(passpersist::AgentBuilder& builder,
                  const std::string& proc = "/proc");

}  // namespace host_agent

#endif  // EXAMPLES_HOST_AGENT_PROCESSES_H_
