// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_TESTING_MAKE_MIB_TREE_H_
#define PASSPERSIST_AGENT_TESTING_MAKE_MIB_TREE_H_

#include <memory>
#include <utility>
#include <vector>

#include "passpersist/agent/mib/mib_tree.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"

namespace passpersist::internal {

// For tests: MibTree with a subtree for each root, in their order.
MibTree MakeMibTree(
    std::vector<std::pair<Oid, std::shared_ptr<OidStore>>> roots_and_stores,
    MibTree::Setters setters = {});

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_TESTING_MAKE_MIB_TREE_H_
