// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_E2E_SNMPD_SNMPD_AGENT_H_
#define TOOLS_E2E_SNMPD_SNMPD_AGENT_H_

#include <string>

#include "passpersist/agent_builder.h"
#include "passpersist/oid.h"

namespace passpersist_testing {

// Returns a builder with the parts of every agent that snmpd starts. Must be
// the first call in main(). If `stray_output` is given, what the agent prints
// is appended to that file. The first answer waits for the first updates,
// however busy the machine is.
passpersist::AgentBuilder SnmpdAgent(const std::string& stray_output = "");

// netSnmpPlaypen.`suffix`.
passpersist::Oid Playpen(const passpersist::Oid& suffix = {});

}  // namespace passpersist_testing

#endif  // TOOLS_E2E_SNMPD_SNMPD_AGENT_H_
