// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_E2E_PROTOCOLS_IN_MEMORY_MANAGER_H_
#define TOOLS_E2E_PROTOCOLS_IN_MEMORY_MANAGER_H_

#include <memory>

#include "passpersist/agent_builder.h"
#include "tools/e2e/protocols/manager.h"

namespace passpersist_testing {

// Each returned Manager runs the agent of `builder` on a thread of its own
// while the Manager exists, and sends it requests by pass_persist, or by
// transport/debug/debug.proto: a set as one message, or as a TestSet and a
// CommitSet. `builder` must have no transport and no codec.
std::unique_ptr<Manager> PassPersistManager(passpersist::AgentBuilder builder);
std::unique_ptr<Manager> DebugManager(passpersist::AgentBuilder builder,
                                      bool sets_in_phases = false);

}  // namespace passpersist_testing

#endif  // TOOLS_E2E_PROTOCOLS_IN_MEMORY_MANAGER_H_
