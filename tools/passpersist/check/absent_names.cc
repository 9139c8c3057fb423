// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/check/absent_names.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "tools/passpersist/check/sample.h"

namespace passpersist::tool {
namespace {

constexpr size_t kMaxInstances = 50;
constexpr uint32_t kMaxArc = std::numeric_limits<uint32_t>::max();

Oid With(Oid oid, uint32_t arc) {
  oid.Append(arc);
  return oid;
}

// Returns `oid` with its last arc replaced by `arc`.
Oid Instead(Oid oid, uint32_t arc) {
  oid.Truncate(oid.size() - 1);
  oid.Append(arc);
  return oid;
}

Oid Longest(Oid oid) {
  while (oid.size() < Oid::kMaxArcs) oid.Append(kMaxArc);
  return oid;
}

}  // namespace

std::vector<Instance>::const_iterator InstanceAfter(const Names& names,
                                                    const Oid& name) {
  return std::upper_bound(names.instances.begin(), names.instances.end(), name,
                          [](const Oid& oid, const Instance& instance) {
                            return oid < instance.oid;
                          });
}

const Oid& NameBefore(const Names& names, const Oid& name) {
  const auto after = InstanceAfter(names, name);
  return after == names.instances.begin() ? names.base : (after - 1)->oid;
}

std::vector<Oid> AbsentNames(const Names& names) {
  std::vector<Oid> absent = {With(names.base, 0), With(names.base, kMaxArc)};
  for (const size_t i : Sample(names.instances.size(), kMaxInstances)) {
    const Oid& oid = names.instances[i].oid;
    if (oid.size() < Oid::kMaxArcs) {
      absent.push_back(With(oid, 0));
      absent.push_back(With(oid, kMaxArc));
    }
    if (oid.back() < kMaxArc) absent.push_back(Instead(oid, oid.back() + 1));
    if (oid.back() > 0) absent.push_back(Instead(oid, oid.back() - 1));
    absent.emplace_back(oid.arcs().first(oid.size() - 1));
  }
  if (!names.instances.empty()) {
    absent.push_back(Longest(names.instances.front().oid));
  }

  const auto is_useless = [&](const Oid& name) {
    return name.size() <= names.base.size() ||
           NameBefore(names, name) == name ||
           (names.walk == Names::Walk::kCut &&
            InstanceAfter(names, name) == names.instances.end());
  };
  absent.erase(std::remove_if(absent.begin(), absent.end(), is_useless),
               absent.end());
  return absent;
}

}  // namespace passpersist::tool
