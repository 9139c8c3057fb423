// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/mib/mib_tree.h"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

namespace passpersist::internal {
namespace {

std::vector<MibTree::Region> RegionsOf(const MibTree::Subtrees& subtrees) {
  std::vector<MibTree::Region> regions;
  for (size_t i = 0; i < subtrees.size(); ++i) {
    const size_t base_arcs = subtrees[i]->base().size();
    for (const Oid& root : subtrees[i]->regions()) {
      regions.push_back(
          {root, subtrees[i].get(), i, Oid(root.ArcsFrom(base_arcs))});
    }
  }
  std::sort(regions.begin(), regions.end(),
            [](const MibTree::Region& a, const MibTree::Region& b) {
              return a.root < b.root;
            });
  return regions;
}

}  // namespace

Value EmptyValueLike(const Value& value) {
  return std::visit(
      [](const auto& v) { return Value(std::decay_t<decltype(v)>()); }, value);
}

MibTree::MibTree(Subtrees subtrees, Setters setters, std::vector<Oid> secrets)
    : subtrees_(std::move(subtrees)),
      regions_(RegionsOf(subtrees_)),
      setters_(std::move(setters)),
      secrets_(std::move(secrets)) {}

size_t MibTree::Locate(const Oid& oid) const {
  const auto after = std::upper_bound(
      regions_.begin(), regions_.end(), oid,
      [](const Oid& o, const Region& region) { return o < region.root; });
  const size_t next = after - regions_.begin();
  return next > 0 && Contains(next - 1, oid) ? next - 1 : next;
}

Subtree* MibTree::Find(const Oid& oid) const {
  const size_t region = Locate(oid);
  if (!Contains(region, oid)) return nullptr;
  return regions_[region].subtree;
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

Regions MibTree::CodecRegions() const {
  Regions regions;
  for (const Region& region : regions_) regions.roots.push_back(region.root);
  for (const auto& [root, setter] : setters_) {
    if (setter != nullptr) regions.writable.push_back(root);
  }
  return regions;
}

}  // namespace passpersist::internal
