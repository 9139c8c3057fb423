// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_MAIN_H_
#define PASSPERSIST_AGENT_MAIN_H_

#include <memory>

#include "absl/status/statusor.h"
#include "passpersist/agent.h"

namespace passpersist {

// The last call of a main function: runs the agent and ends the process,
// without waiting for updates or debug clients that hang. Exit status:
//
//   0  Agent::Run() returned OK
//   1  `agent` or the result of Agent::Run() is an error; a line in syslog and
//      on standard error says why
//
// Ends the process by std::quick_exit(): neither destructors nor atexit()
// handlers run, and C streams are not flushed. Installs no signal handler.
//
//   int main() {
//     …
//     passpersist::AgentMain(builder.Build());
//   }
[[noreturn]] void AgentMain(absl::StatusOr<std::unique_ptr<Agent>> agent);

}  // namespace passpersist

#endif  // PASSPERSIST_AGENT_MAIN_H_
