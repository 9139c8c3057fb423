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

// An edit and where it is to be made.
//
// A value type that borrows the edit.
struct ValueEdit {
  size_t rank;  // in the tree before the batch
  bool is_new;  // true: goes before the value of that rank, or at the end;
                // false: replaces or erases that value
  const NormalizedChange* change;  // whose key is without meaning here
};

// Makes the next version of a tree: copies the parts between the root and the
// edits, and shares the rest.
//
//        root            root'       The edit concerns one value of page c:
//       /    \          /    .       root, b and c are copied (and then
//      a      b        .      b'     retired), a and d are shared.
//            / \     ( a )   / .
//           c   d           c' (d)
//
// Going down, the edits are split among the children; coming up, a changed
// part that is not one part as before is known by its items, not yet packed, so
// that the dir above can lay them into parts:
// - as many as fit into one, and not under a quarter: one part;
// - under a quarter: together with the left neighbour, else the right one;
// - too many for one: into parts of equal size, together with the left
//   neighbour if that has so much room that a part is saved: a tree that grows
//   at its end stays full.
// If every changed child remains one part, the dir is copied as it is, with
// other children; so is a page in which values change and types stay.
//
// A new value between two pages goes into the left one if that has only values
// of its type: a column that gets another row takes it, rather than the column
// behind, whose page would get a second type.
//
// Complexity: edits times height times the size of a part at most; edits that
// meet in a part share the cost of its copy.
//
// Used by one thread at a time.
class ValueEditor {
 public:
  // New parts will be born in version `birth`.
  ValueEditor(const ValueTree& tree, uint64_t birth)
      : tree_(tree), birth_(birth) {}
  ValueEditor(const ValueEditor&) = delete;
  ValueEditor& operator=(const ValueEditor&) = delete;

  // Requires edits by rank; of those of one rank, first the new values in their
  // order, then one other edit or none. New values have slots, and no slot
  // holds an exception value. Call it once.
  ValueTree Apply(absl::Span<const ValueEdit> edits);

  // The parts of the tree that are not part of the next version.
  const std::vector<const Block*>& garbage() const { return garbage_; }

 private:
  using Child = ValueDir::Child;
  using Edits = absl::Span<const ValueEdit>;

  // What will be in a page or dir, or in several.
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

  // What stands in the place of a part: a part of the same level, or items.
  struct Changed {
    Child block = {nullptr, 0};
    Items items;
  };
  // The same for child `place` of a dir.
  struct ChangedChild {
    size_t place;
    Changed changed;
  };
  using ChangedChildren = absl::InlinedVector<ChangedChild, 1>;

  // `begin` is the first rank of the part. The part is dropped.
  Changed Change(const Block* block, int level, size_t begin, Edits edits);
  // A copy of the page with other values, if the edits come to that and it can
  // be had; else null.
  const ValuePage* ReplaceValues(const ValuePage& page, size_t begin,
                                 Edits edits);
  Items ChangePage(const ValuePage& page, size_t begin, Edits edits);
  Changed ChangeDir(const ValueDir& dir, int level, size_t begin, Edits edits);
  // Lays the items of changed children into parts, with those of neighbours.
  Items Rebalance(const ValueDir& dir, int level, ChangedChildren changed);
  // True if `items` had better be laid out together with `left`.
  static bool GoesIntoLeft(const Items& items, const Child& left);
  // Where the first edit goes: a child, whose level is `level`. Takes all edits
  // that do from the front.
  static size_t FirstChild(const ValueDir& dir, int level, size_t begin,
                           const ValueEdit& edit);
  static Edits TakeEditsOf(const ValueDir& dir, size_t i, int level,
                           size_t begin, Edits* edits);

  // Items from edits and parts.
  Items Unpack(const Block* block, int level);
  void AddValues(const ValuePage& page, size_t begin, size_t end, Items* items);
  internal::PackedValue Pack(const StoredValue& stored);
  void AddEdit(const NormalizedChange& edit, absl::string_view label,
               Items* items);
  // `left` and then `right`, of the same level.
  Items Join(Items left, Items right);

  // Parts from items.
  Child Pack(const Items& items, size_t begin, size_t count);
  void PackInto(const Items& items, Items* parents);
  void PackRoot(Items items);

  // The part is not part of the next version.
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
