// SPDX-License-Identifier: Apache-2.0
//
// Serves the queues of a packet scheduler (queues.h): queue_table FILE.

#include "absl/status/status.h"
#include "examples/queues.h"
#include "passpersist/agent_main.h"
#include "simple/snmp_agent.h"

int main(int argc, char** argv) {
  passpersist::SnmpAgent agent(argc, argv);
  if (argc != 2) {
    passpersist::AgentMain(
        absl::InvalidArgumentError("usage: queue_table FILE"));
  }
  AddQueues(agent, argv[1]);
  return agent.Run();
}
