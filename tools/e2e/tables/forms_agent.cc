// SPDX-License-Identifier: Apache-2.0
//
// Serves the same tables in all forms, each form below an OID of its own.

#include <cstdint>

#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "passpersist/oid.h"
#include "passpersist/table/testing/table_forms.h"
#include "tools/e2e/snmpd/snmpd_agent.h"

int main() {
  using passpersist_testing::kTableForms;
  passpersist::AgentBuilder builder = passpersist_testing::SnmpdAgent();
  for (const passpersist_testing::TableForm form : kTableForms) {
    passpersist_testing::AddTables(
        form,
        passpersist_testing::Playpen({21, 1 + static_cast<uint32_t>(form)}),
        &builder);
  }
  passpersist::AgentMain(builder.Build());
}
