// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_TRIE_TRIE_NODE_H_
#define STORE_TRIE_TRIE_NODE_H_

#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

#include "store/version/block.h"

namespace passpersist::store_internal {

// A set of names, in order: a trie of packed keys (see packed_key.h) or a part
// of one. Only names; a name's rank, how many names are before it, tells where
// its value is (see ValueTree).
//
// What a node holds does not depend on where it hangs, so equal nodes are kept
// once: 100 columns of a table are 100 references to one node.
//
// Immutable but for owners, which belongs to the writer; so safe for
// concurrent use by readers.
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

  // The names below, of which there is at least one.
  uint32_t size() const { return size_; }

  size_t memory() const override { return bytes_; }

  // Begins to fetch a node from memory: what a search among many heads reads,
  // side by side rather than one line after another.
  static void Prefetch(const TrieNode* node) {
    PrefetchLines(node, std::make_index_sequence<16>());
  }

  // How many nodes of the version that is being made, and others that the
  // writer knows of, refer to this one. For NodeRefs.
  mutable uint32_t refs = 0;

 protected:
  TrieNode(uint64_t birth, size_t bytes, Kind kind, uint32_t size)
      : Block(birth),
        bytes_(static_cast<uint32_t>(bytes)),
        size_(size),
        kind_(kind) {}

  // A node of `bytes` in all: the type and what lies behind it.
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
