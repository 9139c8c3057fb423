// SPDX-License-Identifier: Apache-2.0
//
// Serves the objects of outcome_objects.h: outcome_agent updated|owned|written.

#include <string>

#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "tools/e2e/sets/outcome_objects.h"
#include "tools/e2e/snmpd/snmpd_agent.h"

int main(int, char** argv) {
  using passpersist_testing::Storage;
  passpersist::AgentBuilder builder = passpersist_testing::SnmpdAgent();
  const std::string storage = argv[1];
  AddOutcomeObjects(builder, storage == "updated" ? Storage::kUpdated
                             : storage == "owned" ? Storage::kOwned
                                                  : Storage::kWritten);
  passpersist::AgentMain(builder.Build());
}
