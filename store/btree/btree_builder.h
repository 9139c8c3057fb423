// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BTREE_BTREE_BUILDER_H_
#define STORE_BTREE_BTREE_BUILDER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "passpersist/encoding/byte_arena.h"
#include "passpersist/encoding/packed_value.h"
#include "store/btree/key_page.h"
#include "store/btree/key_tree.h"

namespace passpersist::store_internal {

// Loads a tree from entries in order. Collects the entries of one leaf. A full
// leaf is packed and becomes a child of the page above, which is collected in
// the same way. In addition to the pages, the builder therefore needs memory
// for about one page of each level only.
//
// A page is packed when there are a quarter more items than it can hold, so
// that enough items are left for the next page. All pages are full, except the
// last two of each level, which share the items that are left.
//
// Used by one thread at a time.
class BtreeBuilder {
 public:
  // The pages will be born in version `birth`.
  explicit BtreeBuilder(uint64_t birth) : birth_(birth) {}
  BtreeBuilder(const BtreeBuilder&) = delete;
  BtreeBuilder& operator=(const BtreeBuilder&) = delete;
  ~BtreeBuilder();

  // Requires that `key`, the bytes of an EncodedOid, is greater than the key of
  // the last call. The builder holds a reference to a SharedValue until its
  // page holds one.
  void Add(absl::string_view key, const internal::PackedValue& value,
           absl::string_view label);

  // Returns the tree, which the caller then owns. Call it once.
  KeyTree Finish();

 private:
  // The items of one level that are not in a page yet. The keys of inner levels
  // are the separators before each child, including that of the first child.
  struct Level {
    // `bytes` holds the bytes of items that were added after the last page was
    // packed; `older_bytes` those of older items, which go into the next page.
    internal::ByteArena bytes;
    internal::ByteArena older_bytes;
    std::vector<absl::string_view> keys;
    std::vector<internal::PackedValue> values;  // of leaves
    std::vector<absl::string_view> labels;      // of leaves
    std::vector<const KeyPage*> children;       // of inner pages
  };

  // Packs a page if `level` has too many items, and returns the level, to which
  // an item can then be added.
  Level& Prepare(int level);
  // Packs the first `count` items of `level` into a page.
  void PackPage(int level, size_t count);
  // Packs the items that are left at `level`.
  void PackRest(int level);

  const uint64_t birth_;
  KeyTree tree_;
  std::string last_key_;  // the last key of the last packed leaf
  std::vector<std::unique_ptr<Level>> levels_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_BTREE_BTREE_BUILDER_H_
