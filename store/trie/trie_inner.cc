// SPDX-License-Identifier: Apache-2.0

#include "store/trie/trie_inner.h"

#include <cstring>

namespace passpersist::store_internal {
namespace {

// The number of keys below all children.
uint32_t SizeOf(absl::Span<const TrieNode* const> children) {
  uint32_t size = 0;
  for (const TrieNode* const child : children) size += child->size();
  return size;
}

}  // namespace

bool TrieInner::AreConsecutive(absl::Span<const absl::string_view> labels) {
  const size_t begin = internal::LastArcBegin(labels[0]);
  const uint32_t first = internal::ArcAt(labels[0], begin);
  for (size_t i = 1; i < labels.size(); ++i) {
    // A label may be shorter than `begin`: labels have any number of arcs.
    if (labels[i].substr(0, begin) != labels[0].substr(0, begin) ||
        !internal::IsOneArc(
            labels[i].substr(std::min(begin, labels[i].size()))) ||
        internal::ArcAt(labels[i], begin) != first + i) {
      return false;
    }
  }
  return true;
}

TrieInner::TrieInner(uint64_t birth, size_t bytes, Kind kind, uint32_t size,
                     int height, absl::Span<const absl::string_view> labels,
                     std::optional<size_t> before_last,
                     absl::Span<const TrieNode* const> children)
    : TrieNode(birth, bytes, kind, size),
      count_(static_cast<uint16_t>(children.size())),
      height_(static_cast<uint8_t>(height)),
      has_consecutive_labels_(before_last.has_value()),
      before_last_(static_cast<uint32_t>(before_last.value_or(0))),
      first_(has_consecutive_labels_ ? internal::ArcAt(labels[0], before_last_)
                                     : 0) {
  char* const out = WriteChildren(children);
  if (has_consecutive_labels_) {
    std::memcpy(out, labels[0].data(), before_last_);
  } else {
    PackedKeys::Write(PackedKeys::Layout(labels), labels, out);
  }
}

TrieInner::TrieInner(uint64_t birth, size_t bytes, uint32_t size,
                     const TrieInner& original,
                     absl::Span<const TrieNode* const> children)
    : TrieNode(birth, bytes, original.kind(), size),
      count_(original.count_),
      height_(original.height_),
      has_consecutive_labels_(original.has_consecutive_labels_),
      before_last_(original.before_last_),
      first_(original.first_) {
  // The labels stay, so the bytes after the children are copied as they are.
  char* const out = WriteChildren(children);
  const auto labels_at =
      static_cast<size_t>(out - reinterpret_cast<const char*>(this));
  std::memcpy(out, reinterpret_cast<const char*>(&original) + labels_at,
              bytes - labels_at);
}

char* TrieInner::WriteChildren(absl::Span<const TrieNode* const> children) {
  char* out = reinterpret_cast<char*>(this + 1);
  std::memcpy(out, children.data(), children.size() * sizeof(children[0]));
  out += children.size() * sizeof(children[0]);
  uint32_t before = 0;
  for (const TrieNode* const child : children) {
    out = StoreAs(before, out);
    before += child->size();
  }
  return out;
}

const TrieInner* TrieInner::Make(uint64_t birth, Kind kind, int height,
                                 absl::Span<const absl::string_view> labels,
                                 absl::Span<const TrieNode* const> children) {
  std::optional<size_t> before_last;
  if (kind == Kind::kBranch && AreConsecutive(labels)) {
    before_last = internal::LastArcBegin(labels[0]);
  }
  const size_t bytes =
      sizeof(TrieInner) +
      children.size() * (sizeof(children[0]) + sizeof(uint32_t)) +
      (before_last ? *before_last : PackedKeys::Layout(labels).Size());
  return Allocate<TrieInner>(birth, bytes, kind, SizeOf(children), height,
                             labels, before_last, children);
}

const TrieInner* TrieInner::MakeBranch(
    uint64_t birth, absl::Span<const absl::string_view> labels,
    absl::Span<const TrieNode* const> children) {
  return Make(birth, Kind::kBranch, 0, labels, children);
}

const TrieInner* TrieInner::MakeIndex(
    uint64_t birth, int height, absl::Span<const absl::string_view> separators,
    absl::Span<const TrieNode* const> children) {
  return Make(birth, Kind::kIndex, height, separators, children);
}

const TrieInner* TrieInner::CopyWithChildren(
    uint64_t birth, const TrieInner& original,
    absl::Span<const TrieNode* const> children) {
  return Allocate<TrieInner>(birth, original.memory(), SizeOf(children),
                             original, children);
}

size_t TrieInner::LabelSize(size_t i) const {
  if (!has_consecutive_labels_) return keys().KeySize(i);
  char arc[internal::kMaxPackedArcSize];
  const char* const end =
      internal::PackArc(first_ + static_cast<uint32_t>(i), arc);
  return before_last_ + static_cast<size_t>(end - arc);
}

void TrieInner::CopyLabel(size_t i, char* out) const {
  if (!has_consecutive_labels_) {
    keys().CopyKey(i, out);
  } else {
    std::memcpy(out, before_last().data(), before_last_);
    internal::PackArc(first_ + static_cast<uint32_t>(i), out + before_last_);
  }
}

PackedKeys::Place TrieInner::FindChild(absl::string_view key,
                                       size_t* label_size) const {
  return has_consecutive_labels_ ? FindConsecutive(key, label_size)
                                 : FindKey(key, label_size);
}

PackedKeys::Place TrieInner::FindConsecutive(absl::string_view key,
                                             size_t* label_size) const {
  const size_t common = std::min<size_t>(before_last_, key.size());
  const int order =
      internal::CompareBytes(before_last().data(), key.data(), common);
  if (order < 0) return {count_, false};
  if (order > 0 || key.size() <= before_last_) return {0, false};
  uint32_t arc;
  *label_size = before_last_ + internal::UnpackArc(&key[before_last_], &arc);
  if (arc < first_) return {0, false};
  // The position is a difference: no label is read, and none is stored.
  const size_t child = arc - first_;
  if (child >= count_) return {count_, false};
  return {child, true};
}

PackedKeys::Place TrieInner::FindKey(absl::string_view key,
                                     size_t* label_size) const {
  // Then the key can be cut to the size of a label before the search.
  if (keys().HaveOneSize()) {
    *label_size = keys().KeySize(0);
    return keys().Find(key.substr(0, *label_size));
  }
  PackedKeys::Place place = keys().Find(key);
  if (place.found) {
    *label_size = key.size();
  } else if (place.index > 0) {
    // A label that is a prefix of the key is the last label less than the key:
    // a label between them would begin with it, and no label is a prefix of
    // another.
    *label_size = keys().KeySize(place.index - 1);
    place.found =
        *label_size <= key.size() &&
        keys().Compare(place.index - 1, key.substr(0, *label_size)) == 0;
    if (place.found) --place.index;
  }
  return place;
}

}  // namespace passpersist::store_internal
