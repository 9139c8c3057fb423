// SPDX-License-Identifier: Apache-2.0

#include "store/values/value_builder.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace passpersist::store_internal {
namespace {

bool IsNumber(internal::ValueTag tag) {
  return internal::NumberSize(tag) != 0 &&
         tag != internal::ValueTag::kOutOfLine;
}

}  // namespace

// Frees what Finish() has not returned.
ValueBuilder::~ValueBuilder() {
  ClearValues();
  ValueTree below;
  for (const std::vector<Child>& children : levels_) {
    for (const Child& child : children) {
      below.root = child.block;
      FreeBlocks(below);
    }
    ++below.level;
  }
}

void ValueBuilder::AddNumbers(internal::ValueTag tag, const char* numbers,
                              size_t count) {
  const size_t size = internal::NumberSize(tag);
  while (count > 0) {
    size_t added = 1;
    // The first number of a page goes through AddOther(), which packs the
    // values of the page before.
    if (TakesNumbersOf(tag)) {
      added = std::min(count, ValuePage::kMaxValues - count_);
      std::memcpy(numbers_.data() + count_ * size, numbers, added * size);
      count_ += added;
    } else {
      AddOther(
          {tag,
           size == 4 ? LoadAs<uint32_t>(numbers) : LoadAs<uint64_t>(numbers),
           {}},
          {});
    }
    numbers += added * size;
    count -= added;
  }
}

void ValueBuilder::AddStrings(internal::ValueTag tag,
                              internal::StringRun strings) {
  while (strings.size() > 0) {
    PackBefore(tag);
    size_t added = 1;
    if (Pending() == 0 && strings.size() >= ValuePage::kMaxValues) {
      // A full page is made directly from the run, without a copy of each
      // string.
      added = ValuePage::kMaxValues;
      AddPage(ValuePage::MakeOfStrings(birth_, tag, strings.First(added)));
    } else {
      AddOther({tag, 0, strings[0]}, {});
    }
    strings.RemovePrefix(added);
  }
}

void ValueBuilder::PackBefore(internal::ValueTag tag) {
  const size_t pending = Pending();
  if (pending == 0) return;
  // The values of a small column stay together with those of the next column,
  // since a page has at least MinCount() values.
  const internal::ValueTag last = count_ > 0 ? tag_ : values_.back().tag;
  if (pending == ValueTree::MaxCount(0) ||
      (pending >= ValueTree::MinCount(0) && tag != last)) {
    PackValues();
  }
}

void ValueBuilder::AddOther(const internal::PackedValue& value,
                            absl::string_view label) {
  PackBefore(value.tag);
  if (values_.empty() && count_ == 0 && label.empty() && IsNumber(value.tag)) {
    tag_ = value.tag;
    number_size_ = internal::NumberSize(tag_);
    StoreNumber(value.number);
    return;
  }
  Unpack();  // the pending numbers, which the page now stores among others
  values_.push_back(value);
  values_.back().bytes = bytes_.Copy(value.bytes);
  labels_.push_back(bytes_.Copy(label));
  if (value.tag == internal::ValueTag::kOutOfLine) value.shared_value()->Ref();
}

void ValueBuilder::Unpack() {
  for (size_t i = 0; i < count_; ++i) {
    const char* const number = numbers_.data() + i * number_size_;
    values_.push_back({tag_,
                       number_size_ == 4 ? LoadAs<uint32_t>(number)
                                         : LoadAs<uint64_t>(number),
                       {}});
    labels_.emplace_back();
  }
  count_ = 0;
}

void ValueBuilder::ClearValues() {
  for (const internal::PackedValue& value : values_) {
    if (value.tag == internal::ValueTag::kOutOfLine) {
      value.shared_value()->Unref();
    }
  }
  count_ = 0;
  values_.clear();
  labels_.clear();
  bytes_.Clear();
}

void ValueBuilder::PackValues() {
  AddPage(count_ > 0
              ? ValuePage::MakeOfNumbers(birth_, tag_, numbers_.data(), count_)
              : ValuePage::Make(birth_, values_, labels_));
  ClearValues();
}

void ValueBuilder::PackWithLastPage() {
  Unpack();
  const auto* const last =
      static_cast<const ValuePage*>(ChildrenOf(1).back().block);
  ChildrenOf(1).pop_back();
  std::vector<internal::PackedValue> values;
  std::vector<absl::string_view> labels;
  for (size_t i = 0; i < last->count(); ++i) {
    values.push_back(last->value(i));
    labels.push_back(last->label(i));
  }
  values.insert(values.end(), values_.begin(), values_.end());
  labels.insert(labels.end(), labels_.begin(), labels_.end());
  // One page if the values fit, else two halves, which are large enough.
  const size_t first = values.size() <= ValueTree::MaxCount(0)
                           ? values.size()
                           : values.size() / 2;
  const absl::Span<const internal::PackedValue> all_values = values;
  const absl::Span<const absl::string_view> all_labels = labels;
  AddPage(ValuePage::Make(birth_, all_values.first(first),
                          all_labels.first(first)));
  if (first < values.size()) {
    AddPage(ValuePage::Make(birth_, all_values.subspan(first),
                            all_labels.subspan(first)));
  }
  // Only now: `values` and `labels` refer to bytes of the last page.
  tree_.memory -= last->memory();
  tree_.size -= last->count();
  last->Free();
  ClearValues();
}

void ValueBuilder::AddPage(const ValuePage* page) {
  tree_.memory += page->memory();
  tree_.size += page->count();
  AddChild(1, {page, page->count()});
}

void ValueBuilder::AddChild(int level, const Child& child) {
  if (levels_.size() < static_cast<size_t>(level)) levels_.emplace_back();
  const size_t max_count = ValueTree::MaxCount(level);
  if (ChildrenOf(level).size() == max_count) PackDir(level, max_count);
  ChildrenOf(level).push_back(child);
}

void ValueBuilder::PackDir(int level, size_t count) {
  std::vector<Child>& children = ChildrenOf(level);
  const auto* const dir =
      ValueDir::Make(birth_, absl::MakeConstSpan(children).first(count));
  tree_.memory += dir->memory();
  children.erase(children.begin(),
                 children.begin() + static_cast<ptrdiff_t>(count));
  AddChild(level + 1, {dir, dir->end(count - 1)});
}

void ValueBuilder::PackRest(int level) {
  std::vector<Child> children = std::move(ChildrenOf(level));
  const bool is_top = levels_.size() == static_cast<size_t>(level);
  // Too few for a dir: the last dir is unpacked and packed again with them.
  if (!is_top && children.size() < ValueTree::MinCount(level)) {
    const auto* const last =
        static_cast<const ValueDir*>(ChildrenOf(level + 1).back().block);
    ChildrenOf(level + 1).pop_back();
    std::vector<Child> both;
    for (size_t i = 0; i < last->count(); ++i) {
      both.push_back({last->child(i), last->size(i)});
    }
    both.insert(both.end(), children.begin(), children.end());
    children = std::move(both);
    tree_.memory -= last->memory();
    last->Free();
  }
  const size_t count = children.size();
  ChildrenOf(level) = std::move(children);
  if (count > ValueTree::MaxCount(level)) PackDir(level, count / 2);
  PackDir(level, ChildrenOf(level).size());
}

ValueTree ValueBuilder::Finish() {
  const size_t left = Pending();
  if (left == 0) return tree_;
  if (left < ValueTree::MinCount(0) && !levels_.empty()) {
    PackWithLastPage();
  } else {
    PackValues();
  }
  // A single child needs no dir above it: it is the root.
  while (levels_.size() > static_cast<size_t>(tree_.level) + 1 ||
         levels_.back().size() > 1) {
    PackRest(++tree_.level);
  }
  tree_.root = levels_.back().front().block;
  levels_.clear();
  return tree_;
}

}  // namespace passpersist::store_internal
