// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/testing/make_mib_tree.h"

#include "passpersist/agent/mib/subtree.h"

namespace passpersist::internal {

MibTree MakeMibTree(
    std::vector<std::pair<Oid, std::shared_ptr<OidStore>>> roots_and_stores,
    MibTree::Setters setters) {
  MibTree::Subtrees subtrees;
  for (auto& [root, store] : roots_and_stores) {
    subtrees.push_back(std::make_unique<Subtree>(std::move(root),
                                                 std::move(store),
                                                 /*is_updated=*/false));
  }
  return MibTree(std::move(subtrees), std::move(setters));
}

}  // namespace passpersist::internal
