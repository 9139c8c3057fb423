// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_TRIE_TRIE_INNER_H_
#define STORE_TRIE_TRIE_INNER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/encoding/oid_encoding.h"
#include "store/block/packed_keys.h"
#include "store/trie/trie_node.h"

namespace passpersist::store_internal {

// A node with children. There are two kinds:
//
//   kBranch  +--------+----------+-------------------+----------+
//            | header | children | cumulative_counts | n labels |
//            +--------+----------+-------------------+----------+
//            The keys of child i begin with label i; the child holds the bytes
//            after it. Labels are whole arcs, and no label is a prefix of
//            another. Several children may be the same node: the columns of a
//            table. If the labels are consecutive, which means that they differ
//            in the last arc only and it increases by one, like the numbers of
//            columns, only the bytes before the last arc are stored. Otherwise
//            the labels are PackedKeys.
//
//   kIndex   +--------+----------+-------------------+----------------+
//            | header | children | cumulative_counts | n-1 separators |
//            +--------+----------+-------------------+----------------+
//            The keys of child i are less than separator i, those of child i+1
//            are not. A child holds whole keys. Like an inner page of a
//            B+-tree, an index node holds more keys than fit into one node. All
//            its children are leaves and branches, or all are index nodes of
//            the same height.
//
// `cumulative_counts` holds for each child the number of keys in the children
// before it.
//
// Immutable, so safe for concurrent use.
class TrieInner : public TrieNode {
 public:
  static constexpr size_t kMaxChildren = 240;
  // Of a branch with consecutive labels: as many arcs as a byte can tell.
  static constexpr size_t kMaxConsecutive = 256;

  // True if the labels differ in the last arc only, and it increases by one.
  static bool AreConsecutive(absl::Span<const absl::string_view> labels);

  // Require one child or more, and not more than the maximum. `height` is 1 for
  // an index node above leaves and branches.
  static const TrieInner* MakeBranch(
      uint64_t birth, absl::Span<const absl::string_view> labels,
      absl::Span<const TrieNode* const> children);
  static const TrieInner* MakeIndex(
      uint64_t birth, int height,
      absl::Span<const absl::string_view> separators,
      absl::Span<const TrieNode* const> children);

  // A copy of `original` with as many other children.
  static const TrieInner* CopyWithChildren(
      uint64_t birth, const TrieInner& original,
      absl::Span<const TrieNode* const> children);

  size_t count() const { return count_; }
  int height() const { return height_; }  // of an index node
  const TrieNode* child(size_t i) const { return children()[i]; }
  absl::Span<const TrieNode* const> children() const {
    return {reinterpret_cast<const TrieNode* const*>(this + 1), count_};
  }
  // The number of keys in the children before child `i`.
  uint32_t cumulative_count(size_t i) const { return cumulative_counts()[i]; }

  // The label of child `i` of a branch, or the separator before child i + 1 of
  // an index node. CopyLabel() writes it to `out`, which needs kSlack bytes
  // more.
  static constexpr size_t kSlack =
      std::max(PackedKeys::kSlack, internal::kMaxPackedArcSize);
  size_t LabelSize(size_t i) const;
  void CopyLabel(size_t i, char* out) const;

  // The child of an index node that contains `key`, if any child does.
  size_t ChildFor(absl::string_view key) const {
    const PackedKeys::Place place = keys().Find(key);
    return place.index + (place.found ? 1 : 0);
  }

  // The child of a branch whose label is a prefix of `key`. Sets `*label_size`
  // to the size of that label. If there is no such child, returns the position
  // of the first child whose keys are greater than `key`.
  PackedKeys::Place FindChild(absl::string_view key, size_t* label_size) const;

 private:
  friend class TrieNode;

  PackedKeys::Place FindConsecutive(absl::string_view key,
                                    size_t* label_size) const;
  PackedKeys::Place FindKey(absl::string_view key, size_t* label_size) const;

  // `before_last`: the size of the bytes before the last arc, if the labels are
  // consecutive.
  TrieInner(uint64_t birth, size_t bytes, Kind kind, uint32_t size, int height,
            absl::Span<const absl::string_view> labels,
            std::optional<size_t> before_last,
            absl::Span<const TrieNode* const> children);
  static const TrieInner* Make(uint64_t birth, Kind kind, int height,
                               absl::Span<const absl::string_view> labels,
                               absl::Span<const TrieNode* const> children);

  TrieInner(uint64_t birth, size_t bytes, uint32_t size,
            const TrieInner& original,
            absl::Span<const TrieNode* const> children);
  // Returns the end of what it wrote.
  char* WriteChildren(absl::Span<const TrieNode* const> children);

  const uint32_t* cumulative_counts() const {
    return reinterpret_cast<const uint32_t*>(
        reinterpret_cast<const TrieNode* const*>(this + 1) + count_);
  }
  // If the labels are not consecutive.
  const PackedKeys& keys() const {
    return *reinterpret_cast<const PackedKeys*>(cumulative_counts() + count_);
  }
  // If they are, the bytes before the last arc.
  absl::string_view before_last() const {
    return {reinterpret_cast<const char*>(cumulative_counts() + count_),
            before_last_};
  }

  const uint16_t count_;
  const uint8_t height_;
  const bool has_consecutive_labels_;
  const uint32_t before_last_;  // bytes
  const uint32_t first_;        // the last arc of label 0
};

}  // namespace passpersist::store_internal

#endif  // STORE_TRIE_TRIE_INNER_H_
