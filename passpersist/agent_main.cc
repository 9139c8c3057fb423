// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent_main.h"

#include <syslog.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace passpersist {

void AgentMain(absl::StatusOr<std::unique_ptr<Agent>> agent) {
  const absl::Status status = agent.ok() ? (*agent)->Run() : agent.status();
  if (!status.ok()) {
    const std::string line = status.ToString();
    syslog(LOG_DAEMON | LOG_ERR, "%s", line.c_str());
    std::fprintf(stderr, "%s\n", line.c_str());
  }
  // Skips all destructors: they would wait for updates and debug clients,
  // although snmpd may have started a new agent already. Nothing depends on the
  // destructors, because snmpd usually ends its children by SIGKILL.
  std::quick_exit(status.ok() ? EXIT_SUCCESS : EXIT_FAILURE);
}

}  // namespace passpersist
