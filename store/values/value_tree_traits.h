// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_VALUES_VALUE_TREE_TRAITS_H_
#define STORE_VALUES_VALUE_TREE_TRAITS_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/encoding/byte_arena.h"
#include "passpersist/encoding/packed_value.h"
#include "store/block/leaf_entries.h"
#include "store/block/normalized_changes.h"
#include "store/block/packed_keys.h"
#include "store/cow_tree/cow_editor.h"
#include "store/cow_tree/cow_tree.h"
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

// What is special about a ValueTree: an edit finds its value by its rank, and
// each child has a number of values. See CowTree. Edits are sorted by rank; for
// one rank, the new values come first, in their order. New values are not null.
//
// A new value between two pages goes into the left page if that page holds only
// values of its type. A new row of a column then joins its column, and not the
// page of the next column, which would get a second type.
struct ValueTreeTraits {
  using Tree = ValueTree;
  using Page = Block;
  using Leaf = ValuePage;
  using Inner = ValueDir;
  using Child = ValueDir::Child;
  using Entries = LeafEntries;
  using Edit = ValueEdit;

  static Child RootOf(const ValueTree& tree) { return {tree.root, tree.size}; }
  static Child ChildAt(const Child& parent, size_t i,
                       internal::ByteArena* /*arena*/) {
    const auto& dir = static_cast<const ValueDir&>(*parent.page);
    return {dir.child(i), dir.size(i)};
  }
  static Child Keep(const Child& child, internal::ByteArena* /*arena*/) {
    return child;
  }
  static size_t Count(const Child& child, int level) {
    return level == 0 ? child.size
                      : static_cast<const ValueDir*>(child.page)->count();
  }
  static size_t EntriesBefore(const ValueDir& dir, size_t i) {
    return dir.begin(i);
  }

  static Division Divide(const ValueDir& dir, int level, size_t begin,
                         absl::Span<const ValueEdit> edits);
  static PackedKeys::Place Find(const ValuePage& /*page*/, size_t begin,
                                const ValueEdit& edit) {
    return {edit.rank - begin, !edit.is_new};
  }
  static const NormalizedChange& ChangeOf(const ValueEdit& edit) {
    return *edit.change;
  }

  static LeafEntries BeginEntries(const Child& /*page*/, size_t count) {
    LeafEntries entries;
    entries.Reserve(count);
    return entries;
  }
  static void AddEntries(const ValuePage& page, size_t begin, size_t end,
                         internal::ByteArena* /*arena*/, LeafEntries* entries) {
    for (size_t i = begin; i < end; ++i) {
      entries->Add(page.value(i), page.label(i));
    }
  }
  static void AddEdit(const ValueEdit& /*edit*/,
                      const internal::PackedValue& value,
                      absl::string_view label, LeafEntries* entries) {
    entries->Add(value, label);
  }
  // Keeps pages to one type.
  static bool MayJoin(const Child& left, const LeafEntries& entries) {
    return static_cast<const ValuePage*>(left.page)->HoldsOnly(
        entries.values.front().tag);
  }

  static Child MakeLeaf(uint64_t birth, const LeafEntries& entries,
                        size_t begin, size_t count) {
    return {ValuePage::Make(
                birth, absl::MakeSpan(entries.values).subspan(begin, count),
                absl::MakeSpan(entries.labels).subspan(begin, count)),
            count};
  }
  static Child MakeInner(uint64_t birth, int /*level*/,
                         absl::Span<const Child> children) {
    const ValueDir* const dir = ValueDir::Make(birth, children);
    return {dir, dir->size()};
  }
  static Child CopyInner(const Child& child, uint64_t birth,
                         absl::Span<const NewChild<Child>> children) {
    const ValueDir* const copy = static_cast<const ValueDir*>(child.page)
                                     ->CopyWithChildren(birth, children);
    return {copy, copy->size()};
  }
  static void Prefetch(const Block* page) {
    static_cast<const ValuePage*>(page)->Prefetch();
  }
};

using ValueEditor = CowEditor<ValueTreeTraits>;
extern template class CowEditor<ValueTreeTraits>;

}  // namespace passpersist::store_internal

#endif  // STORE_VALUES_VALUE_TREE_TRAITS_H_
