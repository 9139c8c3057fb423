// SPDX-License-Identifier: Apache-2.0

#include "store/btree/btree_builder.h"

#include <utility>

#include "absl/types/span.h"
#include "passpersist/encoding/oid_encoding.h"

namespace passpersist::store_internal {
namespace {

void Unref(absl::Span<const internal::PackedValue> values) {
  for (const internal::PackedValue& value : values) {
    if (value.tag == internal::ValueTag::kOutOfLine) {
      value.shared_value()->Unref();
    }
  }
}

}  // namespace

// Frees what Finish() has not returned.
BtreeBuilder::~BtreeBuilder() {
  for (const auto& level : levels_) {
    Unref(level->values);
    for (const KeyPage* const child : level->children) FreePages(child);
  }
}

void BtreeBuilder::Add(absl::string_view key,
                       const internal::PackedValue& value,
                       absl::string_view label) {
  Level& leaf = Prepare(0);
  leaf.keys.push_back(leaf.bytes.Copy(key));
  leaf.values.push_back(value);
  leaf.values.back().bytes = leaf.bytes.Copy(value.bytes);
  if (value.tag == internal::ValueTag::kOutOfLine) value.shared_value()->Ref();
  leaf.labels.push_back(leaf.bytes.Copy(label));
  ++tree_.size;
}

BtreeBuilder::Level& BtreeBuilder::Prepare(int level) {
  const auto index = static_cast<size_t>(level);
  if (levels_.size() == index) levels_.push_back(std::make_unique<Level>());
  // The page leaves MinCount() items behind, enough for a page of their own.
  const size_t full = KeyTree::MaxCount(level);
  if (levels_[index]->keys.size() == full + KeyTree::MinCount(level)) {
    PackPage(level, full);
  }
  return *levels_[index];
}

void BtreeBuilder::PackPage(int level, size_t count) {
  Level& from = *levels_[static_cast<size_t>(level)];
  const absl::Span<const absl::string_view> keys(from.keys.data(), count);
  const auto take = [count](auto* items) {
    items->erase(items->begin(), items->begin() + static_cast<int>(count));
  };
  const KeyPage* page;
  absl::string_view separator;
  if (level == 0) {
    page = KeyPage::MakeLeaf(birth_, keys,
                             absl::MakeSpan(from.values).first(count),
                             absl::MakeSpan(from.labels).first(count));
    // The first leaf needs no separator, and last_key_ is not set yet.
    const bool is_first = levels_.size() == 1;
    if (!is_first) separator = internal::ShortestSeparator(last_key_, keys[0]);
    last_key_.assign(keys.back().data(), keys.back().size());
    Unref(absl::MakeSpan(from.values).first(count));
    take(&from.values);
    take(&from.labels);
  } else {
    page = KeyPage::MakeInner(birth_, level, keys.subspan(1),
                              absl::MakeSpan(from.children).first(count));
    separator = keys[0];
    take(&from.children);
  }
  tree_.memory += page->memory();
  Level& above = Prepare(level + 1);
  above.keys.push_back(above.bytes.Copy(separator));
  above.children.push_back(page);
  take(&from.keys);
  // All items whose bytes are in `older_bytes` are in the page now.
  from.older_bytes.Clear();
  std::swap(from.bytes, from.older_bytes);
}

void BtreeBuilder::PackRest(int level) {
  // Too many for one page: two pages of equal size, so that neither is too
  // small.
  const size_t left = levels_[static_cast<size_t>(level)]->keys.size();
  if (left > KeyTree::MaxCount(level)) {
    PackPage(level, (left + 1) / 2);
    PackPage(level, left / 2);
  } else if (left > 0) {
    PackPage(level, left);
  }
}

KeyTree BtreeBuilder::Finish() {
  if (tree_.size == 0) return tree_;
  int level = 0;
  PackRest(level);
  // A single child needs no page above it: it is the root.
  while (levels_.back()->children.size() != 1 ||
         static_cast<size_t>(level) + 2 < levels_.size()) {
    PackRest(++level);
  }
  tree_.root = levels_.back()->children.front();
  levels_.clear();
  return tree_;
}

}  // namespace passpersist::store_internal
