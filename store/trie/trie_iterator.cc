// SPDX-License-Identifier: Apache-2.0

#include "store/trie/trie_iterator.h"

#include "store/trie/trie_leaf.h"
#include "store/trie/trie_node.h"

namespace passpersist::store_internal {

void TrieIterator::SeekToFirst() {
  suffix_ = nullptr;
  slot_ = nullptr;
  names_.SeekToFirst();
  values_.Seek(0);
}

void TrieIterator::Seek(const Oid& suffix) {
  sought_.Assign(suffix);
  if (names_.Valid() && SeekNearby(sought_.bytes())) return;
  suffix_ = nullptr;
  slot_ = nullptr;
  names_.Seek(sought_.bytes());
  values_.Seek(names_.rank());
}

// False if the entry is neither the present one nor the one behind it.
bool TrieIterator::SeekNearby(absl::string_view key) {
  const int order = names_.Compare(key);
  if (order == 0) return true;
  if (order > 0) return false;  // the present entry is behind the key
  Next();
  return !names_.Valid() || names_.Compare(key) >= 0;
}

void TrieIterator::UnpackSuffix() const {
  const TrieLeaf& leaf = names_.leaf();
  const bool has_keys = leaf.kind() >= TrieNode::Kind::kKeys;
  if (unpacked_visit_ != names_.visit()) {
    unpacked_visit_ = names_.visit();
    suffix_unpacker_.SetPrefix(
        names_.path(), has_keys ? leaf.keys().prefix() : absl::string_view());
  }
  suffix_ = has_keys ? &suffix_unpacker_.Unpack(leaf.keys(), names_.at())
                     : &suffix_unpacker_.Unpack(leaf.ArcAt(names_.at()));
}

}  // namespace passpersist::store_internal
