#include "store/value_page.h"

#include <cstring>
#include <new>

namespace passpersist::internal {

ValuePage* ValuePage::Allocate(uint64_t birth, size_t size) {
  return new (::operator new(size)) ValuePage(birth, size);
}

const ValuePage* ValuePage::Make(uint64_t birth,
                                 absl::Span<const PackedValue> values,
                                 absl::Span<const absl::string_view> labels) {
  size_t label_bytes = 0;
  for (const absl::string_view label : labels) label_bytes += label.size();
  const size_t labels_at = ValuesAt() + PackedValues::Size(values);
  const size_t label_size =
      label_bytes == 0 ? 0 : PackedStrings::Size(labels.size(), label_bytes);
  ValuePage* const page = Allocate(birth, labels_at + label_size);
  PackedValues::Write(values, page->At(ValuesAt()))->RefBoxes();
  if (label_bytes == 0) return page;
  page->labels_at_ = static_cast<uint32_t>(labels_at);
  page->label_end_width_ = PackedStrings::EndWidth(label_bytes);
  PackedStringsWriter writer(labels.size(), label_bytes, page->At(labels_at));
  for (const absl::string_view label : labels) writer.Add(label);
  return page;
}

const ValuePage* ValuePage::MakeOfNumbers(uint64_t birth, ValueTag tag,
                                          const char* numbers, size_t count) {
  ValuePage* const page =
      Allocate(birth, ValuesAt() + PackedValues::SizeOfNumbers(tag, count));
  PackedValues::WriteNumbers(tag, numbers, count, page->At(ValuesAt()))
      ->RefBoxes();
  return page;
}

const ValuePage* ValuePage::CopyWithNumbers(
    uint64_t birth, absl::Span<const NewNumber> numbers) const {
  ValuePage* const copy = Allocate(birth, size_);
  copy->labels_at_ = labels_at_;
  copy->label_end_width_ = label_end_width_;
  std::memcpy(copy->At(ValuesAt()), At(ValuesAt()), size_ - ValuesAt());
  auto* const values = reinterpret_cast<PackedValues*>(copy->At(ValuesAt()));
  for (const NewNumber& n : numbers) values->SetNumber(n.place, n.number);
  return copy;
}

ValuePage::~ValuePage() { values().UnrefBoxes(); }

size_t ValuePage::memory() const { return size_ + values().BoxMemory(); }

}  // namespace passpersist::internal
