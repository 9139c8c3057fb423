// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_VALUES_VALUE_EDITOR_H_
#define STORE_VALUES_VALUE_EDITOR_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/encoding/byte_arena.h"
#include "passpersist/encoding/packed_value.h"
#include "store/block/normalized_changes.h"
#include "store/values/value_dir.h"
#include "store/values/value_page.h"
#include "store/values/value_tree.h"
#include "store/version/block.h"

namespace passpersist::store_internal {

// A change and the rank at which to make it.
//
// A value type that borrows the change.
struct ValueEdit {
  size_t rank;  // in the tree before the batch
  bool is_new;  // true: inserts before the value of that rank, or at the end;
                // false: replaces or erases that value
  const NormalizedChange* change;  // its key is not used
};

// Makes the next version of a tree: copies the blocks between the root and the
// edits, and shares the others.
//
//        root            root'       The edit concerns one value of page c:
//       /    \          /    .       root, b and c are copied and become
//      a      b        .      b'     garbage; a and d are shared.
//            / \     ( a )   / .
//           c   d           c' (d)
//
// On the way down, the edits are divided among the children. On the way up, a
// changed block whose copy is not a single block is passed to the dir above as
// unpacked items, and the dir packs them into blocks:
// - items that fit into one block, and fill a quarter of it or more: one block;
// - fewer items: together with the left neighbour, else with the right one;
// - more items: blocks of equal size, together with the left neighbour if it
//   has so much room that this saves a block: a tree that grows at its end
//   stays full.
// If every changed child is a single block again, the dir is copied with other
// children. If only values of a page change, and their types stay, the page is
// copied with other values.
//
// A new value between two pages goes into the left page if that page holds only
// values of its type. A new row of a column then joins its column, and not the
// page of the next column, which would get a second type.
//
// Complexity: at most edits times height times the size of a block; edits of
// the same block share the cost of its copy.
//
// Used by one thread at a time.
class ValueEditor {
 public:
  // New blocks will be born in version `birth`.
  ValueEditor(const ValueTree& tree, uint64_t birth)
      : tree_(tree), birth_(birth) {}
  ValueEditor(const ValueEditor&) = delete;
  ValueEditor& operator=(const ValueEditor&) = delete;

  // Requires edits sorted by rank; for one rank, first the new values in their
  // order, then at most one other edit. New values are not null, and no value
  // is an exception. Call it once.
  ValueTree Apply(absl::Span<const ValueEdit> edits);

  // The blocks of the old tree that the next version does not use.
  const std::vector<const Block*>& garbage() const { return garbage_; }

 private:
  using Child = ValueDir::Child;
  using Edits = absl::Span<const ValueEdit>;

  // The future content of one page or dir, or of several.
  struct Items {
    int level = 0;
    std::vector<internal::PackedValue> values;  // of pages
    std::vector<absl::string_view> labels;      // of pages
    std::vector<Child> children;                // of dirs

    size_t size() const { return level == 0 ? values.size() : children.size(); }
    bool FitsOneBlock() const {
      return size() >= ValueTree::MinCount(level) &&
             size() <= ValueTree::MaxCount(level);
    }
    void Append(const Items& other);
  };

  // What replaces a block: a block of the same level, or else items.
  struct Changed {
    Child packed = {nullptr, 0};
    Items items;
  };
  // The same for child `place` of a dir.
  struct ChangedChild {
    size_t place;
    Changed changed;
  };
  using ChangedChildren = absl::InlinedVector<ChangedChild, 1>;

  // Applies `edits` to a block, which is then dropped. `begin` is its first
  // rank.
  Changed Change(const Block* block, int level, size_t begin, Edits edits);
  // A copy of the page with other values, if the edits only replace values and
  // the form stays; else null.
  const ValuePage* ReplaceValues(const ValuePage& page, size_t begin,
                                 Edits edits);
  Items ChangePage(const ValuePage& page, size_t begin, Edits edits);
  Changed ChangeDir(const ValueDir& dir, int level, size_t begin, Edits edits);
  // Packs the items of changed children into blocks, some with the items of
  // neighbours.
  Items Rebalance(const ValueDir& dir, int level, ChangedChildren changed);
  // True if `items` should be packed together with `left`.
  static bool GoesIntoLeft(const Items& items, const Child& left);
  // The child, a block of `level`, to which `edit` applies. TakeEditsOf()
  // removes all edits of child `i` from the front of `edits` and returns them.
  static size_t FirstChild(const ValueDir& dir, int level, size_t begin,
                           const ValueEdit& edit);
  static Edits TakeEditsOf(const ValueDir& dir, size_t i, int level,
                           size_t begin, Edits* edits);

  // Make items from edits and blocks.
  Items Unpack(const Block* block, int level);
  void AddValues(const ValuePage& page, size_t begin, size_t end, Items* items);
  internal::PackedValue Pack(const StoredValue& stored);
  void AddEdit(const NormalizedChange& edit, absl::string_view label,
               Items* items);
  // The items of `left` and then of `right`, which have the same level.
  Items Join(Items left, Items right);

  // Make blocks from items.
  Child Pack(const Items& items, size_t begin, size_t count);
  void PackInto(const Items& items, Items* parents);
  void PackRoot(Items items);

  // Called for a block that the next version does not use.
  void Drop(const Block* block);

  ValueTree tree_;
  const uint64_t birth_;
  internal::ByteArena bytes_;
  internal::ValuePacker packer_;
  std::vector<const Block*> garbage_;
  std::vector<const Block*> discarded_;  // made by this editor
};

}  // namespace passpersist::store_internal

#endif  // STORE_VALUES_VALUE_EDITOR_H_
