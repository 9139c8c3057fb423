// SPDX-License-Identifier: Apache-2.0
//
// Serves three sensors, whose values are computed at each request:
//
//   sensor_agent FILE
//
// 1 and 3 answer at once, 2 only while FILE exists.

#include <unistd.h>

#include <string>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "tools/e2e/snmpd/snmpd_agent.h"

using namespace passpersist;  // NOLINT: a test program
using passpersist_testing::Playpen;

int main(int, char** argv) {
  AgentBuilder builder = passpersist_testing::SnmpdAgent();
  const std::string file = argv[1];
  builder.AddSubtree(Playpen(), absl::Hours(1), [file](Contents& contents) {
    contents.PutComputed({1}, [] { return Gauge32{1}; });
    contents.PutComputed({2}, [file] {
      while (access(file.c_str(), F_OK) != 0) {
        absl::SleepFor(absl::Milliseconds(1));
      }
      return Gauge32{2};
    });
    contents.PutComputed({3}, [] { return Gauge32{3}; });
    return absl::OkStatus();
  });
  AgentMain(builder.Build());
}
