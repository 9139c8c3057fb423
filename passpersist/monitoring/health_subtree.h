// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_MONITORING_HEALTH_SUBTREE_H_
#define PASSPERSIST_MONITORING_HEALTH_SUBTREE_H_

#include "absl/status/statusor.h"
#include "passpersist/agent_builder.h"
#include "passpersist/oid.h"

namespace passpersist {

// Serves what the agent tells of itself, below `root`: the objects of
// testdata/mibs/PASSPERSIST-HEALTH-MIB.txt. `root` is the OID of the module,
// such as .1.3.6.1.4.1.8072.9999.9999.21, which the module has:
//
//   root.1.1.N.0          scalars: requests, sets, errors, uptime
//   root.1.2.1.1.N.INDEX  a row for each subtree: updates, failures, age
//
// docs/health.md lists them. A table or a scalar of the agent is a subtree, but
// these objects themselves have no rows. The table is filled on demand and is
// at most a second old, so the builder needs a scheduler. The scalars are
// computed at each request. Neither reads the instances of the subtrees.
void AddHealthSubtree(AgentBuilder& builder, absl::StatusOr<Oid> root);

}  // namespace passpersist

#endif  // PASSPERSIST_MONITORING_HEALTH_SUBTREE_H_
