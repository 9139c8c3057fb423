// SPDX-License-Identifier: Apache-2.0
//
// stopping_agent FILE serves rows 1 to 300. When row 150 is read, it creates
// FILE and stops itself (SIGSTOP), unless FILE exists.

#include <signal.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "tools/e2e/snmpd/snmpd_agent.h"

using namespace passpersist;  // NOLINT: a test program
using passpersist_testing::Playpen;

int main(int, char** argv) {
  AgentBuilder builder = passpersist_testing::SnmpdAgent();
  const std::string marker = argv[1];
  builder.AddSubtree(Playpen(), absl::Hours(1), [marker](Contents& contents) {
    for (uint32_t row = 1; row <= 300; ++row) {
      if (row != 150) contents.Put({row}, Gauge32{row});
    }
    contents.PutComputed({150}, [marker] {
      if (access(marker.c_str(), F_OK) != 0) {
        std::ofstream(marker) << "\n";
        raise(SIGSTOP);
      }
      return Gauge32{150};
    });
    return absl::OkStatus();
  });
  AgentMain(builder.Build());
}
