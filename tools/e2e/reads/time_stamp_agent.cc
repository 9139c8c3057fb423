// SPDX-License-Identifier: Apache-2.0
//
// Serves TimeStamps: 1 is that of the request, 2 that of an event before snmpd
// was started.

#include <memory>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "tools/e2e/snmpd/snmpd_agent.h"
#include "transport/posix/process_sys_up_time.h"

using namespace passpersist;  // NOLINT: a test program

int main() {
  AgentBuilder builder = passpersist_testing::SnmpdAgent();
  builder.SetSysUpTime(std::make_shared<ProcessSysUpTime>())
      .AddSubtreeOnDemand(
          passpersist_testing::Playpen(), absl::ZeroDuration(),
          [](Contents& contents) {
            const absl::Time now = absl::Now();
            contents.Put({1}, contents.TimeStampOf(now));
            contents.Put({2}, contents.TimeStampOf(now - absl::Hours(24)));
            return absl::OkStatus();
          });
  AgentMain(builder.Build());
}
