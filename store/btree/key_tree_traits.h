// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BTREE_KEY_TREE_TRAITS_H_
#define STORE_BTREE_KEY_TREE_TRAITS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/encoding/byte_arena.h"
#include "passpersist/encoding/packed_value.h"
#include "store/block/leaf_entries.h"
#include "store/block/normalized_changes.h"
#include "store/block/packed_keys.h"
#include "store/btree/key_page.h"
#include "store/btree/key_tree.h"
#include "store/cow_tree/cow_editor.h"
#include "store/cow_tree/cow_tree.h"
#include "store/version/block.h"

namespace passpersist::store_internal {

// What is special about a KeyTree: an edit finds its entry by its key, and each
// child but the first one has a separator. See CowTree.
struct KeyTreeTraits {
  using Tree = KeyTree;
  using Page = KeyPage;
  using Leaf = KeyPage;
  using Inner = KeyPage;
  using Child = KeyPage::Child;
  using Edit = NormalizedChange;

  struct Entries : LeafEntries {
    void Append(const Entries& more) {
      LeafEntries::Append(more);
      AppendTo(&keys, more.keys);
    }
    void Clear() {
      LeafEntries::Clear();
      keys.clear();
    }

    absl::string_view separator;  // before the first entry
    std::vector<absl::string_view> keys;
  };

  static Child RootOf(const KeyTree& tree) { return {tree.root, {}}; }
  static Child ChildAt(const Child& parent, size_t i,
                       internal::ByteArena* arena) {
    return {parent.page->child(i),
            i == 0 ? parent.separator : CopyKey(*parent.page, i - 1, arena)};
  }
  static Child Keep(const Child& child, internal::ByteArena* arena) {
    return {child.page, arena->Copy(child.separator)};
  }
  static size_t Count(const Child& child, int /*level*/) {
    return child.page->count();
  }
  static size_t EntriesBefore(const KeyPage& /*inner*/, size_t /*i*/) {
    return 0;
  }

  static Division Divide(const KeyPage& inner, int level, size_t begin,
                         absl::Span<const NormalizedChange> edits);
  static PackedKeys::Place Find(const KeyPage& leaf, size_t /*begin*/,
                                const NormalizedChange& edit) {
    return leaf.keys().Find(edit.key);
  }
  static const NormalizedChange& ChangeOf(const NormalizedChange& edit) {
    return edit;
  }

  static Entries BeginEntries(const Child& leaf, size_t count);
  static void AddEntries(const KeyPage& leaf, size_t begin, size_t end,
                         internal::ByteArena* arena, Entries* entries);
  static void AddEdit(const NormalizedChange& edit,
                      const internal::PackedValue& value,
                      absl::string_view label, Entries* entries) {
    entries->keys.push_back(edit.key);
    entries->Add(value, label);
  }
  static bool MayJoin(const Child& /*left*/, const Entries& /*entries*/) {
    return true;
  }

  static Child MakeLeaf(uint64_t birth, const Entries& entries, size_t begin,
                        size_t count);
  static Child MakeInner(uint64_t birth, int level,
                         absl::Span<const Child> children) {
    return {KeyPage::MakeInner(birth, level, children), children[0].separator};
  }
  static Child CopyInner(const Child& child, uint64_t birth,
                         absl::Span<const NewChild<Child>> children) {
    return {child.page->CopyWithChildren(birth, children), child.separator};
  }

  static void Prefetch(const KeyPage* leaf) { KeyPage::Prefetch(leaf); }

 private:
  // Key or separator `i` of a page, in `arena`.
  static absl::string_view CopyKey(const KeyPage& page, size_t i,
                                   internal::ByteArena* arena);
};

using BtreeEditor = CowEditor<KeyTreeTraits>;
extern template class CowEditor<KeyTreeTraits>;

// See TreeSnapshot.
inline size_t SizeOf(const KeyTree& tree) { return tree.size; }
inline size_t MemoryOf(const KeyTree& tree) { return tree.memory; }
inline void ListBlocks(const KeyTree& tree, std::vector<const Block*>* blocks) {
  ListPages<KeyTreeTraits>(tree.root, tree.level, blocks);
}

}  // namespace passpersist::store_internal

#endif  // STORE_BTREE_KEY_TREE_TRAITS_H_
