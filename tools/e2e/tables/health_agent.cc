// SPDX-License-Identifier: Apache-2.0
//
// Serves its health, and subtrees in different states.

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "passpersist/contents.h"
#include "passpersist/monitoring/health_subtree.h"
#include "passpersist/value.h"
#include "simple/snmp_agent.h"
#include "tools/e2e/snmpd/snmpd_agent.h"

int main(int argc, char** argv) {
  using namespace passpersist;  // NOLINT: a test program
  using passpersist_testing::Playpen;
  SnmpAgent agent(argc, argv);
  // The second run hangs.
  agent.AddSubtree(Playpen({1}), absl::Seconds(1),
                   [runs = 0](Contents& contents) mutable {
                     if (++runs > 1) absl::SleepFor(absl::InfiniteDuration());
                     contents.Put({1, 0}, Integer32{1});
                     return absl::OkStatus();
                   });
  agent.AddSubtree(Playpen({2}), absl::Minutes(10),
                   [](Contents&) { return absl::NotFoundError("no sensor"); });
  // One instance is left out. Nothing changes after the first run.
  agent.AddSubtree(Playpen({3}), absl::Milliseconds(100),
                   [runs = 0](Contents& contents) mutable {
                     if (++runs > 1) {
                       contents.SetUnchanged();
                       return absl::OkStatus();
                     }
                     contents.Put({1, 0}, Integer32{1});
                     contents.Put({2, 0}, absl::StatusOr<Integer32>(
                                              absl::DataLossError("broken")));
                     return absl::OkStatus();
                   });
  agent.AddScalar(Playpen({4}), [] { return int32_t{1}; });
  AddHealthSubtree(agent, Playpen({21}));
  return agent.Run();
}
