// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/mib/mib_tree.h"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

namespace passpersist::internal {

Value EmptyValueLike(const Value& value) {
  return std::visit(
      [](const auto& v) { return Value(std::decay_t<decltype(v)>()); }, value);
}

MibTree::MibTree(Subtrees subtrees, Setters setters, std::vector<Oid> secrets)
    : subtrees_(std::move(subtrees)),
      setters_(std::move(setters)),
      secrets_(std::move(secrets)) {}

size_t MibTree::Locate(const Oid& oid) const {
  const auto after = std::upper_bound(
      subtrees_.begin(), subtrees_.end(), oid,
      [](const Oid& o, const auto& subtree) { return o < subtree->root(); });
  const size_t next = after - subtrees_.begin();
  const bool within = next > 0 && oid.StartsWith(subtrees_[next - 1]->root());
  return within ? next - 1 : next;
}

Subtree* MibTree::Find(const Oid& oid) const {
  const size_t place = Locate(oid);
  if (place == subtrees_.size()) return nullptr;
  Subtree* const subtree = subtrees_[place].get();
  return oid.StartsWith(subtree->root()) ? subtree : nullptr;
}

const MibTree::Setters::value_type* MibTree::FindSetter(const Oid& oid) const {
  const Setters::value_type* nearest = nullptr;
  // In OID order a root comes before the roots that it is a prefix of, so the
  // last match is the longest.
  for (const Setters::value_type& setter : setters_) {
    if (oid.StartsWith(setter.first)) nearest = &setter;
  }
  return nearest != nullptr && nearest->second == nullptr ? nullptr : nearest;
}

bool MibTree::IsSecret(const Oid& oid) const {
  return std::any_of(secrets_.begin(), secrets_.end(),
                     [&](const Oid& root) { return oid.StartsWith(root); });
}

Regions MibTree::regions() const {
  Regions regions;
  for (const auto& subtree : subtrees_) {
    regions.roots.push_back(subtree->root());
  }
  for (const auto& [root, setter] : setters_) {
    if (setter != nullptr) regions.writable.push_back(root);
  }
  return regions;
}

}  // namespace passpersist::internal
