// SPDX-License-Identifier: Apache-2.0
//
// Serves a settings file that people edit and SNMP managers set: settings FILE
// (settings_table.h).

#include "absl/status/status.h"
#include "examples/settings_table.h"
#include "passpersist/agent_main.h"
#include "simple/snmp_agent.h"

int main(int argc, char** argv) {
  passpersist::SnmpAgent agent(argc, argv);
  if (argc != 2) {
    passpersist::AgentMain(absl::InvalidArgumentError("usage: settings FILE"));
  }
  AddSettings(agent, argv[1]);
  return agent.Run();
}
