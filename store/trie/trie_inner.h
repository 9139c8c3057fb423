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

// A node with nodes below. There are two kinds:
//
//   branch   +--------+----------+---------+-----------------------+
//            | header | children | cumulative_counts | n labels              |
//            +--------+----------+---------+-----------------------+
//            The names of child i begin with label i, and the child holds
//            what follows it. The labels are whole arcs, and none begins with
//            another. Children may be the same node: a table's columns.
//            Where the labels differ in the last arc only, which counts up
//            without a gap, as columns do, there is only what comes before
//            that arc; else the labels are PackedKeys.
//
//   split    +--------+----------+---------+---------------------------+
//            | header | children | cumulative_counts | n-1 separators |
//            +--------+----------+---------+---------------------------+
//            The names of child i are less than separator i, and those of
//            child i+1 are not; the child holds them whole. What is too much
//            for one node, as in a B+-tree: all children of a split are
//            leaves and branches, or all are splits of the same height.
//
// `cumulative_counts` tells for each child how many names are in those before
// it.
//
// Immutable, so safe for concurrent use.
class TrieInner : public TrieNode {
 public:
  static constexpr size_t kMaxChildren = 240;
  // Of a branch whose labels count up: a byte's worth of arcs.
  static constexpr size_t kMaxCounted = 256;

  // True if the labels differ in the last arc only, which counts up.
  static bool CountUp(absl::Span<const absl::string_view> labels);

  // Require one child or more, and not more than there may be. `height` is 1
  // for a split of leaves and branches.
  static const TrieInner* MakeBranch(
      uint64_t birth, absl::Span<const absl::string_view> labels,
      absl::Span<const TrieNode* const> children);
  static const TrieInner* MakeIndex(
      uint64_t birth, int height,
      absl::Span<const absl::string_view> separators,
      absl::Span<const TrieNode* const> children);

  // `inner` with as many other children in the place of its own.
  static const TrieInner* CopyWithChildren(uint64_t birth, const TrieInner& original,
                                   absl::Span<const TrieNode* const> children);

  size_t count() const { return count_; }
  int height() const { return height_; }  // of a split
  const TrieNode* child(size_t i) const { return children()[i]; }
  absl::Span<const TrieNode* const> children() const {
    return {reinterpret_cast<const TrieNode* const*>(this + 1), count_};
  }
  // The names in the children before child `i`.
  uint32_t cumulative_count(size_t i) const { return cumulative_counts()[i]; }

  // The label of child `i` of a branch, or the separator before child i + 1 of
  // a split. Writes it to `out`, which needs kSlack bytes more.
  static constexpr size_t kSlack =
      std::max(PackedKeys::kSlack, internal::kMaxPackedArcSize);
  size_t LabelSize(size_t i) const;
  void CopyLabel(size_t i, char* out) const;

  // The child of a split below which `key` is, if it is anywhere.
  size_t ChildFor(absl::string_view key) const {
    const PackedKeys::Place place = keys().Find(key);
    return place.index + (place.found ? 1 : 0);
  }

  // The child of a branch whose label `key` begins with; `*label`, its size.
  // If there is none, the index is that of the first child whose names are
  // behind the key.
  PackedKeys::Place FindChild(absl::string_view key, size_t* label) const;

 private:
  friend class TrieNode;

  PackedKeys::Place FindCounted(absl::string_view key, size_t* label) const;
  PackedKeys::Place FindKey(absl::string_view key, size_t* label) const;

  // `counted`: the bytes before the last arc, if the labels count up.
  TrieInner(uint64_t birth, size_t bytes, Kind kind, uint32_t size, int height,
            absl::Span<const absl::string_view> labels,
            std::optional<size_t> counted,
            absl::Span<const TrieNode* const> children);
  static const TrieInner* Make(uint64_t birth, Kind kind, int height,
                               absl::Span<const absl::string_view> labels,
                               absl::Span<const TrieNode* const> children);

  TrieInner(uint64_t birth, size_t bytes, uint32_t size, const TrieInner& original,
            absl::Span<const TrieNode* const> children);
  // Returns the end of what it wrote.
  char* WriteChildren(absl::Span<const TrieNode* const> children);

  const uint32_t* cumulative_counts() const {
    return reinterpret_cast<const uint32_t*>(
        reinterpret_cast<const TrieNode* const*>(this + 1) + count_);
  }
  // If labels do not count up.
  const PackedKeys& keys() const {
    return *reinterpret_cast<const PackedKeys*>(cumulative_counts() + count_);
  }
  // If they do, what is before the last arc.
  absl::string_view before_last() const {
    return {reinterpret_cast<const char*>(cumulative_counts() + count_),
            before_last_};
  }

  const uint16_t count_;
  const uint8_t height_;
  const bool counts_up_;
  const uint32_t before_last_;  // bytes
  const uint32_t first_;        // the last arc of label 0
};

}  // namespace passpersist::store_internal

#endif  // STORE_TRIE_TRIE_INNER_H_
