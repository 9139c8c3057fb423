// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/check/absent_names.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <utility>

#include "tools/passpersist/check/sample.h"

namespace passpersist::tool {
namespace {

constexpr size_t kMaxInstances = 50;
constexpr uint32_t kMaxArc = std::numeric_limits<uint32_t>::max();

Oid With(Oid oid, uint32_t arc) {
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
  std::vector<Oid> above;
  std::vector<Oid> beside;
  std::vector<Oid> below;
  for (const size_t i : Sample(names.instances.size(), kMaxInstances)) {
    const Oid& oid = names.instances[i].oid;
    for (size_t size = names.base.size() + 1; size < oid.size(); ++size) {
      above.emplace_back(oid.arcs().first(size));
    }
    if (oid.back() < kMaxArc) {
      beside.push_back(WithLastArc(oid, oid.back() + 1));
    }
    if (oid.back() > 0) beside.push_back(WithLastArc(oid, oid.back() - 1));
    if (oid.size() == Oid::kMaxArcs) continue;
    if (oid.back() > 0) below.push_back(With(beside.back(), 5));
    below.push_back(With(oid, 0));
    below.push_back(With(oid, kMaxArc));
  }
  below.push_back(With(names.base, 0));
  below.push_back(With(names.base, kMaxArc));
  if (!names.instances.empty()) {
    below.push_back(Longest(names.instances.front().oid));
  }

  std::vector<Oid> absent;
  std::set<Oid> known;
  for (std::vector<Oid>* const kind : {&above, &beside, &below}) {
    for (Oid& name : *kind) {
      const bool is_after_cut =
          names.walk == Names::Walk::kCut &&
          InstanceAfter(names, name) == names.instances.end();
      if (name.size() > names.base.size() && !is_after_cut &&
          NameBefore(names, name) != name && known.insert(name).second) {
        absent.push_back(std::move(name));
      }
    }
  }
  return absent;
}

Oid WithLastArc(Oid oid, uint32_t arc) {
  oid.Truncate(oid.size() - 1);
  oid.Append(arc);
  return oid;
}

bool AreReversedAsText(const Oid& less, const Oid& greater) {
  return greater.ToString() < less.ToString();
}

}  // namespace passpersist::tool
