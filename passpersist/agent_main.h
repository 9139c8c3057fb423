// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_MAIN_H_
#define PASSPERSIST_AGENT_MAIN_H_

#include <memory>

#include "absl/status/statusor.h"
#include "passpersist/agent.h"

namespace passpersist {

// The end of a main function: runs the agent and then the process ends, without
// waiting for updates or guests that hang. The exit status is 0 if the peer
// closed its end. If there is no agent, or the conversation broke, it is 1, and
// a line in syslog and on standard error says why.
//
//   int main() {
//     …
//     passpersist::AgentMain(builder.Build());
//   }
[[noreturn]] void AgentMain(absl::StatusOr<std::unique_ptr<Agent>> agent);

}  // namespace passpersist

#endif  // PASSPERSIST_AGENT_MAIN_H_
