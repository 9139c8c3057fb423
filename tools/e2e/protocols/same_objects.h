// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_E2E_PROTOCOLS_SAME_OBJECTS_H_
#define TOOLS_E2E_PROTOCOLS_SAME_OBJECTS_H_

#include "passpersist/agent_builder.h"

namespace passpersist_testing {

// Adds the objects of same_agent_test, in two subtrees of the playpen:
//
//   1    a value of each type; none can be set
//   3.1  a number that can be set
//   3.2  texts that can be set; a set creates the row
//   3.3  row N refuses with error N
//   3.4  a number without a setter
void AddSameObjects(passpersist::AgentBuilder& builder);

}  // namespace passpersist_testing

#endif  // TOOLS_E2E_PROTOCOLS_SAME_OBJECTS_H_
