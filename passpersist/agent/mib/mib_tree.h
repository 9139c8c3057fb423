// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_MIB_MIB_TREE_H_
#define PASSPERSIST_AGENT_MIB_MIB_TREE_H_

#include <cstddef>
#include <map>
#include <memory>
#include <vector>

#include "passpersist/agent/mib/set_epoch.h"
#include "passpersist/agent/mib/subtree.h"
#include "passpersist/codec.h"
#include "passpersist/oid.h"
#include "passpersist/setter.h"
#include "passpersist/value.h"

namespace passpersist::internal {

// The zero or the empty text of the same type: in place of a secret.
Value EmptyValueLike(const Value& value);

// What an agent serves: disjoint subtrees, and setters within them.
//
// Immutable, except for the contents of the subtrees and setters. Safe for
// concurrent use.
class MibTree {
 public:
  using Subtrees = std::vector<std::unique_ptr<Subtree>>;

  // An OID at and below which instances are served, and by which subtree.
  struct Region {
    Oid root;
    Subtree* subtree;
    size_t number;  // of the subtree: its position in subtrees()
    // Of the root, relative to the base of the subtree. Empty if the region is
    // all of the subtree.
    Oid suffix;
  };
  using Setters = std::map<Oid, std::unique_ptr<Setter>>;

  // Requires subtrees in the order of their roots; no region lies in another.
  // Nothing can be set where the setter is null.
  // What is set at and below the roots `secrets` is secret.
  MibTree(Subtrees subtrees, Setters setters, std::vector<Oid> secrets = {});

  const Subtrees& subtrees() const { return subtrees_; }

  // In the order of their roots. Most subtrees have one region.
  const std::vector<Region>& regions() const { return regions_; }

  // The position in regions() of the region that `oid` lies in, or else of the
  // first region after `oid`: regions().size() if there is none.
  size_t Locate(const Oid& oid) const;

  // True if `oid` lies in the region at this position, which may be
  // regions().size().
  bool Contains(size_t position, const Oid& oid) const {
    return position < regions_.size() &&
           oid.StartsWith(regions_[position].root);
  }

  // The subtree that `oid` lies in, or null.
  Subtree* Find(const Oid& oid) const;

  // The setter with the longest root that is a prefix of `oid`, and its root,
  // or null. Only the transaction that holds the setter may call it: see
  // SetterLocks.
  const Setters::value_type* FindSetter(const Oid& oid) const;

  bool has_secrets() const { return !secrets_.empty(); }
  bool IsSecret(const Oid& oid) const;

  // Of all sets that change these subtrees.
  SetEpoch& set_epoch() const { return set_epoch_; }

  // For a codec.
  Regions CodecRegions() const;

 private:
  const Subtrees subtrees_;
  const std::vector<Region> regions_;
  const Setters setters_;
  const std::vector<Oid> secrets_;
  mutable SetEpoch set_epoch_;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_MIB_MIB_TREE_H_
