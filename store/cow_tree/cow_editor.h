// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_COW_TREE_COW_EDITOR_H_
#define STORE_COW_TREE_COW_EDITOR_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/stored_value.h"
#include "store/block/normalized_changes.h"
#include "store/block/packed_keys.h"
#include "store/block/packed_values.h"
#include "store/cow_tree/cow_tree.h"
#include "store/cow_tree/page_maker.h"
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
// changed page whose copy is not a single page is passed to the page above as
// unpacked items, and the page above packs them into pages:
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
// Used by one thread at a time.
template <typename Traits>
class CowEditor {
 public:
  using Tree = typename Traits::Tree;
  using Edits = absl::Span<const typename Traits::Edit>;

  // New pages will be born in version `birth`.
  CowEditor(const Tree& tree, uint64_t birth) : pages_(tree, birth) {}
  CowEditor(const CowEditor&) = delete;
  CowEditor& operator=(const CowEditor&) = delete;

  // Requires sorted edits, at most one of them for an existing entry. Call it
  // once.
  Tree Apply(Edits edits);

  // The pages of the old tree that the next version does not use.
  const std::vector<const Block*>& garbage() const { return garbage_; }

 private:
  using Leaf = typename Traits::Leaf;
  using Inner = typename Traits::Inner;
  using Child = typename Traits::Child;
  using Items = CowItems<Traits>;

  // What replaces a page: a page of the same level, or else items.
  struct Changed {
    Child child = {};
    Items items;

    bool IsPage() const { return child.page != nullptr; }
  };
  // The same for child `place` of a page.
  struct ChangedChild {
    size_t place;
    Changed changed;
  };
  using ChangedChildren = absl::InlinedVector<ChangedChild, 1>;

  // Applies `edits` to a page of `level`, which is then dropped. `begin`: see
  // CowTree.
  Changed Change(const Child& child, int level, size_t begin, Edits edits);
  // A copy of the leaf with other values, if the edits only replace values and
  // the form stays; else null.
  const Leaf* ReplaceValues(const Leaf& leaf, size_t begin, Edits edits);
  Items ChangeLeaf(const Child& child, size_t begin, Edits edits);
  Changed ChangeInner(const Child& child, int level, size_t begin, Edits edits);

  // Packs the items of changed children of a page into pages, some with the
  // items of neighbours. Returns all its new children.
  Items Rebalance(const Child& child, int level, ChangedChildren changed);
  // True if `items` should be packed together with `left`.
  static bool BelongInto(const Child& left, const Items& items);
  // The items of `left` and then of `right`, which have the same level.
  Items Join(Items left, Items right);
  // True if a page, which is not the root, has too few items.
  static bool IsSmall(const Child& child, int level) {
    return Traits::Count(child, level) < Items::MinCount(level);
  }

  internal::PackedValue Pack(const StoredValue& stored) {
    return pages_.arena.Copy(packer_.Pack(stored));
  }
  void AddEdit(const typename Traits::Edit& edit, absl::string_view label,
               Items* items);
  // The items of a page, which is then dropped.
  Items Unpack(const Child& child, int level);
  void SetRoot(Items items);
  // Called for a page that the next version does not use.
  void Drop(const Block* page);

  PageMaker<Traits> pages_;
  internal::ValuePacker packer_;
  std::vector<const Block*> garbage_;
  std::vector<const Block*> discarded_;  // made by this editor
};

template <typename Traits>
typename Traits::Tree CowEditor<Traits>::Apply(Edits edits) {
  Tree& tree = pages_.tree;
  if (edits.empty()) return tree;
  Changed changed;
  if (tree.root != nullptr) {
    changed = Change(Traits::RootOf(tree), tree.level, 0, edits);
  } else {
    changed.items.appended = true;
    for (const auto& edit : edits) {
      const NormalizedChange& change = Traits::ChangeOf(edit);
      if (change.value != nullptr) AddEdit(edit, change.label, &changed.items);
    }
  }
  if (changed.IsPage()) {
    tree.root = changed.child.page;
  } else {
    SetRoot(std::move(changed.items));
  }
  // Pages that this editor made and dropped are in no version. Readers of older
  // versions may still use those in garbage(). Neither is freed before this
  // point, because items borrow their bytes.
  for (const Block* const page : discarded_) page->Free();
  return tree;
}

template <typename Traits>
typename CowEditor<Traits>::Changed CowEditor<Traits>::Change(
    const Child& child, int level, size_t begin, Edits edits) {
  Changed changed;
  if (level > 0) {
    changed = ChangeInner(child, level, begin, edits);
  } else {
    changed.child = child;  // a copy has the same number of entries
    changed.child.page =
        ReplaceValues(static_cast<const Leaf&>(*child.page), begin, edits);
    if (!changed.IsPage()) changed.items = ChangeLeaf(child, begin, edits);
  }
  Drop(child.page);
  return changed;
}

template <typename Traits>
const typename Traits::Leaf* CowEditor<Traits>::ReplaceValues(const Leaf& leaf,
                                                              size_t begin,
                                                              Edits edits) {
  absl::InlinedVector<PackedValues::NewValue, 1> values;
  for (const auto& edit : edits) {
    // Other edits change a label, erase the entry, or store a value out of
    // line.
    const NormalizedChange& change = Traits::ChangeOf(edit);
    if (!change.ReplacesValueOnly()) return nullptr;
    const PackedKeys::Place place = Traits::Find(leaf, begin, edit);
    if (!place.found) return nullptr;
    values.push_back({place.index, Pack(*change.value)});
  }
  const Leaf* const copy = leaf.CopyWithValues(pages_.birth, values);
  if (copy != nullptr) pages_.tree.memory += copy->memory();
  return copy;
}

template <typename Traits>
typename CowEditor<Traits>::Items CowEditor<Traits>::ChangeLeaf(
    const Child& child, size_t begin, Edits edits) {
  const auto& leaf = static_cast<const Leaf&>(*child.page);
  Items items;
  items.entries = Traits::BeginEntries(child, leaf.count() + edits.size());
  size_t next = 0;  // entry of the leaf
  for (const auto& edit : edits) {
    const NormalizedChange& change = Traits::ChangeOf(edit);
    const PackedKeys::Place place = Traits::Find(leaf, begin, edit);
    Traits::AddEntries(leaf, next, place.index, &pages_.arena.bytes(),
                       &items.entries);
    next = place.index + (place.found ? 1 : 0);
    if (place.found) --pages_.tree.size;
    if (change.value == nullptr) continue;
    const bool keeps =
        place.found && change.keeps_label && change.label.empty();
    AddEdit(edit, keeps ? leaf.label(place.index) : change.label, &items);
    items.appended = next == leaf.count();
  }
  Traits::AddEntries(leaf, next, leaf.count(), &pages_.arena.bytes(),
                     &items.entries);
  return items;
}

template <typename Traits>
typename CowEditor<Traits>::Changed CowEditor<Traits>::ChangeInner(
    const Child& child, int level, size_t begin, Edits edits) {
  const auto& inner = static_cast<const Inner&>(*child.page);
  const int below = level - 1;
  ChangedChildren changed;
  absl::InlinedVector<NewChild<Child>, 1> pages;  // of the changed children
  while (!edits.empty()) {
    const auto [i, count] = Traits::Divide(inner, below, begin, edits);
    const Child old = Traits::ChildAt(child, i, &pages_.arena.bytes());
    Changed next = Change(old, below, begin + Traits::EntriesBefore(inner, i),
                          edits.first(count));
    // Items that fit into one page need no neighbours. Others wait for
    // Rebalance().
    if (!next.IsPage() && next.items.FitOnePage()) {
      next.child = pages_.Pack(next.items, 0, next.items.size());
    }
    if (next.IsPage()) pages.push_back({i, next.child});
    changed.push_back({i, std::move(next)});
    edits.remove_prefix(count);
  }
  // If each changed child is a single page again, only pointers change.
  Changed result;
  if (pages.size() == changed.size()) {
    result.child = pages_.Add(Traits::CopyInner(child, pages_.birth, pages));
  } else {
    result.items = Rebalance(child, level, std::move(changed));
  }
  return result;
}

template <typename Traits>
typename CowEditor<Traits>::Items CowEditor<Traits>::Rebalance(
    const Child& child, int level, ChangedChildren changed) {
  const int below = level - 1;
  const size_t count = Traits::Count(child, level);
  auto next = changed.begin();
  // Child i: the next changed child, or an unchanged one. Called for ascending
  // i.
  const auto take = [&](size_t i) {
    if (next != changed.end() && next->place == i) {
      return std::move((next++)->changed);
    }
    Changed unchanged;
    unchanged.child = Traits::ChildAt(child, i, &pages_.arena.bytes());
    return unchanged;
  };
  Items result;
  result.level = level;
  for (size_t i = 0; i < count; ++i) {
    Changed current = take(i);
    if (current.IsPage()) {
      result.children.push_back(current.child);
      continue;
    }
    Items items = std::move(current.items);
    if (items.size() == 0) continue;  // all entries below were erased
    if (!result.children.empty() && BelongInto(result.children.back(), items)) {
      const bool appended = items.appended;
      const Child left = result.children.back();
      result.children.pop_back();
      items = Join(Unpack(left, below), std::move(items));
      items.appended = appended;
    }
    // Still too few, for instance since there is no left neighbour: takes from
    // the right.
    while (items.size() < Items::MinCount(below) && i + 1 < count) {
      Changed right = take(++i);
      items = Join(std::move(items), right.IsPage() ? Unpack(right.child, below)
                                                    : std::move(right.items));
    }
    result.appended = items.appended && i + 1 == count;
    pages_.PackInto(items, &result);
  }
  return result;
}

template <typename Traits>
bool CowEditor<Traits>::BelongInto(const Child& left, const Items& items) {
  if (items.size() < Items::MinCount(items.level)) return true;
  const size_t max_count = Items::MaxCount(items.level);
  if (items.size() <= max_count) return false;
  if (items.level == 0 && !Traits::MayJoin(left, items.entries)) return false;
  // True if the left neighbour needs no page of its own any more.
  const auto pages = [&](size_t count) {
    return (count + max_count - 1) / max_count;
  };
  return pages(items.size() + Traits::Count(left, items.level)) ==
         pages(items.size());
}

template <typename Traits>
typename CowEditor<Traits>::Items CowEditor<Traits>::Join(Items left,
                                                          Items right) {
  const int below = left.level - 1;
  // A page has too few items only if it was alone in the page above. There it
  // no longer is, so it is packed together with its new neighbour.
  if (left.level > 0 && left.size() > 0 && right.size() > 0 &&
      (IsSmall(left.children.back(), below) ||
       IsSmall(right.children.front(), below))) {
    const Child last = left.children.back();
    const Child first = right.children.front();
    left.children.pop_back();
    right.children.erase(right.children.begin());
    pages_.PackInto(Join(Unpack(last, below), Unpack(first, below)), &left);
  }
  left.Append(right);
  return left;
}

template <typename Traits>
void CowEditor<Traits>::AddEdit(const typename Traits::Edit& edit,
                                absl::string_view label, Items* items) {
  Traits::AddEdit(edit, Pack(*Traits::ChangeOf(edit).value), label,
                  &items->entries);
  ++pages_.tree.size;
}

template <typename Traits>
typename CowEditor<Traits>::Items CowEditor<Traits>::Unpack(const Child& child,
                                                            int level) {
  Drop(child.page);
  return pages_.Unpack(child, level);
}

template <typename Traits>
void CowEditor<Traits>::SetRoot(Items items) {
  while (items.size() > Items::MaxCount(items.level)) {
    Items above;
    above.level = items.level + 1;
    above.appended = items.appended;
    pages_.PackInto(items, &above);
    items = std::move(above);
  }
  Tree& tree = pages_.tree;
  tree.root = nullptr;
  tree.level = 0;
  if (items.size() == 0) return;
  tree.level = items.level;
  if (items.level == 0 || items.size() > 1) {
    tree.root = pages_.Pack(items, 0, items.size()).page;
    return;
  }
  // A single child needs no page above it. That child may itself have a single
  // child.
  tree.root = items.children[0].page;
  --tree.level;
  while (tree.level > 0) {
    const auto& inner = static_cast<const Inner&>(*tree.root);
    if (inner.count() > 1) break;
    Drop(&inner);
    tree.root = inner.children()[0];
    --tree.level;
  }
}

template <typename Traits>
void CowEditor<Traits>::Drop(const Block* page) {
  pages_.tree.memory -= page->memory();
  (page->birth() == pages_.birth ? discarded_ : garbage_).push_back(page);
}

}  // namespace passpersist::store_internal

#endif  // STORE_COW_TREE_COW_EDITOR_H_
