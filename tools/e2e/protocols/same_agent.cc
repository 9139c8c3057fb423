// SPDX-License-Identifier: Apache-2.0
//
// Serves the objects of same_agent_test to snmpd.

#include "passpersist/agent_main.h"
#include "tools/e2e/protocols/same_objects.h"
#include "tools/e2e/snmpd/snmpd_agent.h"

int main() {
  passpersist::AgentBuilder builder = passpersist_testing::SnmpdAgent();
  passpersist_testing::AddSameObjects(builder);
  passpersist::AgentMain(builder.Build());
}
