// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_TRIE_TRIE_TREE_CURSOR_H_
#define STORE_TRIE_TRIE_TREE_CURSOR_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/oid.h"
#include "store/block/suffix_decoder.h"
#include "store/trie/trie_cursor.h"
#include "store/trie/trie_tree.h"
#include "store/values/value_cursor.h"

namespace passpersist::store_internal {

// A position in the keys of a TrieTree and the position of the same rank in its
// values. After a Seek(), the value is fetched from memory while the caller
// looks at the key.
//
// Used by one thread at a time. Does not keep the blocks of the tree.
class TrieTreeCursor {
 public:
  using Tree = TrieTree;

  explicit TrieTreeCursor(const TrieTree& tree)
      : keys_(tree.keys), values_(tree.values) {}

  bool Valid() const { return keys_.Valid(); }
  void SeekToFirst() {
    keys_.SeekToFirst();
    values_.Seek(0);
  }
  // Moves to the first key that is not less than `key`. True if it is equal.
  bool Seek(absl::string_view key) {
    const bool found = keys_.Seek(key);
    values_.Seek(keys_.rank());
    return found;
  }

  // The functions below require Valid().
  void Next() {
    keys_.Next();
    values_.Next();
  }

  // The current key. Valid until the next call.
  const Oid& suffix() const;
  internal::PackedValue value() const { return values_.value(); }
  absl::string_view label() const { return values_.label(); }

 private:
  TrieCursor keys_;
  ValueCursor values_;
  mutable SuffixDecoder decoder_;
  mutable uint64_t decoded_visit_ = 0;  // whose prefix is decoded; 0: none
};

}  // namespace passpersist::store_internal

#endif  // STORE_TRIE_TRIE_TREE_CURSOR_H_
