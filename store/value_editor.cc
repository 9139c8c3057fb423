#include "store/value_editor.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

const ValuePage& LastPage(const Part* part, int level) {
  for (; level > 0; --level) {
    const auto* const dir = static_cast<const ValueDir*>(part);
    part = dir->child(dir->count() - 1);
  }
  return static_cast<const ValuePage&>(*part);
}

ValueTag TagOf(const Slot& slot) {
  const Value* const value = std::get_if<Value>(&slot);
  return value == nullptr ? ValueTag::kBox
                          : static_cast<ValueTag>(value->index());
}

// True if the part, which is no root, has too few items.
bool IsSmall(const ValueDir::Child& child, int level) {
  const size_t count = level == 0
                           ? child.size
                           : static_cast<const ValueDir*>(child.part)->count();
  return count < ValueTree::MinCount(level);
}

}  // namespace

ValueTree ValueEditor::Apply(absl::Span<const ValueEdit> edits) {
  if (edits.empty()) return tree_;
  if (tree_.root == nullptr) {
    Items items;
    for (const ValueEdit& edit : edits) {
      AddEdit(*edit.edit, edit.edit->label, &items);
    }
    PackRoot(std::move(items));
    return tree_;
  }
  const ValuePage* page = nullptr;
  if (tree_.level == 0) {
    page = ChangeNumbers(static_cast<const ValuePage&>(*tree_.root), 0, edits);
  }
  if (page != nullptr) {
    tree_.root = page;
  } else {
    PackRoot(Change(tree_.root, tree_.level, 0, edits));
  }
  for (const Part* const part : discarded_) part->Free();
  return tree_;
}

ValueEditor::Items ValueEditor::Change(const Part* part, int level,
                                       size_t begin, Edits edits) {
  Drop(part);
  return level == 0
             ? ChangePage(static_cast<const ValuePage&>(*part), begin, edits)
             : ChangeDir(static_cast<const ValueDir&>(*part), level, begin,
                         edits);
}

const ValuePage* ValueEditor::ChangeNumbers(const ValuePage& page, size_t begin,
                                            Edits edits) {
  std::vector<ValuePage::NewNumber> numbers;
  for (const ValueEdit& e : edits) {
    const PackedEdit& edit = *e.edit;
    if (e.is_new || edit.slot == nullptr || !edit.keeps_label ||
        !edit.label.empty() || !page.HoldsOnlyNumbersOf(TagOf(*edit.slot))) {
      return nullptr;
    }
    numbers.push_back({e.rank - begin, packer_.Pack(*edit.slot).number});
  }
  const ValuePage* const copy = page.CopyWithNumbers(birth_, numbers);
  tree_.memory += copy->memory();
  Drop(&page);
  return copy;
}

ValueEditor::Items ValueEditor::ChangePage(const ValuePage& page, size_t begin,
                                           Edits edits) {
  Items items;
  items.values.reserve(page.count() + edits.size());
  items.labels.reserve(page.count() + edits.size());
  size_t next = 0;  // value of the page
  for (const ValueEdit& e : edits) {
    const PackedEdit& edit = *e.edit;
    const size_t place = e.rank - begin;
    AddValues(page, next, place, &items);
    next = place;
    absl::string_view label = edit.label;
    if (!e.is_new) {
      --tree_.size;
      if (edit.keeps_label && label.empty()) label = page.label(next);
      ++next;
    }
    if (edit.slot == nullptr) continue;
    AddEdit(edit, label, &items);
  }
  AddValues(page, next, page.count(), &items);
  return items;
}

ValueEditor::Items ValueEditor::ChangeDir(const ValueDir& dir, int level,
                                          size_t begin, Edits edits) {
  Items result;
  result.level = level;
  const int below = level - 1;
  for (size_t i = 0; i < dir.count(); ++i) {
    const Edits first = TakeEditsOf(dir, i, below, begin, &edits);
    if (first.empty()) {
      result.children.push_back({dir.child(i), dir.size(i)});
      continue;
    }
    if (below == 0) {
      const auto& page = static_cast<const ValuePage&>(*dir.child(i));
      if (const auto* const copy =
              ChangeNumbers(page, begin + dir.begin(i), first)) {
        result.children.push_back({copy, copy->count()});
        continue;
      }
    }
    Items items = Change(dir.child(i), below, begin + dir.begin(i), first);
    if (items.size() == 0) continue;
    if (!result.children.empty() &&
        GoesIntoLeft(items, result.children.back())) {
      const Part* const left = result.children.back().part;
      result.children.pop_back();
      items = Join(Unpack(left, below), std::move(items));
    }
    while (items.size() < ValueTree::MinCount(below) && i + 1 < dir.count()) {
      ++i;
      const Edits more = TakeEditsOf(dir, i, below, begin, &edits);
      items = Join(std::move(items),
                   Change(dir.child(i), below, begin + dir.begin(i), more));
    }
    PackInto(items, &result);
  }
  return result;
}

bool ValueEditor::GoesIntoLeft(const Items& items, const Child& left) {
  if (items.size() < ValueTree::MinCount(items.level)) return true;
  const size_t most = ValueTree::MaxCount(items.level);
  if (items.size() <= most) return false;
  size_t together = items.size();
  if (items.level == 0) {
    const auto* const page = static_cast<const ValuePage*>(left.part);
    if (!page->HoldsOnly(items.values.front().tag)) return false;
    together += page->count();
  } else {
    together += static_cast<const ValueDir*>(left.part)->count();
  }
  const auto parts = [&](size_t count) { return (count + most - 1) / most; };
  return parts(together) == parts(items.size());
}

ValueEditor::Edits ValueEditor::TakeEditsOf(const ValueDir& dir, size_t i,
                                            int level, size_t begin,
                                            Edits* edits) {
  size_t count = edits->size();
  if (i + 1 < dir.count()) {
    const size_t end = begin + dir.end(i);
    const auto next =
        std::partition_point(edits->begin(), edits->end(),
                             [&](const ValueEdit& e) { return e.rank < end; });
    count = static_cast<size_t>(next - edits->begin());
    const auto goes_left = [&](const ValueEdit& e) {
      return e.is_new && e.rank == end &&
             LastPage(dir.child(i), level).HoldsOnly(TagOf(*e.edit->slot));
    };
    while (count < edits->size() && goes_left((*edits)[count])) ++count;
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

void ValueEditor::AddEdit(const PackedEdit& edit, absl::string_view label,
                          Items* items) {
  items->values.push_back(packer_.Pack(*edit.slot));
  PackedValue& value = items->values.back();
  value.bytes = bytes_.Copy(value.bytes);
  items->labels.push_back(label);
  ++tree_.size;
}

ValueEditor::Items ValueEditor::Join(Items left, Items right) {
  const int below = left.level - 1;
  // A part is small only where it was alone in its dir; now it is not.
  if (left.level > 0 && left.size() > 0 && right.size() > 0 &&
      (IsSmall(left.children.back(), below) ||
       IsSmall(right.children.front(), below))) {
    const Part* const last = left.children.back().part;
    const Part* const first = right.children.front().part;
    left.children.pop_back();
    right.children.erase(right.children.begin());
    PackInto(Join(Unpack(last, below), Unpack(first, below)), &left);
  }
  left.Append(right);
  return left;
}

ValueEditor::Child ValueEditor::Pack(const Items& items, size_t begin,
                                     size_t count) {
  const auto part = [&](const auto& list) {
    return absl::MakeSpan(list).subspan(begin, count);
  };
  Child child = {nullptr, count};
  if (items.level == 0) {
    child.part =
        ValuePage::Make(birth_, part(items.values), part(items.labels));
  } else {
    const auto* const dir = ValueDir::Make(birth_, part(items.children));
    child = {dir, dir->end(count - 1)};
  }
  tree_.memory += child.part->memory();
  return child;
}

void ValueEditor::PackInto(const Items& items, Items* parents) {
  const size_t most = ValueTree::MaxCount(items.level);
  size_t parts = (items.size() + most - 1) / most;
  size_t left = items.size();
  for (size_t begin = 0; left > 0; --parts) {
    const size_t count = (left + parts - 1) / parts;
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
    tree_.root = Pack(items, 0, items.size()).part;
  } else {  // One child alone needs no dir above.
    tree_.root = items.children[0].part;
    --tree_.level;
    while (tree_.level > 0) {
      const auto* const dir = static_cast<const ValueDir*>(tree_.root);
      if (dir->count() > 1) break;
      Drop(dir);
      tree_.root = dir->child(0);
      --tree_.level;
    }
  }
}

void ValueEditor::Drop(const Part* part) {
  tree_.memory -= part->memory();
  (part->birth() == birth_ ? discarded_ : retired_).push_back(part);
}

}  // namespace passpersist::internal
