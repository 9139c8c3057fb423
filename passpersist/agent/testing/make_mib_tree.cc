// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/testing/make_mib_tree.h"

#include <cstddef>

#include "passpersist/agent/mib/subtree.h"
#include "passpersist/agent/sets/set_changes.h"
#include "passpersist/changes.h"

namespace passpersist::internal {

MibTree MakeMibTree(
    std::vector<std::pair<Oid, std::shared_ptr<OidStore>>> roots_and_stores,
    MibTree::Setters setters, bool is_updated, std::vector<Oid> secrets) {
  MibTree::Subtrees subtrees;
  for (auto& [root, store] : roots_and_stores) {
    subtrees.push_back(std::make_unique<Subtree>(std::move(root),
                                                 std::move(store), is_updated));
  }
  return MibTree(std::move(subtrees), std::move(setters), std::move(secrets));
}

bool PublishSet(const MibTree& objects, const Oid& oid, Value value) {
  Changes change;
  change.Put({}, std::move(value));
  SetChanges set(&objects);
  size_t assignment;
  return set.Add(0, oid, change).ok() && set.Publish(&assignment).ok();
}

}  // namespace passpersist::internal
