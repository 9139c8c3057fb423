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

template class CowBuilder<ValueTreeTraits>;

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
      pages_.AddLeaf(
          {ValuePage::MakeOfStrings(pages_.birth(), tag, strings.First(added)),
           added});
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
  const internal::ValueTag last = count_ > 0 ? tag_ : others_.values.back().tag;
  if (pending == ValuePage::kMaxValues ||
      (pending >= CowItems<ValueTreeTraits>::MinCount(0) && tag != last)) {
    PackPending();
  }
}

void ValueBuilder::AddOther(const internal::PackedValue& value,
                            absl::string_view label) {
  PackBefore(value.tag);
  if (Pending() == 0 && label.empty() && IsNumber(value.tag)) {
    tag_ = value.tag;
    number_size_ = internal::NumberSize(tag_);
    StoreNumber(value.number);
    return;
  }
  Unpack();  // the pending numbers, which the page now stores among others
  others_.Add(arena_.Copy(value), arena_.Copy(label));
}

void ValueBuilder::Unpack() {
  for (size_t i = 0; i < count_; ++i) {
    const char* const number = numbers_.data() + i * number_size_;
    others_.Add({tag_,
                 number_size_ == 4 ? LoadAs<uint32_t>(number)
                                   : LoadAs<uint64_t>(number),
                 {}},
                {});
  }
  count_ = 0;
}

void ValueBuilder::PackPending() {
  if (count_ > 0) {
    pages_.AddLeaf({ValuePage::MakeOfNumbers(pages_.birth(), tag_,
                                             numbers_.data(), count_),
                    count_});
    count_ = 0;
    return;
  }
  pages_.AddLeafOf(others_);
  others_.Clear();
  arena_.Clear();
}

ValueTree ValueBuilder::Finish() {
  // Numbers that fill a page of their own stay numbers.
  if (count_ >= CowItems<ValueTreeTraits>::MinCount(0)) PackPending();
  Unpack();
  const ValueTree tree = pages_.Finish(std::move(others_));
  arena_.Clear();  // the pages own what they need
  return tree;
}

}  // namespace passpersist::store_internal
