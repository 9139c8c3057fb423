// SPDX-License-Identifier: Apache-2.0

#include "store/btree/key_page.h"

#include <cstring>

namespace passpersist::store_internal {
namespace {

size_t AlignUp(size_t size, size_t to) { return (size + to - 1) / to * to; }

}  // namespace

KeyPage* KeyPage::Allocate(uint64_t birth, size_t size) {
  return new (size) KeyPage(birth, size);
}

const KeyPage* KeyPage::MakeLeaf(uint64_t birth,
                                 absl::Span<const absl::string_view> keys,
                                 absl::Span<const internal::PackedValue> values,
                                 absl::Span<const absl::string_view> labels) {
  const PackedStringsForm label_form(labels);
  const bool has_labels = label_form.total() > 0;
  const PackedKeys::Layout keys_layout(keys);
  const size_t body_at = sizeof(KeyPage) + keys_layout.Size();
  const PackedValues::Layout layout(values);
  const size_t labels_at = body_at + layout.Size();
  KeyPage* const page =
      Allocate(birth, labels_at + (has_labels ? label_form.Size() : 0));
  page->count_ = static_cast<uint8_t>(keys.size());
  page->body_at_ = static_cast<uint32_t>(body_at);
  PackedKeys::Write(keys_layout, keys, page->At(sizeof(KeyPage)));
  PackedValues::Write(layout, values, page->At(body_at))->RefSharedValues();
  if (has_labels) {
    page->labels_at_ = static_cast<uint32_t>(labels_at);
    PackedStringsWriter writer(label_form, page->At(labels_at));
    for (const absl::string_view label : labels) writer.Add(label);
  }
  return page;
}

const KeyPage* KeyPage::MakeInner(
    uint64_t birth, int level, absl::Span<const absl::string_view> separators,
    absl::Span<const KeyPage* const> children) {
  const PackedKeys::Layout layout(separators);
  const size_t body_at =
      AlignUp(sizeof(KeyPage) + layout.Size(), alignof(const KeyPage*));
  const size_t bytes = children.size() * sizeof(const KeyPage*);
  KeyPage* const page = Allocate(birth, body_at + bytes);
  page->level_ = static_cast<uint8_t>(level);
  page->count_ = static_cast<uint8_t>(children.size());
  page->body_at_ = static_cast<uint32_t>(body_at);
  PackedKeys::Write(layout, separators, page->At(sizeof(KeyPage)));
  std::memcpy(page->At(body_at), children.data(), bytes);
  return page;
}

KeyPage* KeyPage::CopyHead(uint64_t birth, size_t size) const {
  KeyPage* const copy = Allocate(birth, size);
  copy->body_at_ = body_at_;
  copy->count_ = count_;
  copy->level_ = level_;
  std::memcpy(copy->At(sizeof *this), At(sizeof *this),
              body_at_ - sizeof *this);
  return copy;
}

const KeyPage* KeyPage::CopyWithChildren(
    uint64_t birth, absl::Span<const KeyPage* const> children) const {
  KeyPage* const copy = CopyHead(birth, size_);
  std::memcpy(copy->At(body_at_), children.data(),
              children.size() * sizeof(const KeyPage*));
  return copy;
}

const KeyPage* KeyPage::CopyWithValues(uint64_t birth,
                                       PackedValues::NewValues changes) const {
  if (!values().KeepsFormWith(changes)) return nullptr;
  const PackedValues::Layout layout(values(), changes);
  const size_t labels_at = body_at_ + layout.Size();
  const size_t label_size = labels_at_ == 0 ? 0 : size_ - labels_at_;
  KeyPage* const copy = CopyHead(birth, labels_at + label_size);
  values().WriteWith(layout, changes, copy->At(body_at_))->RefSharedValues();
  if (label_size == 0) return copy;
  copy->labels_at_ = static_cast<uint32_t>(labels_at);
  std::memcpy(copy->At(labels_at), At(labels_at_), label_size);
  return copy;
}

KeyPage::~KeyPage() {
  if (is_leaf()) values().UnrefSharedValues();
}

size_t KeyPage::memory() const {
  return size_ + (is_leaf() ? values().SharedMemory() : 0);
}

}  // namespace passpersist::store_internal
