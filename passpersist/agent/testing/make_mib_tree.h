// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_TESTING_MAKE_MIB_TREE_H_
#define PASSPERSIST_AGENT_TESTING_MAKE_MIB_TREE_H_

#include <memory>
#include <utility>
#include <vector>

#include "passpersist/agent/mib/mib_tree.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/value.h"

namespace passpersist::internal {

// For tests: MibTree with a subtree for each root, in their order.
// `is_updated`: the stores belong to the agent, not to an owner.
MibTree MakeMibTree(
    std::vector<std::pair<Oid, std::shared_ptr<OidStore>>> roots_and_stores,
    MibTree::Setters setters = {}, bool is_updated = false,
    std::vector<Oid> secrets = {});

// Publishes `value` for the instance `oid`, as a set does. True if that
// succeeds.
bool PublishSet(const MibTree& objects, const Oid& oid, Value value);

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_TESTING_MAKE_MIB_TREE_H_
