#include "store/packed_page.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace passpersist::internal {
namespace {

size_t AlignUp(size_t size, size_t to) { return (size + to - 1) / to * to; }

bool IsBox(const PackedValue& value) { return value.tag == ValueTag::kBox; }

}  // namespace

PackedPage* PackedPage::Allocate(size_t size) {
  auto* const page = new (::operator new(size)) PackedPage();
  page->size_ = static_cast<uint32_t>(size);
  return page;
}

const PackedPage* PackedPage::MakeLeaf(
    uint64_t birth, absl::Span<const absl::string_view> keys,
    absl::Span<const PackedValue> values,
    absl::Span<const absl::string_view> labels) {
  size_t label_bytes = 0;
  for (const absl::string_view label : labels) label_bytes += label.size();
  const size_t body_at = sizeof(PackedPage) + PackedKeys::Size(keys);
  const size_t labels_at = body_at + PackedValues::Size(values);
  PackedPage* const page =
      Allocate(label_bytes == 0 ? labels_at
                                : labels_at + PackedStrings::Size(labels.size(),
                                                                  label_bytes));
  page->birth_ = birth;
  page->count_ = static_cast<uint8_t>(keys.size());
  page->body_at_ = static_cast<uint32_t>(body_at);
  PackedKeys::Write(keys, page->At(sizeof(PackedPage)));
  PackedValues::Write(values, page->At(body_at));
  if (label_bytes > 0) {
    page->labels_at_ = static_cast<uint32_t>(labels_at);
    page->label_end_width_ = PackedStrings::EndWidth(label_bytes);
    PackedStringsWriter writer(labels.size(), label_bytes, page->At(labels_at));
    for (const absl::string_view label : labels) writer.Add(label);
  }
  for (const PackedValue& value : values) {
    if (!IsBox(value)) continue;
    value.box()->Ref();
    page->has_boxes_ = true;
  }
  return page;
}

const PackedPage* PackedPage::MakeInner(
    uint64_t birth, int level, absl::Span<const absl::string_view> separators,
    absl::Span<const PackedPage* const> children) {
  const size_t body_at =
      AlignUp(sizeof(PackedPage) + PackedKeys::Size(separators),
              alignof(const PackedPage*));
  const size_t bytes = children.size() * sizeof(const PackedPage*);
  PackedPage* const page = Allocate(body_at + bytes);
  page->birth_ = birth;
  page->level_ = static_cast<uint8_t>(level);
  page->count_ = static_cast<uint8_t>(children.size());
  page->body_at_ = static_cast<uint32_t>(body_at);
  PackedKeys::Write(separators, page->At(sizeof(PackedPage)));
  std::memcpy(page->At(body_at), children.data(), bytes);
  return page;
}

PackedPage* PackedPage::Copy(uint64_t birth) const {
  PackedPage* const copy = Allocate(size_);
  std::memcpy(copy->At(sizeof birth_), At(sizeof birth_),
              size_ - sizeof birth_);
  copy->birth_ = birth;
  return copy;
}

const PackedPage* PackedPage::CopyWithChildren(
    uint64_t birth, absl::Span<const PackedPage* const> children) const {
  PackedPage* const copy = Copy(birth);
  std::memcpy(copy->At(body_at_), children.data(),
              children.size() * sizeof(const PackedPage*));
  return copy;
}

const PackedPage* PackedPage::CopyWithNumbers(
    uint64_t birth, absl::Span<const NewNumber> numbers) const {
  PackedPage* const copy = Copy(birth);
  auto* const values = reinterpret_cast<PackedValues*>(copy->At(body_at_));
  for (const NewNumber& n : numbers) values->SetNumber(n.place, n.number);
  return copy;
}

size_t PackedPage::memory() const {
  size_t memory = size_;
  for (size_t i = 0; has_boxes_ && i < count_; ++i) {
    if (IsBox(value(i))) memory += value(i).box()->memory();
  }
  return memory;
}

void PackedPage::Free(const PackedPage* page) {
  for (size_t i = 0; page->has_boxes_ && i < page->count_; ++i) {
    if (IsBox(page->value(i))) page->value(i).box()->Unref();
  }
  page->~PackedPage();
  ::operator delete(const_cast<PackedPage*>(page));
}

}  // namespace passpersist::internal
