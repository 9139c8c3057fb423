#ifndef PASSPERSIST_AGENT_TESTING_MAKE_OBJECTS_H_
#define PASSPERSIST_AGENT_TESTING_MAKE_OBJECTS_H_

#include <memory>
#include <utility>
#include <vector>

#include "passpersist/agent/managed_objects.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"

namespace passpersist::internal {

// For tests: ManagedObjects with a subtree for each root, in their order.
ManagedObjects MakeObjects(
    std::vector<std::pair<Oid, std::shared_ptr<OidStore>>> roots_and_stores,
    ManagedObjects::Setters setters = {});

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_TESTING_MAKE_OBJECTS_H_
