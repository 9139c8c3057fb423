#include "passpersist/agent/testing/make_objects.h"

#include "passpersist/agent/subtree.h"

namespace passpersist::internal {

ManagedObjects MakeObjects(
    std::vector<std::pair<Oid, std::shared_ptr<OidStore>>> roots_and_stores,
    ManagedObjects::Setters setters) {
  ManagedObjects::Subtrees subtrees;
  for (auto& [root, store] : roots_and_stores) {
    subtrees.push_back(
        std::make_unique<Subtree>(std::move(root), std::move(store)));
  }
  return ManagedObjects(std::move(subtrees), std::move(setters));
}

}  // namespace passpersist::internal
