// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BTREE_KEY_CURSOR_H_
#define STORE_BTREE_KEY_CURSOR_H_

#include <cstddef>

#include "absl/strings/string_view.h"
#include "passpersist/oid.h"
#include "store/block/suffix_decoder.h"
#include "store/btree/key_page.h"
#include "store/btree/key_tree.h"
#include "store/btree/key_tree_traits.h"
#include "store/cow_tree/cow_cursor.h"

namespace passpersist::store_internal {

// A position in a KeyTree, found by its key.
//
// Used by one thread at a time. Does not keep the pages of the tree.
class KeyCursor : public CowCursor<KeyTreeTraits> {
 public:
  explicit KeyCursor(const KeyTree& tree) : CowCursor(tree) {}

  // Moves to the first key that is not less than `key`. True if it is equal.
  bool Seek(absl::string_view key) {
    // Names that are asked for one after the other are often in one leaf.
    if (Valid()) {
      const PackedKeys::Place found = leaf()->keys().Find(key);
      const bool is_between = found.index > 0 && found.index < leaf()->count();
      if (found.found || is_between) {
        Enter(leaf(), found.index);
        return found.found;
      }
    }
    Enter(nullptr, 0);
    if (tree().root == nullptr) return false;
    const KeyPage* const leaf = Descend([&](const KeyPage& inner) {
      const size_t i = inner.ChildFor(key);
      KeyPage::Prefetch(inner.child(i));
      return i;
    });
    const PackedKeys::Place found = leaf->keys().Find(key);
    Enter(leaf, found.index);
    if (place() == leaf->count()) NextLeaf();
    return found.found;
  }

  // The current key; requires Valid(). Valid until the next call. The prefix of
  // a leaf is decoded once; for further keys of the leaf, only the remainder
  // is.
  const Oid& suffix() const {
    const PackedKeys& keys = leaf()->keys();
    if (decoded_leaf_ != leaf()) {
      decoded_leaf_ = leaf();
      decoder_.SetPrefix({}, keys.prefix());
    }
    return decoder_.Decode(keys, place());
  }

 private:
  mutable SuffixDecoder decoder_;
  mutable const KeyPage* decoded_leaf_ = nullptr;  // whose prefix is decoded
};

}  // namespace passpersist::store_internal

#endif  // STORE_BTREE_KEY_CURSOR_H_
