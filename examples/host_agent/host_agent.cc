// SPDX-License-Identifier: Apache-2.0
//
// Serves data of the machine that snmpd's own MIBs do not have. Each line of
// main() adds the contribution of a library that does not depend on the others.
// testdata/mibs/PASSPERSIST-HOST-MIB.txt has the names of the objects. With
// `--debug-socket PATH` the program adds a debug socket.

#include "examples/host_agent/disks.h"
#include "examples/host_agent/interfaces.h"
#include "examples/host_agent/pressure.h"
#include "examples/host_agent/processes.h"
#include "examples/host_agent/sockets.h"
#include "simple/snmp_agent.h"

int main(int argc, char** argv) {
  passpersist::SnmpAgent agent(argc, argv);
  host_agent::AddInterfaces(agent);
  host_agent::AddDisks(agent);
  host_agent::AddPressure(agent);
  host_agent::AddSockets(agent);
  host_agent::AddProcesses(agent);
  return agent.Run();
}
