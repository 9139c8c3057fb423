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

// Names that are to become nodes: either `count` names, of which `key` is the
// first one and the others count up in its last arc; or all that are in `node`,
// each behind `key`, which is not empty then.
//
// A value type that borrows the bytes and the node.
struct PendingEntry {
  absl::string_view key;
  uint32_t count = 1;
  const TrieNode* node = nullptr;

  uint32_t size() const { return node == nullptr ? count : node->size(); }
};

// A node that holds its names whole, and a separator: not behind any of them,
// and behind all of the piece before.
//
// A value type that borrows the bytes and the node.
struct Subtrie {
  absl::string_view separator;
  const TrieNode* node;
};

// Makes nodes of names.
//
// Used by one thread at a time.
class NodePartitioner {
 public:
  // So many consecutive names are a run of their own.
  static constexpr uint32_t kMinRange = 128;
  // So many names among kMaxBits are kept as bits.
  static constexpr size_t kMinBitmap = 256;

  // `nodes` makes the nodes.
  explicit NodePartitioner(NodeRefs* nodes) : nodes_(*nodes) {}
  NodePartitioner(const NodePartitioner&) = delete;
  NodePartitioner& operator=(const NodePartitioner&) = delete;

  // The nodes for what follows the first `base` bytes of the names of `items`,
  // which are in order and have these bytes in common:
  // - runs that are long, and ranges that are dense;
  // - branches, of as many items with a node as there are side by side;
  // - else leaves of keys, of even size.
  // `separator` is that of the first piece. The separators of the others live
  // as long as the names and the packer.
  std::vector<Subtrie> MakeSubtries(absl::Span<const PendingEntry> entries, size_t base,
                           absl::string_view separator);

  // Splits of `height`, of even size, with these children.
  std::vector<Subtrie> MakeIndexNodes(absl::Span<const Subtrie> subtries, int height);

  // One node for all: pieces that are many are put below splits, the lowest of
  // which have that height. Null for no pieces.
  const TrieNode* Join(std::vector<Subtrie> subtries, int height);

  const TrieNode* MakeNode(absl::Span<const PendingEntry> entries, size_t base) {
    return Join(MakeSubtries(entries, base, {}), 1);
  }

  // Keeps the bytes of names that belong to nobody else.
  internal::ByteArena& bytes() { return bytes_; }

 private:
  // The pieces of one Cut(), and the names that are no piece yet.
  class Partition;

  NodeRefs& nodes_;
  internal::ByteArena bytes_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_TRIE_NODE_PARTITIONER_H_
