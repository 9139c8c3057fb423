// SPDX-License-Identifier: Apache-2.0

#include "store/values/value_editor.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "passpersist/value.h"

namespace passpersist::store_internal {
namespace {

const ValuePage& LastPage(const Block* block, int level) {
  for (; level > 0; --level) {
    const auto* const dir = static_cast<const ValueDir*>(block);
    block = dir->child(dir->count() - 1);
  }
  return static_cast<const ValuePage&>(*block);
}

internal::ValueTag TagOf(const StoredValue& stored) {
  const Value* const value = std::get_if<Value>(&stored);
  return value == nullptr ? internal::ValueTag::kOutOfLine
                          : static_cast<internal::ValueTag>(value->index());
}

// True for a new value that should be appended to `block`: its last page holds
// only values of the same type.
bool MayAppend(const ValueEdit& edit, const Block* block, int level) {
  return edit.is_new &&
         LastPage(block, level).HoldsOnly(TagOf(*edit.change->value));
}

// True if the block, which is not the root, has too few items.
bool IsSmall(const ValueDir::Child& child, int level) {
  const size_t count = level == 0
                           ? child.size
                           : static_cast<const ValueDir*>(child.block)->count();
  return count < ValueTree::MinCount(level);
}

}  // namespace

ValueTree ValueEditor::Apply(absl::Span<const ValueEdit> edits) {
  if (edits.empty()) return tree_;
  if (tree_.root == nullptr) {
    Items items;
    for (const ValueEdit& edit : edits) {
      AddEdit(*edit.change, edit.change->label, &items);
    }
    PackRoot(std::move(items));
    return tree_;
  }
  // Blocks that this editor made and dropped are in no version, so they are
  // freed below at once. Readers of older versions may still use those in
  // garbage().
  Changed changed = Change(tree_.root, tree_.level, 0, edits);
  if (changed.packed.block != nullptr) {
    tree_.root = changed.packed.block;
  } else {
    PackRoot(std::move(changed.items));
  }
  for (const Block* const block : discarded_) block->Free();
  return tree_;
}

ValueEditor::Changed ValueEditor::Change(const Block* block, int level,
                                         size_t begin, Edits edits) {
  Changed changed;
  if (level > 0) {
    changed =
        ChangeDir(static_cast<const ValueDir&>(*block), level, begin, edits);
  } else {
    const auto& page = static_cast<const ValuePage&>(*block);
    if (const auto* const copy = ReplaceValues(page, begin, edits)) {
      changed.packed = {copy, copy->count()};
    } else {
      changed.items = ChangePage(page, begin, edits);
    }
  }
  Drop(block);
  return changed;
}

const ValuePage* ValueEditor::ReplaceValues(const ValuePage& page, size_t begin,
                                            Edits edits) {
  // Other edits change the number of values, a label, or store a value out of
  // line.
  absl::InlinedVector<PackedValues::NewValue, 1> changes;
  for (const ValueEdit& e : edits) {
    if (e.is_new || !e.change->ReplacesValueOnly()) return nullptr;
    changes.push_back({e.rank - begin, Pack(*e.change->value)});
  }
  const ValuePage* const copy = page.CopyWith(birth_, changes);
  if (copy != nullptr) tree_.memory += copy->memory();
  return copy;
}

ValueEditor::Items ValueEditor::ChangePage(const ValuePage& page, size_t begin,
                                           Edits edits) {
  Items items;
  items.values.reserve(page.count() + edits.size());
  items.labels.reserve(page.count() + edits.size());
  size_t next = 0;  // value of the page
  for (const ValueEdit& e : edits) {
    const NormalizedChange& edit = *e.change;
    const size_t place = e.rank - begin;
    AddValues(page, next, place, &items);
    next = place;
    absl::string_view label = edit.label;
    // The edit replaces or erases value `next`.
    if (!e.is_new) {
      --tree_.size;
      if (edit.keeps_label && label.empty()) label = page.label(next);
      ++next;
    }
    if (edit.value == nullptr) continue;
    AddEdit(edit, label, &items);
  }
  AddValues(page, next, page.count(), &items);
  return items;
}

ValueEditor::Changed ValueEditor::ChangeDir(const ValueDir& dir, int level,
                                            size_t begin, Edits edits) {
  const int below = level - 1;
  ChangedChildren children;
  absl::InlinedVector<ValueDir::NewChild, 1> blocks;  // the changed children
  while (!edits.empty()) {
    const size_t i = FirstChild(dir, below, begin, edits.front());
    const Edits first = TakeEditsOf(dir, i, below, begin, &edits);
    Changed child = Change(dir.child(i), below, begin + dir.begin(i), first);
    // Items that fit into one block need no neighbours. Others wait for
    // Rebalance().
    if (child.packed.block == nullptr && child.items.FitsOneBlock()) {
      child.packed = Pack(child.items, 0, child.items.size());
    }
    if (child.packed.block != nullptr) blocks.push_back({i, child.packed});
    children.push_back({i, std::move(child)});
  }
  // If each changed child is a single block again, only pointers and ends
  // change.
  Changed changed;
  if (blocks.size() == children.size()) {
    const ValueDir* const copy = dir.CopyWith(birth_, blocks);
    tree_.memory += copy->memory();
    changed.packed = {copy, copy->size()};
  } else {
    changed.items = Rebalance(dir, level, std::move(children));
  }
  return changed;
}

ValueEditor::Items ValueEditor::Rebalance(const ValueDir& dir, int level,
                                          ChangedChildren changed) {
  const int below = level - 1;
  auto next = changed.begin();
  // Child i: the next changed child, or an unchanged one. Called for ascending
  // i.
  const auto take = [&](size_t i) {
    if (next == changed.end() || next->place != i) {
      return Changed{{dir.child(i), dir.size(i)}, {}};
    }
    return std::move((next++)->changed);
  };
  const auto items_of = [&](Changed child) {
    return child.packed.block == nullptr ? std::move(child.items)
                                         : Unpack(child.packed.block, below);
  };
  Items result;
  result.level = level;
  for (size_t i = 0; i < dir.count(); ++i) {
    Changed child = take(i);
    if (child.packed.block != nullptr) {
      result.children.push_back(child.packed);
      continue;
    }
    Items items = std::move(child.items);
    if (items.size() == 0) continue;  // all values below were erased
    if (!result.children.empty() &&
        GoesIntoLeft(items, result.children.back())) {
      const Block* const left = result.children.back().block;
      result.children.pop_back();
      items = Join(Unpack(left, below), std::move(items));
    }
    // Still too few, for instance since there is no left neighbour: takes from
    // the right.
    while (items.size() < ValueTree::MinCount(below) && i + 1 < dir.count()) {
      items = Join(std::move(items), items_of(take(++i)));
    }
    PackInto(items, &result);
  }
  return result;
}

bool ValueEditor::GoesIntoLeft(const Items& items, const Child& left) {
  if (items.size() < ValueTree::MinCount(items.level)) return true;
  const size_t max_count = ValueTree::MaxCount(items.level);
  if (items.size() <= max_count) return false;
  size_t combined = items.size();
  if (items.level == 0) {
    const auto* const page = static_cast<const ValuePage*>(left.block);
    // Keeps pages to one type; see the class comment.
    if (!page->HoldsOnly(items.values.front().tag)) return false;
    combined += page->count();
  } else {
    combined += static_cast<const ValueDir*>(left.block)->count();
  }
  // True if the left neighbour needs no block of its own any more.
  const auto blocks = [&](size_t count) {
    return (count + max_count - 1) / max_count;
  };
  return blocks(combined) == blocks(items.size());
}

size_t ValueEditor::FirstChild(const ValueDir& dir, int level, size_t begin,
                               const ValueEdit& edit) {
  const size_t rank = edit.rank - begin;
  const size_t i =
      rank < dir.size() ? dir.ChildFor(rank) : dir.count() - 1;  // appended
  const bool goes_left =
      i > 0 && rank == dir.begin(i) && MayAppend(edit, dir.child(i - 1), level);
  return goes_left ? i - 1 : i;
}

ValueEditor::Edits ValueEditor::TakeEditsOf(const ValueDir& dir, size_t i,
                                            int level, size_t begin,
                                            Edits* edits) {
  size_t count = edits->size();
  if (i + 1 < dir.count()) {
    // Besides the edits of ranks below `end`, new values at `end` that continue
    // the last page of child i.
    const size_t end = begin + dir.end(i);
    const auto next =
        std::partition_point(edits->begin(), edits->end(),
                             [&](const ValueEdit& e) { return e.rank < end; });
    count = static_cast<size_t>(next - edits->begin());
    while (count < edits->size() && (*edits)[count].rank == end &&
           MayAppend((*edits)[count], dir.child(i), level)) {
      ++count;
    }
  }
  const Edits taken = edits->first(count);
  edits->remove_prefix(count);
  return taken;
}

void ValueEditor::Items::Append(const Items& other) {
  const auto append = [](auto* to, const auto& from) {
    to->insert(to->end(), from.begin(), from.end());
  };
  append(&values, other.values);
  append(&labels, other.labels);
  append(&children, other.children);
}

void ValueEditor::AddValues(const ValuePage& page, size_t begin, size_t end,
                            Items* items) {
  for (size_t i = begin; i < end; ++i) {
    items->values.push_back(page.value(i));
    items->labels.push_back(page.label(i));
  }
}

internal::PackedValue ValueEditor::Pack(const StoredValue& stored) {
  internal::PackedValue value = packer_.Pack(stored);
  value.bytes = bytes_.Copy(value.bytes);
  return value;
}

void ValueEditor::AddEdit(const NormalizedChange& edit, absl::string_view label,
                          Items* items) {
  items->values.push_back(Pack(*edit.value));
  items->labels.push_back(label);
  ++tree_.size;
}

ValueEditor::Items ValueEditor::Unpack(const Block* block, int level) {
  Items items;
  items.level = level;
  if (level == 0) {
    const auto& page = static_cast<const ValuePage&>(*block);
    AddValues(page, 0, page.count(), &items);
  } else {
    const auto& dir = static_cast<const ValueDir&>(*block);
    for (size_t i = 0; i < dir.count(); ++i) {
      items.children.push_back({dir.child(i), dir.size(i)});
    }
  }
  Drop(block);
  return items;
}

ValueEditor::Items ValueEditor::Join(Items left, Items right) {
  const int below = left.level - 1;
  // A block has too few items only if it was alone in its dir. In the joined
  // dir it no longer is, so it is packed together with its new neighbour.
  if (left.level > 0 && left.size() > 0 && right.size() > 0 &&
      (IsSmall(left.children.back(), below) ||
       IsSmall(right.children.front(), below))) {
    const Block* const last = left.children.back().block;
    const Block* const first = right.children.front().block;
    left.children.pop_back();
    right.children.erase(right.children.begin());
    PackInto(Join(Unpack(last, below), Unpack(first, below)), &left);
  }
  left.Append(right);
  return left;
}

ValueEditor::Child ValueEditor::Pack(const Items& items, size_t begin,
                                     size_t count) {
  const auto slice = [&](const auto& list) {
    return absl::MakeSpan(list).subspan(begin, count);
  };
  Child child = {nullptr, count};
  if (items.level == 0) {
    child.block =
        ValuePage::Make(birth_, slice(items.values), slice(items.labels));
  } else {
    const auto* const dir = ValueDir::Make(birth_, slice(items.children));
    child = {dir, dir->size()};
  }
  tree_.memory += child.block->memory();
  return child;
}

void ValueEditor::PackInto(const Items& items, Items* parents) {
  const size_t max_count = ValueTree::MaxCount(items.level);
  size_t blocks = (items.size() + max_count - 1) / max_count;
  size_t left = items.size();
  for (size_t begin = 0; left > 0; --blocks) {
    const size_t count = (left + blocks - 1) / blocks;  // even sizes
    parents->children.push_back(Pack(items, begin, count));
    begin += count;
    left -= count;
  }
}

void ValueEditor::PackRoot(Items items) {
  while (items.size() > ValueTree::MaxCount(items.level)) {
    Items parents;
    parents.level = items.level + 1;
    PackInto(items, &parents);
    items = std::move(parents);
  }
  tree_.level = items.level;
  if (items.size() == 0) {
    tree_.root = nullptr;
    tree_.level = 0;
  } else if (items.level == 0 || items.size() > 1) {
    tree_.root = Pack(items, 0, items.size()).block;
  } else {  // A single child needs no dir above it.
    tree_.root = items.children[0].block;
    --tree_.level;
    // That child may be a dir with a single child itself.
    while (tree_.level > 0) {
      const auto* const dir = static_cast<const ValueDir*>(tree_.root);
      if (dir->count() > 1) break;
      Drop(dir);
      tree_.root = dir->child(0);
      --tree_.level;
    }
  }
}

void ValueEditor::Drop(const Block* block) {
  tree_.memory -= block->memory();
  (block->birth() == birth_ ? discarded_ : garbage_).push_back(block);
}

}  // namespace passpersist::store_internal
