// SPDX-License-Identifier: Apache-2.0
//
// Each argument is the root of a subtree. Serves below each root the root
// itself (1.0) and the pid (2.0).

#include <unistd.h>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "tools/e2e/snmpd/snmpd_agent.h"

using namespace passpersist;  // NOLINT: a test program

int main(int argc, char** argv) {
  AgentBuilder builder = passpersist_testing::SnmpdAgent();
  for (int i = 1; i < argc; ++i) {
    const absl::StatusOr<Oid> root = Oid::Parse(argv[i]);
    builder.AddSubtree(root, absl::Hours(1), [root](Contents& contents) {
      contents.Put({1, 0}, ObjectIdentifier{*root});
      contents.Put({2, 0}, Gauge32::FromNumber(getpid()));
      return absl::OkStatus();
    });
  }
  AgentMain(builder.Build());
}
