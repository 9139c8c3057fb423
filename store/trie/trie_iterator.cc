// SPDX-License-Identifier: Apache-2.0

#include "store/trie/trie_iterator.h"

#include "store/trie/trie_leaf.h"
#include "store/trie/trie_node.h"

namespace passpersist::store_internal {

void TrieIterator::SeekToFirst() {
  suffix_ = nullptr;
  slot_ = nullptr;
  keys_.SeekToFirst();
  values_.Seek(0);
}

void TrieIterator::Seek(const Oid& suffix) {
  target_.Assign(suffix);
  if (keys_.Valid() && SeekNearby(target_.bytes())) return;
  suffix_ = nullptr;
  slot_ = nullptr;
  keys_.Seek(target_.bytes());
  values_.Seek(keys_.rank());
}

// False if the target is neither the current entry nor the next one.
bool TrieIterator::SeekNearby(absl::string_view key) {
  const int order = keys_.Compare(key);
  if (order == 0) return true;
  if (order > 0) return false;  // the target is before the current entry
  Next();
  return !keys_.Valid() || keys_.Compare(key) >= 0;
}

void TrieIterator::UnpackSuffix() const {
  const TrieLeaf& leaf = keys_.leaf();
  const bool has_keys = leaf.kind() >= TrieNode::Kind::kKeys;
  if (decoded_visit_ != keys_.visit()) {
    decoded_visit_ = keys_.visit();
    suffix_decoder_.SetPrefix(
        keys_.path(), has_keys ? leaf.keys().prefix() : absl::string_view());
  }
  suffix_ = has_keys ? &suffix_decoder_.Decode(leaf.keys(), keys_.at())
                     : &suffix_decoder_.Decode(leaf.ArcAt(keys_.at()));
}

}  // namespace passpersist::store_internal
