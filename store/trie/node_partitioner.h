// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_TRIE_NODE_PARTITIONER_H_
#define STORE_TRIE_NODE_PARTITIONER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/encoding/byte_arena.h"
#include "store/trie/node_refs.h"
#include "store/trie/trie_node.h"

namespace passpersist::store_internal {

// Keys that are not in a node yet: either `count` keys, of which `key` is the
// first and the others increase its last arc by one each; or all keys of
// `node`, each after the prefix `key`, which is then not empty.
//
// A value type that borrows the bytes and the node.
struct PendingEntry {
  absl::string_view key;
  uint32_t count = 1;
  const TrieNode* node = nullptr;

  uint32_t size() const { return node == nullptr ? count : node->size(); }
};

// A node that holds whole keys, and its separator: not greater than any of
// these keys, and greater than all keys of the subtrie before.
//
// A value type that borrows the bytes and the node.
struct Subtrie {
  absl::string_view separator;
  const TrieNode* node;
};

// Divides sorted keys into parts and makes a node of each.
//
// Used by one thread at a time.
class NodePartitioner {
 public:
  // This many consecutive keys are a range leaf of their own.
  static constexpr uint32_t kMinRange = 128;
  // This many keys out of TrieLeaf::kMaxBits consecutive arcs are a bitmap.
  static constexpr size_t kMinBitmap = 256;

  // `nodes` makes the nodes.
  explicit NodePartitioner(NodeRefs* nodes) : nodes_(*nodes) {}
  NodePartitioner(const NodePartitioner&) = delete;
  NodePartitioner& operator=(const NodePartitioner&) = delete;

  // Makes nodes of the keys of `entries` without their first `base` bytes. The
  // entries are sorted and have these bytes in common. The nodes are:
  // - range leaves, for long runs of consecutive keys; bitmaps, where keys are
  //   dense;
  // - branches, for adjacent entries with a node;
  // - else kKeys leaves of even size.
  // `separator` is that of the first subtrie. The separators of the others live
  // as long as the keys and the partitioner.
  std::vector<Subtrie> MakeSubtries(absl::Span<const PendingEntry> entries,
                                    size_t base, absl::string_view separator);

  // Index nodes of `height` and of even size, with these children.
  std::vector<Subtrie> MakeIndexNodes(absl::Span<const Subtrie> subtries,
                                      int height);

  // The root of all `subtries`. Puts several subtries below index nodes, the
  // lowest of which are of `height`. Null for no subtries.
  const TrieNode* Join(std::vector<Subtrie> subtries, int height);

  // The root of all `entries`: MakeSubtries(), then Join().
  const TrieNode* MakeNode(absl::Span<const PendingEntry> entries,
                           size_t base) {
    return Join(MakeSubtries(entries, base, {}), 1);
  }

  // Stores bytes of keys that live as long as the partitioner.
  internal::ByteArena& bytes() { return bytes_; }

 private:
  // The state of one MakeSubtries() call.
  class Partition;

  NodeRefs& nodes_;
  internal::ByteArena bytes_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_TRIE_NODE_PARTITIONER_H_
