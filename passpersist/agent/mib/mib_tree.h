// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_MIB_MIB_TREE_H_
#define PASSPERSIST_AGENT_MIB_MIB_TREE_H_

#include <cstddef>
#include <map>
#include <memory>
#include <vector>

#include "passpersist/agent/mib/subtree.h"
#include "passpersist/codec.h"
#include "passpersist/oid.h"
#include "passpersist/setter.h"

namespace passpersist::internal {

// What an agent serves: disjoint subtrees, and setters within them.
//
// Immutable, except for the contents of the subtrees and setters. Safe for
// concurrent use.
class MibTree {
 public:
  using Subtrees = std::vector<std::unique_ptr<Subtree>>;
  using Setters = std::map<Oid, std::unique_ptr<Setter>>;

  // Requires subtrees in the order of their roots; none lies in another one.
  MibTree(Subtrees subtrees, Setters setters);

  const Subtrees& subtrees() const { return subtrees_; }

  // The position in subtrees() of the subtree that `oid` lies in, or else of
  // the first subtree after `oid`: subtrees().size() if there is none.
  size_t Locate(const Oid& oid) const;

  // True if `oid` lies in the subtree at this position, which may be
  // subtrees().size().
  bool Contains(size_t position, const Oid& oid) const {
    return position < subtrees_.size() &&
           oid.StartsWith(subtrees_[position]->root());
  }

  // The subtree that `oid` lies in, or null.
  Subtree* Find(const Oid& oid) const;

  // The setter with the longest root that is a prefix of `oid`, or null. Only
  // the transaction that holds the setter may call it: see SetterLocks.
  Setter* FindSetter(const Oid& oid) const;

  Regions regions() const;

 private:
  const Subtrees subtrees_;
  const Setters setters_;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_MIB_MIB_TREE_H_
