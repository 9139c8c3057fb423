// SPDX-License-Identifier: Apache-2.0

#include "store/btree/btree_editor.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "passpersist/encoding/oid_encoding.h"

namespace passpersist::store_internal {

KeyTree BtreeEditor::Apply(absl::Span<const NormalizedChange> edits) {
  if (edits.empty()) return tree_;
  Changed changed;
  if (tree_.root == nullptr) {
    for (const NormalizedChange& edit : edits) {
      if (edit.value != nullptr) AddEdit(edit, edit.label, &changed.items);
    }
    changed.items.appended = true;
  } else {
    changed = Change(*tree_.root, {}, edits);
  }
  tree_.root = changed.page != nullptr ? changed.page
                                       : PackRoot(std::move(changed.items));
  // Pages that this editor made and dropped are in no version. Readers of older
  // versions may still use those in garbage().
  for (const Block* const page : discarded_) page->Free();
  return tree_;
}

BtreeEditor::Changed BtreeEditor::Change(
    const KeyPage& page, absl::string_view separator,
    absl::Span<const NormalizedChange> edits) {
  Changed changed;
  if (page.is_leaf()) {
    changed.page = ReplaceValues(page, edits);
    if (changed.page == nullptr) changed.items = ChangeLeaf(page, edits);
  } else {
    changed = ChangeInner(page, separator, edits);
  }
  Drop(&page);
  return changed;
}

const KeyPage* BtreeEditor::ReplaceValues(
    const KeyPage& leaf, absl::Span<const NormalizedChange> edits) {
  absl::InlinedVector<PackedValues::NewValue, 1> changes;
  for (const NormalizedChange& edit : edits) {
    // Other edits change a label, erase the entry, or store a value out of
    // line.
    if (!edit.ReplacesValueOnly()) return nullptr;
    const PackedKeys::Place place = leaf.keys().Find(edit.key);
    if (!place.found) return nullptr;
    changes.push_back({place.index, Pack(*edit.value)});
  }
  const KeyPage* const copy = leaf.CopyWithValues(birth_, changes);
  if (copy != nullptr) tree_.memory += copy->memory();
  return copy;
}

BtreeEditor::Items BtreeEditor::ChangeLeaf(
    const KeyPage& leaf, absl::Span<const NormalizedChange> edits) {
  Items items;
  items.keys.reserve(leaf.count() + edits.size());
  items.values.reserve(leaf.count() + edits.size());
  items.labels.reserve(leaf.count() + edits.size());
  size_t next = 0;  // entry of the leaf
  for (const NormalizedChange& edit : edits) {
    const PackedKeys::Place place = leaf.keys().Find(edit.key);
    AddEntries(leaf, next, place.index, &items);
    next = place.index + (place.found ? 1 : 0);
    if (place.found) --tree_.size;
    if (edit.value == nullptr) continue;
    const bool keeps = place.found && edit.keeps_label && edit.label.empty();
    AddEdit(edit, keeps ? leaf.label(place.index) : edit.label, &items);
    items.appended = next == leaf.count();
  }
  AddEntries(leaf, next, leaf.count(), &items);
  return items;
}

BtreeEditor::Changed BtreeEditor::ChangeInner(
    const KeyPage& page, absl::string_view separator,
    absl::Span<const NormalizedChange> edits) {
  Changed changed;
  std::vector<const KeyPage*> children(page.children().begin(),
                                       page.children().end());
  std::vector<Items> unpacked;  // of children without a page, in order
  while (!edits.empty()) {
    const size_t i = page.ChildFor(edits[0].key);
    const auto is_below = [&](const NormalizedChange& edit) {
      return page.keys().Compare(i, edit.key) > 0;  // the separator after it
    };
    size_t count = edits.size();
    if (i + 1 < page.count()) {
      count = static_cast<size_t>(
          std::partition_point(edits.begin(), edits.end(), is_below) -
          edits.begin());
    }
    const absl::string_view before =
        i == 0 ? separator : CopyKey(page.keys(), i - 1);
    Changed child = Change(*children[i], before, edits.first(count));
    children[i] = child.page;
    // Items that fit into one page need no neighbours. Others wait for
    // Rebalance().
    if (child.page == nullptr && child.items.FitsOnePage()) {
      children[i] = Pack(child.items, 0, child.items.size());
    } else if (child.page == nullptr) {
      unpacked.push_back(std::move(child.items));
    }
    edits.remove_prefix(count);
  }
  // If each changed child is a single page again, only pointers change.
  if (unpacked.empty()) {
    changed.page = page.CopyWithChildren(birth_, children);
    tree_.memory += changed.page->memory();
    return changed;
  }
  Items items;
  items.level = page.level();
  for (size_t i = 0; i < children.size(); ++i) {
    items.Add(i == 0 ? separator : CopyKey(page.keys(), i - 1), children[i]);
  }
  changed.items = Rebalance(std::move(items), &unpacked);
  return changed;
}

BtreeEditor::Items BtreeEditor::Rebalance(Items children,
                                          std::vector<Items>* unpacked) {
  Items result;
  result.level = children.level;
  auto next_unpacked = unpacked->begin();
  // Returns the items of child `i` of `from`, and drops its page.
  const auto take = [&](const Items& from, size_t i) {
    const KeyPage* const page = from.children[i];
    if (page == nullptr) return std::move(*next_unpacked++);
    Drop(page);
    return Unpack(*page, from.keys[i]);
  };
  for (size_t i = 0; i < children.size(); ++i) {
    if (children.children[i] != nullptr) {
      result.Add(children.keys[i], children.children[i]);
      continue;
    }
    absl::string_view separator = children.keys[i];
    Items items = take(children, i);
    if (items.size() == 0) continue;  // all entries below were erased
    const size_t min_count = KeyTree::MinCount(items.level);
    const size_t max_count = KeyTree::MaxCount(items.level);
    const auto pages = [&](size_t count) {
      return (count + max_count - 1) / max_count;
    };
    // Takes the items of the left neighbour if there are too few, or if that
    // saves a page.
    if (result.size() > 0) {
      const size_t combined = items.size() + result.children.back()->count();
      if (items.size() < min_count ||
          (items.size() > max_count &&
           pages(combined) == pages(items.size()))) {
        separator = result.keys.back();
        Items left = take(result, result.size() - 1);
        result.keys.pop_back();
        result.children.pop_back();
        left.appended = items.appended;
        left.Append(items);
        items = std::move(left);
      }
    }
    while (items.size() < min_count && i + 1 < children.size()) {
      items.Append(take(children, ++i));
    }
    result.appended = items.appended && i + 1 == children.size();
    // The first page keeps the separator of the child whose items it begins
    // with.
    const size_t first = result.size();
    PackInto(items, &result);
    result.keys[first] = separator;
  }
  return result;
}

void BtreeEditor::Items::Append(const Items& other) {
  const auto append = [](auto* to, const auto& from) {
    to->insert(to->end(), from.begin(), from.end());
  };
  append(&keys, other.keys);
  append(&values, other.values);
  append(&labels, other.labels);
  append(&children, other.children);
}

void BtreeEditor::AddEntries(const KeyPage& leaf, size_t begin, size_t end,
                             Items* items) {
  for (size_t i = begin; i < end; ++i) {
    items->keys.push_back(CopyKey(leaf.keys(), i));
    items->values.push_back(leaf.value(i));
    items->labels.push_back(leaf.label(i));
  }
}

internal::PackedValue BtreeEditor::Pack(const StoredValue& stored) {
  internal::PackedValue value = packer_.Pack(stored);
  value.bytes = bytes_.Copy(value.bytes);
  return value;
}

void BtreeEditor::AddEdit(const NormalizedChange& edit, absl::string_view label,
                          Items* items) {
  items->keys.push_back(edit.key);
  items->values.push_back(Pack(*edit.value));
  items->labels.push_back(label);
  ++tree_.size;
}

BtreeEditor::Items BtreeEditor::Unpack(const KeyPage& page,
                                       absl::string_view separator) {
  Items items;
  items.level = page.level();
  if (page.is_leaf()) {
    AddEntries(page, 0, page.count(), &items);
    return items;
  }
  for (size_t i = 0; i < page.count(); ++i) {
    items.Add(i == 0 ? separator : CopyKey(page.keys(), i - 1), page.child(i));
  }
  return items;
}

absl::string_view BtreeEditor::CopyKey(const PackedKeys& keys, size_t i) {
  const absl::string_view prefix = keys.prefix();
  const size_t size = prefix.size() + keys.RemainderSize(i);
  char* const copy = bytes_.Reserve(size + PackedKeys::kSlack);
  if (!prefix.empty()) std::memcpy(copy, prefix.data(), prefix.size());
  keys.CopyRemainder(i, copy + prefix.size());
  bytes_.Commit(size);
  return {copy, size};
}

const KeyPage* BtreeEditor::Pack(const Items& items, size_t begin,
                                 size_t count) {
  const auto slice = [&](const auto& list, size_t skipped = 0) {
    return absl::MakeSpan(list).subspan(begin + skipped, count - skipped);
  };
  const KeyPage* const page =
      items.level == 0
          ? KeyPage::MakeLeaf(birth_, slice(items.keys), slice(items.values),
                              slice(items.labels))
          : KeyPage::MakeInner(birth_, items.level, slice(items.keys, 1),
                               slice(items.children));
  tree_.memory += page->memory();
  return page;
}

void BtreeEditor::PackInto(const Items& items, Items* parents) {
  const size_t min_count = KeyTree::MinCount(items.level);
  const size_t max_count = KeyTree::MaxCount(items.level);
  size_t pages = (items.size() + max_count - 1) / max_count;
  size_t left = items.size();
  for (size_t begin = 0; left > 0; --pages) {
    size_t count = (left + pages - 1) / pages;
    // Full pages, but enough items for each of the pages after this one.
    if (items.appended && pages > 1) {
      count = std::min(max_count, left - min_count * (pages - 1));
    }
    absl::string_view separator = items.keys[begin];
    // The shortest separator keeps inner pages small; those of inner levels are
    // separators already.
    if (items.level == 0 && begin > 0) {
      separator = internal::ShortestSeparator(items.keys[begin - 1], separator);
    }
    parents->Add(separator, Pack(items, begin, count));
    begin += count;
    left -= count;
  }
}

const KeyPage* BtreeEditor::PackRoot(Items items) {
  while (items.size() > KeyTree::MaxCount(items.level)) {
    Items parents;
    parents.level = items.level + 1;
    parents.appended = items.appended;
    PackInto(items, &parents);
    items = std::move(parents);
  }
  if (items.size() == 0) return nullptr;
  if (items.level == 0 || items.size() > 1) return Pack(items, 0, items.size());
  // A single child needs no page above it.
  const KeyPage* root = items.children[0];
  while (!root->is_leaf() && root->count() == 1) {
    Drop(root);
    root = root->child(0);
  }
  return root;
}

void BtreeEditor::Drop(const KeyPage* page) {
  tree_.memory -= page->memory();
  (page->birth() == birth_ ? discarded_ : garbage_).push_back(page);
}

}  // namespace passpersist::store_internal
