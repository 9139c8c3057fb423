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
  using Setters = std::map<Oid, std::unique_ptr<Setter>>;

  // Requires subtrees in the order of their roots; none lies in another one.
  // Nothing can be set where the setter is null.
  // What is set at and below the roots `secrets` is secret.
  MibTree(Subtrees subtrees, Setters setters, std::vector<Oid> secrets = {});

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

  // The setter with the longest root that is a prefix of `oid`, and its root,
  // or null. Only the transaction that holds the setter may call it: see
  // SetterLocks.
  const Setters::value_type* FindSetter(const Oid& oid) const;

  bool has_secrets() const { return !secrets_.empty(); }
  bool IsSecret(const Oid& oid) const;

  // Of all sets that change these subtrees.
  SetEpoch& set_epoch() const { return set_epoch_; }

  Regions regions() const;

 private:
  const Subtrees subtrees_;
  const Setters setters_;
  const std::vector<Oid> secrets_;
  mutable SetEpoch set_epoch_;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_MIB_MIB_TREE_H_
