// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BTREE_BTREE_EDITOR_H_
#define STORE_BTREE_BTREE_EDITOR_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/encoding/byte_arena.h"
#include "passpersist/encoding/packed_value.h"
#include "store/block/normalized_changes.h"
#include "store/btree/key_page.h"
#include "store/btree/key_tree.h"
#include "store/version/block.h"

namespace passpersist::store_internal {

// Makes the next version of a tree: copies the pages between the root and the
// edits, and shares the rest.
//
//        root            root'       The edit concerns one entry of leaf c:
//       /    \          /    .       root, b and c are copied (and then
//      a      b        .      b'     retired), a and d are shared.
//            / \     ( a )   / .
//           c   d           c' (d)
//
// Going down, the edits are split among the children; coming up, each changed
// page is known by its items, not yet packed, so that its parent can lay them
// into pages together with those of a neighbour:
// - as many as fit into one page, and not under a quarter: one page;
// - under a quarter: together with the left neighbour, else the right one;
// - too many for a page: into the left neighbour too, if it has so much room
//   that a page is saved; else into pages of equal size, or, where they were
//   appended, into full ones, so that a tree that grows at its end stays full.
// If every changed child remains one page, the inner page is copied as it is,
// with other children; so is a leaf in which values change and types stay.
//
// Complexity: edits times height times the size of a page at most; edits that
// meet in a page share the cost of its copy.
//
// Only one batch that empties whole inner pages around an entry can leave a
// page under a quarter, until a change touches it.
//
// Used by one thread at a time.
class BtreeEditor {
 public:
  // New pages will be born in version `birth`.
  BtreeEditor(const KeyTree& tree, uint64_t birth)
      : tree_(tree), birth_(birth) {}
  BtreeEditor(const BtreeEditor&) = delete;
  BtreeEditor& operator=(const BtreeEditor&) = delete;

  // Requires edits in order, one for a key, whose slots hold no exception
  // values. Call it once.
  KeyTree Apply(absl::Span<const NormalizedChange> edits);

  // The pages of the tree that are not part of the next version.
  const std::vector<const Block*>& garbage() const { return garbage_; }

 private:
  // What will be in a page, or in several. A key of an inner level is the
  // separator before its child; that before the first child is not packed.
  struct Items {
    int level = 0;
    bool appended = false;  // to: the last edit made the last item
    std::vector<absl::string_view> keys;
    std::vector<internal::PackedValue> values;  // of leaves
    std::vector<absl::string_view> labels;      // of leaves
    std::vector<const KeyPage*> children;       // of inner pages

    size_t size() const { return keys.size(); }
    bool FitsOnePage() const {
      return size() >= KeyTree::MinCount(level) &&
             size() <= KeyTree::MaxCount(level);
    }
    void Add(absl::string_view separator, const KeyPage* child) {
      keys.push_back(separator);
      children.push_back(child);
    }
    void Append(const Items& other);
  };

  // What stands in the place of a page: a page of the same kind, or items.
  struct Changed {
    const KeyPage* page = nullptr;
    Items items;
  };

  // `separator` is the one before the page.
  Changed Change(const KeyPage& page, absl::string_view separator,
                 absl::Span<const NormalizedChange> edits);
  // A copy of the leaf with other values, if the edits come to that and it can
  // be had; else null.
  const KeyPage* ReplaceValues(const KeyPage& leaf,
                               absl::Span<const NormalizedChange> edits);
  Items ChangeLeaf(const KeyPage& leaf,
                   absl::Span<const NormalizedChange> edits);
  Changed ChangeInner(const KeyPage& page, absl::string_view separator,
                      absl::Span<const NormalizedChange> edits);
  // Lays the items of changed children into pages, with those of neighbours.
  Items Rebalance(Items children, std::vector<Items>* unpacked);

  // Items from edits and pages.
  void AddEntries(const KeyPage& leaf, size_t begin, size_t end, Items* items);
  internal::PackedValue Pack(const StoredValue& stored);
  void AddEdit(const NormalizedChange& edit, absl::string_view label,
               Items* items);
  Items Unpack(const KeyPage& page, absl::string_view separator);
  absl::string_view CopyKey(const PackedKeys& keys, size_t i);

  // Pages from items.
  const KeyPage* Pack(const Items& items, size_t begin, size_t count);
  void PackInto(const Items& items, Items* parents);
  const KeyPage* PackRoot(Items items);

  // The page is not part of the next version.
  void Drop(const KeyPage* page);

  KeyTree tree_;
  const uint64_t birth_;
  internal::ByteArena bytes_;
  internal::ValuePacker packer_;
  std::vector<const Block*> garbage_;
  std::vector<const Block*> discarded_;  // made by this editor
};

}  // namespace passpersist::store_internal

#endif  // STORE_BTREE_BTREE_EDITOR_H_
