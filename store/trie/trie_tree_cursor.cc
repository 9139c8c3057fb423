// SPDX-License-Identifier: Apache-2.0

#include "store/trie/trie_tree_cursor.h"

#include "store/trie/trie_leaf.h"
#include "store/trie/trie_node.h"

namespace passpersist::store_internal {

const Oid& TrieTreeCursor::suffix() const {
  const TrieLeaf& leaf = keys_.leaf();
  const bool has_keys = leaf.kind() >= TrieNode::Kind::kKeys;
  if (decoded_visit_ != keys_.visit()) {
    decoded_visit_ = keys_.visit();
    decoder_.SetPrefix(keys_.path(),
                       has_keys ? leaf.keys().prefix() : absl::string_view());
  }
  return has_keys ? decoder_.Decode(leaf.keys(), keys_.at())
                  : decoder_.Decode(leaf.ArcAt(keys_.at()));
}

}  // namespace passpersist::store_internal
