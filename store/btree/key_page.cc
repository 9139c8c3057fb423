// SPDX-License-Identifier: Apache-2.0

#include "store/btree/key_page.h"

#include <cstring>

#include "absl/container/inlined_vector.h"
#include "store/block/packed_strings.h"

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
  // Keys first: a search reads them, and the values only if it finds the key.
  PackedKeys::Write(keys_layout, keys, page->At(sizeof(KeyPage)));
  PackedValues::Write(layout, values, page->At(body_at));
  if (has_labels) {
    page->labels_at_ = static_cast<uint32_t>(labels_at);
    PackedStringsWriter writer(label_form, page->At(labels_at));
    for (const absl::string_view label : labels) writer.Add(label);
  }
  return page;
}

const KeyPage* KeyPage::MakeInner(uint64_t birth, int level,
                                  absl::Span<const Child> children) {
  absl::InlinedVector<absl::string_view, kMaxChildren> separators;
  for (const Child& child : children.subspan(1)) {
    separators.push_back(child.separator);
  }
  const PackedKeys::Layout layout(separators);
  // Children are read as pointers in place, so they need their alignment.
  const size_t body_at =
      AlignUp(sizeof(KeyPage) + layout.Size(), alignof(const KeyPage*));
  const size_t bytes = children.size() * sizeof(const KeyPage*);
  KeyPage* const page = Allocate(birth, body_at + bytes);
  page->level_ = static_cast<uint8_t>(level);
  page->count_ = static_cast<uint8_t>(children.size());
  page->body_at_ = static_cast<uint32_t>(body_at);
  PackedKeys::Write(layout, separators, page->At(sizeof(KeyPage)));
  for (size_t i = 0; i < children.size(); ++i) {
    page->mutable_children()[i] = children[i].page;
  }
  return page;
}

KeyPage* KeyPage::CopyUpTo(size_t end, uint64_t birth, size_t size) const {
  KeyPage* const copy = Allocate(birth, size);
  copy->body_at_ = body_at_;
  copy->count_ = count_;
  copy->level_ = level_;
  std::memcpy(copy->At(sizeof *this), At(sizeof *this), end - sizeof *this);
  return copy;
}

const KeyPage* KeyPage::CopyWithChildren(
    uint64_t birth, absl::Span<const NewChild<Child>> changes) const {
  KeyPage* const copy = CopyUpTo(size_, birth, size_);
  for (const auto& [place, child] : changes) {
    copy->mutable_children()[place] = child.page;
  }
  return copy;
}

const KeyPage* KeyPage::CopyWithValues(uint64_t birth,
                                       PackedValues::NewValues changes) const {
  // Another form moves all values, so the leaf is packed as a whole instead.
  if (!values().KeepsFormWith(changes)) return nullptr;
  const PackedValues::Layout layout(values(), changes);
  const size_t labels_at = body_at_ + layout.Size();
  const size_t label_size = labels_at_ == 0 ? 0 : size_ - labels_at_;
  KeyPage* const copy = CopyUpTo(body_at_, birth, labels_at + label_size);
  values().WriteWith(layout, changes, copy->At(body_at_));
  if (label_size == 0) return copy;
  copy->labels_at_ = static_cast<uint32_t>(labels_at);
  // Their offsets are relative to their own begin, so the bytes can move.
  std::memcpy(copy->At(labels_at), At(labels_at_), label_size);
  return copy;
}

KeyPage::~KeyPage() {
  if (is_leaf()) values().~PackedValues();
}

size_t KeyPage::memory() const {
  return size_ + (is_leaf() ? values().SharedMemory() : 0);
}

}  // namespace passpersist::store_internal
