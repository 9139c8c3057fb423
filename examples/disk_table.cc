// SPDX-License-Identifier: Apache-2.0
//
// Serves a table of the machine's disks.

#include "examples/disks.h"
#include "simple/snmp_agent.h"

int main(int argc, char** argv) {
  passpersist::SnmpAgent agent(argc, argv);
  AddDisks(agent);
  return agent.Run();
}
