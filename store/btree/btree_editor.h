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
// edits, and shares the others.
//
//        root            root'       The edit concerns one entry of leaf c:
//       /    \          /    .       root, b and c are copied and become
//      a      b        .      b'     garbage; a and d are shared.
//            / \     ( a )   / .
//           c   d           c' (d)
//
// On the way down, the edits are divided among the children. On the way up, a
// changed page is passed to its parent as unpacked items, and the parent packs
// them into pages, some together with the items of a neighbour:
// - items that fit into one page, and fill a quarter of it or more: one page;
// - fewer items: together with the left neighbour, else with the right one;
// - more items: together with the left neighbour if it has so much room that
//   this saves a page; else pages of equal size, or full pages if the items
//   were appended, so that a tree that grows at its end stays full.
// If every changed child is a single page again, the inner page is copied with
// other children. If only values of a leaf change, and their types stay, the
// leaf is copied with other values.
//
// Complexity: at most edits times height times the size of a page; edits of the
// same page share the cost of its copy.
//
// A page can stay under a quarter only if a batch empties whole inner pages
// around an entry; the next change of that page repairs it.
//
// Used by one thread at a time.
class BtreeEditor {
 public:
  // New pages will be born in version `birth`.
  BtreeEditor(const KeyTree& tree, uint64_t birth)
      : tree_(tree), birth_(birth) {}
  BtreeEditor(const BtreeEditor&) = delete;
  BtreeEditor& operator=(const BtreeEditor&) = delete;

  // Requires sorted edits, one for a key, without exception values. Call it
  // once.
  KeyTree Apply(absl::Span<const NormalizedChange> edits);

  // The pages of the old tree that the next version does not use.
  const std::vector<const Block*>& garbage() const { return garbage_; }

 private:
  // The future content of one page, or of several. A key of an inner level is
  // the separator before its child; that of the first child is not packed.
  struct Items {
    int level = 0;
    bool appended = false;  // the last edit made the last item
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

  // What replaces a page: a page of the same kind, or else items.
  struct Changed {
    const KeyPage* page = nullptr;
    Items items;
  };

  // Applies `edits` to a page, which is then dropped. `separator` is the
  // separator before the page.
  Changed Change(const KeyPage& page, absl::string_view separator,
                 absl::Span<const NormalizedChange> edits);
  // A copy of the leaf with other values, if the edits only replace values and
  // the form stays; else null.
  const KeyPage* ReplaceValues(const KeyPage& leaf,
                               absl::Span<const NormalizedChange> edits);
  Items ChangeLeaf(const KeyPage& leaf,
                   absl::Span<const NormalizedChange> edits);
  Changed ChangeInner(const KeyPage& page, absl::string_view separator,
                      absl::Span<const NormalizedChange> edits);
  // Packs the items of changed children into pages, some with the items of
  // neighbours. A child whose page is null has the next items of `unpacked`.
  Items Rebalance(Items children, std::vector<Items>* unpacked);

  // Make items from edits and pages.
  void AddEntries(const KeyPage& leaf, size_t begin, size_t end, Items* items);
  internal::PackedValue Pack(const StoredValue& stored);
  void AddEdit(const NormalizedChange& edit, absl::string_view label,
               Items* items);
  Items Unpack(const KeyPage& page, absl::string_view separator);
  absl::string_view CopyKey(const PackedKeys& keys, size_t i);

  // Make pages from items.
  const KeyPage* Pack(const Items& items, size_t begin, size_t count);
  void PackInto(const Items& items, Items* parents);
  const KeyPage* PackRoot(Items items);

  // Called for a page that the next version does not use.
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
