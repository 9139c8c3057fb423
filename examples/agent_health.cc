// SPDX-License-Identifier: Apache-2.0
//
// Serves the load of the machine, and the health of the agent itself by the
// objects of testdata/mibs/PASSPERSIST-HEALTH-MIB.txt. The line in snmpd.conf
// has a base that encloses both:
//
//   pass_persist .1.3.6.1.4.1.8072.9999.9999 /usr/local/lib/snmp/agent_health

#include <stdlib.h>

#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "passpersist/contents.h"
#include "passpersist/monitoring/health_subtree.h"
#include "passpersist/oid.h"
#include "passpersist/value.h"
#include "simple/snmp_agent.h"

using namespace passpersist;  // NOLINT: an example

namespace {

// Puts the averages of one, five and fifteen minutes, in hundredths.
absl::Status PutLoad(Contents& contents) {
  double load[3];
  if (getloadavg(load, 3) != 3) {
    return absl::UnavailableError("the load is unknown");
  }
  for (uint32_t i = 0; i < 3; ++i) {
    contents.Put({i + 1, 0}, Gauge32::FromNumber(100 * load[i]));
  }
  return absl::OkStatus();
}

}  // namespace

int main(int argc, char** argv) {
  SnmpAgent agent(argc, argv);
  agent.AddSubtree(Oid::Parse(".1.3.6.1.4.1.8072.9999.9999.6"),
                   absl::Seconds(10), PutLoad);
  AddHealthSubtree(agent, Oid::Parse(".1.3.6.1.4.1.8072.9999.9999.21"));
  return agent.Run();
}
