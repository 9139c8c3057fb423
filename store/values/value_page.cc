// SPDX-License-Identifier: Apache-2.0

#include "store/values/value_page.h"

#include <cstring>

namespace passpersist::store_internal {

ValuePage* ValuePage::Allocate(uint64_t birth, size_t size) {
  return new (size) ValuePage(birth, size);
}

const ValuePage* ValuePage::Make(uint64_t birth,
                                 absl::Span<const internal::PackedValue> values,
                                 absl::Span<const absl::string_view> labels) {
  const PackedStringsForm label_form(labels);
  const bool has_labels = label_form.total() > 0;
  const PackedValues::Layout layout(values);
  const size_t labels_at = ValuesAt() + layout.Size();
  ValuePage* const page =
      Allocate(birth, labels_at + (has_labels ? label_form.Size() : 0));
  PackedValues::Write(layout, values, page->At(ValuesAt()));
  // Labels are rare, so a page without them has no place for them at all.
  if (!has_labels) return page;
  page->labels_at_ = static_cast<uint32_t>(labels_at);
  PackedStringsWriter writer(label_form, page->At(labels_at));
  for (const absl::string_view label : labels) writer.Add(label);
  return page;
}

const ValuePage* ValuePage::MakeOfNumbers(uint64_t birth,
                                          internal::ValueTag tag,
                                          const char* numbers, size_t count) {
  ValuePage* const page =
      Allocate(birth, ValuesAt() + PackedValues::SizeOfNumbers(tag, count));
  PackedValues::WriteNumbers(tag, numbers, count, page->At(ValuesAt()));
  return page;
}

const ValuePage* ValuePage::MakeOfStrings(uint64_t birth,
                                          internal::ValueTag tag,
                                          const internal::StringRun& strings) {
  const PackedValues::Layout layout(tag, strings);
  ValuePage* const page = Allocate(birth, ValuesAt() + layout.Size());
  PackedValues::WriteStrings(layout, strings, page->At(ValuesAt()));
  return page;
}

const ValuePage* ValuePage::CopyWithValues(
    uint64_t birth, PackedValues::NewValues changes) const {
  // Another form moves all values, so the page is packed as a whole instead.
  if (!values().KeepsFormWith(changes)) return nullptr;
  const PackedValues::Layout layout(values(), changes);
  const size_t labels_at = ValuesAt() + layout.Size();
  const size_t label_size = labels_at_ == 0 ? 0 : size_ - labels_at_;
  ValuePage* const copy = Allocate(birth, labels_at + label_size);
  values().WriteWith(layout, changes, copy->At(ValuesAt()));
  if (label_size == 0) return copy;
  copy->labels_at_ = static_cast<uint32_t>(labels_at);
  // Their offsets are relative to their own begin, so the bytes can move.
  std::memcpy(copy->At(labels_at), At(labels_at_), label_size);
  return copy;
}

ValuePage::~ValuePage() { values().~PackedValues(); }

size_t ValuePage::memory() const { return size_ + values().SharedMemory(); }

}  // namespace passpersist::store_internal
