#include "store/packed_page.h"

#include <cstring>
#include <new>

namespace passpersist::internal {
namespace {

size_t AlignUp(size_t size, size_t to) { return (size + to - 1) / to * to; }

}  // namespace

PackedPage* PackedPage::Allocate(uint64_t birth, size_t size) {
  return new (::operator new(size)) PackedPage(birth, size);
}

const PackedPage* PackedPage::MakeLeaf(
    uint64_t birth, absl::Span<const absl::string_view> keys,
    absl::Span<const PackedValue> values,
    absl::Span<const absl::string_view> labels) {
  size_t label_bytes = 0;
  for (const absl::string_view label : labels) label_bytes += label.size();
  const size_t body_at = sizeof(PackedPage) + PackedKeys::Size(keys);
  const size_t labels_at = body_at + PackedValues::Size(values);
  PackedPage* const page = Allocate(
      birth, label_bytes == 0
                 ? labels_at
                 : labels_at + PackedStrings::Size(labels.size(), label_bytes));
  page->count_ = static_cast<uint8_t>(keys.size());
  page->body_at_ = static_cast<uint32_t>(body_at);
  PackedKeys::Write(keys, page->At(sizeof(PackedPage)));
  PackedValues::Write(values, page->At(body_at))->RefBoxes();
  if (label_bytes > 0) {
    page->labels_at_ = static_cast<uint32_t>(labels_at);
    page->label_end_width_ = PackedStrings::EndWidth(label_bytes);
    PackedStringsWriter writer(labels.size(), label_bytes, page->At(labels_at));
    for (const absl::string_view label : labels) writer.Add(label);
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
  PackedPage* const page = Allocate(birth, body_at + bytes);
  page->level_ = static_cast<uint8_t>(level);
  page->count_ = static_cast<uint8_t>(children.size());
  page->body_at_ = static_cast<uint32_t>(body_at);
  PackedKeys::Write(separators, page->At(sizeof(PackedPage)));
  std::memcpy(page->At(body_at), children.data(), bytes);
  return page;
}

PackedPage* PackedPage::Copy(uint64_t birth) const {
  PackedPage* const copy = Allocate(birth, size_);
  copy->body_at_ = body_at_;
  copy->labels_at_ = labels_at_;
  copy->count_ = count_;
  copy->level_ = level_;
  copy->label_end_width_ = label_end_width_;
  std::memcpy(copy->At(sizeof *this), At(sizeof *this), size_ - sizeof *this);
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

PackedPage::~PackedPage() {
  if (is_leaf()) values().UnrefBoxes();
}

size_t PackedPage::memory() const {
  return size_ + (is_leaf() ? values().BoxMemory() : 0);
}

}  // namespace passpersist::internal
