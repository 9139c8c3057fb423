// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BTREE_BTREE_BUILDER_H_
#define STORE_BTREE_BTREE_BUILDER_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "passpersist/encoding/packed_value.h"
#include "store/block/value_arena.h"
#include "store/btree/key_tree.h"
#include "store/btree/key_tree_traits.h"
#include "store/cow_tree/cow_builder.h"

namespace passpersist::store_internal {

extern template class CowBuilder<KeyTreeTraits>;

// Loads a tree from entries in order: collects the entries of one leaf.
//
// Used by one thread at a time.
class BtreeBuilder {
 public:
  // The pages will be born in version `birth`.
  explicit BtreeBuilder(uint64_t birth) : pages_(birth) {}
  BtreeBuilder(const BtreeBuilder&) = delete;
  BtreeBuilder& operator=(const BtreeBuilder&) = delete;

  // Requires that `key`, the bytes of an EncodedOid, is greater than the key of
  // the last call. Key, value and label need to live only during the call.
  void Add(absl::string_view key, const internal::PackedValue& value,
           absl::string_view label) {
    if (leaf_.size() == KeyPage::kMaxEntries) PackLeaf();
    leaf_.keys.push_back(arena_.Copy(key));
    leaf_.Add(arena_.Copy(value), arena_.Copy(label));
  }

  // Returns the tree, which the caller then owns. Call it once.
  KeyTree Finish();

 private:
  void PackLeaf();
  void SetSeparator();

  CowBuilder<KeyTreeTraits> pages_;
  KeyTreeTraits::Entries leaf_;  // the entries that are not in a leaf yet
  ValueArena arena_;             // of leaf_
  std::string last_key_;         // of the last leaf
};

}  // namespace passpersist::store_internal

#endif  // STORE_BTREE_BTREE_BUILDER_H_
