// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_TRIE_TRIE_NODE_H_
#define STORE_TRIE_TRIE_NODE_H_

#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

#include "store/version/block.h"

namespace passpersist::store_internal {

// A node of a trie: an ordered set of keys, or of key parts below other nodes
// (see oid_encoding.h for the encoding). A node holds no values: the rank of a
// key, the number of keys before it, is the position of its value in a
// ValueTree.
//
// The content of a node does not depend on the nodes above it, so equal nodes
// are stored once: 100 columns of a table are 100 references to one node.
//
// Immutable except `refs`, which only the writer uses; so safe for concurrent
// use by readers.
class TrieNode : public Block {
 public:
  enum class Kind : uint8_t {
    kRange,   // see TrieLeaf
    kBitmap,  //
    kKeys,    //
    kMasked,  //
    kBranch,  // see TrieInner
    kIndex,   //
  };

  Kind kind() const { return kind_; }
  bool is_leaf() const { return kind_ < Kind::kBranch; }

  // The number of keys below, at least one.
  uint32_t size() const { return size_; }

  size_t memory() const override { return bytes_; }

  // Begins to fetch the cache lines that a search among many heads reads, in
  // parallel instead of one after another.
  static void Prefetch(const TrieNode* node) {
    PrefetchLines(node, std::make_index_sequence<16>());
  }

  // How many nodes refer to this one: those of the version that is being made,
  // and others that the writer has not freed yet. The root has one reference
  // more. For NodeRefs.
  mutable uint32_t refs = 0;

 protected:
  TrieNode(uint64_t birth, size_t bytes, Kind kind, uint32_t size)
      : Block(birth),
        bytes_(static_cast<uint32_t>(bytes)),
        size_(size),
        kind_(kind) {}

  // Makes a node of `bytes` in total: the object and the bytes that follow it.
  template <typename Node, typename... Args>
  static Node* Allocate(uint64_t birth, size_t bytes, Args&&... args) {
    return new (bytes) Node(birth, bytes, std::forward<Args>(args)...);
  }

 private:
  template <size_t... kLines>
  static void PrefetchLines(const TrieNode* node,
                            std::index_sequence<kLines...> /*lines*/) {
    const char* const begin = reinterpret_cast<const char*>(node);
    (__builtin_prefetch(begin + kLines * 64), ...);
  }

  const uint32_t bytes_;
  const uint32_t size_;
  const Kind kind_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_TRIE_TRIE_NODE_H_
