// SPDX-License-Identifier: Apache-2.0
//
// Serves TimeStamps: 1 is that of the request, 2 that of an event before snmpd
// was started. SnmpAgent finds snmpd.

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "simple/snmp_agent.h"
#include "tools/e2e/snmpd/snmpd_agent.h"

using namespace passpersist;  // NOLINT: a test program

int main(int argc, char** argv) {
  SnmpAgent agent(argc, argv);
  agent.AddSubtreeOnDemand(
      passpersist_testing::Playpen(), absl::ZeroDuration(),
      [](Contents& contents) {
        const absl::Time now = absl::Now();
        contents.Put({1}, contents.TimeStampOf(now));
        contents.Put({2}, contents.TimeStampOf(now - absl::Hours(24)));
        return absl::OkStatus();
      });
  return agent.Run();
}
