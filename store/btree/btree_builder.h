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

// Loads a tree from entries in order. Collects the entries of one leaf; a leaf
// that is full is packed and becomes a child of the page above, which is
// collected in the same way. So, beside the pages, there is only memory for
// one page of each level.
//
// A page is packed not before there are a quarter more items than it takes, so
// that enough are left for the one behind it: all pages are full, but for the
// last two of each level, which share what is left.
//
// Used by one thread at a time.
class BtreeBuilder {
 public:
  // The pages will be born in that version.
  explicit BtreeBuilder(uint64_t birth) : birth_(birth) {}
  BtreeBuilder(const BtreeBuilder&) = delete;
  BtreeBuilder& operator=(const BtreeBuilder&) = delete;
  ~BtreeBuilder();

  // Requires that `key`, the bytes of a EncodedOid, is behind that of the call
  // before. The builder has a share of a box until its page has one.
  void Add(absl::string_view key, const internal::PackedValue& value,
           absl::string_view label);

  // The tree, which is the caller's from then on. Call it once.
  KeyTree Finish();

 private:
  // The items of one level that have no page yet. Keys of inner levels are the
  // separators before each child, that of the first child included.
  struct Level {
    // Of the two, one holds the bytes of what was added since a page was
    // packed, the other those of older items, which go into the next page.
    internal::ByteArena bytes;
    internal::ByteArena older_bytes;
    std::vector<absl::string_view> keys;
    std::vector<internal::PackedValue> values;  // of leaves
    std::vector<absl::string_view> labels;      // of leaves
    std::vector<const KeyPage*> children;       // of inner pages
  };

  // Makes room for an item of `level`.
  Level& Prepare(int level);
  // Packs the first `count` items of `level` into a page.
  void PackPage(int level, size_t count);
  // Packs what is left.
  void PackRest(int level);

  const uint64_t birth_;
  KeyTree tree_;
  std::string last_key_;  // of the leaf before
  std::vector<std::unique_ptr<Level>> levels_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_BTREE_BTREE_BUILDER_H_
