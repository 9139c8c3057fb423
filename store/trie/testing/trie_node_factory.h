// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_TRIE_TESTING_TRIE_NODE_FACTORY_H_
#define STORE_TRIE_TESTING_TRIE_NODE_FACTORY_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "passpersist/oid.h"
#include "store/trie/node_refs.h"
#include "store/trie/testing/trie_checker.h"
#include "store/trie/trie_inner.h"
#include "store/trie/trie_leaf.h"
#include "store/trie/trie_node.h"

namespace passpersist::store_internal {

// Oids as keys, and views of the keys for functions that make nodes.
//
// Immutable, so safe for concurrent use.
class PackedOids {
 public:
  explicit PackedOids(const std::vector<Oid>& oids) {
    for (const Oid& oid : oids) strings_.push_back(Packed(oid));
    views_.assign(strings_.begin(), strings_.end());
  }
  PackedOids(const PackedOids&) = delete;
  PackedOids& operator=(const PackedOids&) = delete;

  const std::vector<absl::string_view>& views() const { return views_; }

 private:
  std::vector<std::string> strings_;
  std::vector<absl::string_view> views_;
};

// The functions of NodeRefs that take keys, for tests that have Oids.
//
// Used by one thread at a time.
class TrieNodeMaker {
 public:
  using Children = std::vector<const TrieNode*>;

  explicit TrieNodeMaker(NodeRefs* nodes) : nodes_(*nodes) {}

  const TrieLeaf* Keys(const std::vector<Oid>& suffixes) {
    return nodes_.Make(TrieLeaf::MakeKeys, PackedOids(suffixes).views());
  }
  const TrieInner* Branch(const std::vector<Oid>& labels,
                          const Children& children) {
    return nodes_.Make(TrieInner::MakeBranch, PackedOids(labels).views(),
                       children);
  }
  const TrieInner* Index(const std::vector<Oid>& separators,
                         const Children& children) {
    return nodes_.Make(TrieInner::MakeIndex, 1, PackedOids(separators).views(),
                       children);
  }

 private:
  NodeRefs& nodes_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_TRIE_TESTING_TRIE_NODE_FACTORY_H_
