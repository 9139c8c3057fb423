// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_TRIE_TRIE_CURSOR_H_
#define STORE_TRIE_TRIE_CURSOR_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "passpersist/encoding/oid_encoding.h"
#include "store/trie/trie_inner.h"
#include "store/trie/trie_leaf.h"
#include "store/trie/trie_node.h"

namespace passpersist::store_internal {

// A position in a trie, at a key or after the last one: a leaf, a place in it,
// and the nodes above with the child of each. A new cursor is after the last
// key.
//
// A key consists of two parts: path(), the labels between the root and the
// leaf, and the key in the leaf. Next() is O(1). Seek() costs a binary search
// in each node on the way: three or four nodes in a trie of millions of keys.
// It begins in the leaf where the cursor is.
//
// Used by one thread at a time.
class TrieCursor {
 public:
  // `root` null means an empty trie. Borrows the nodes.
  explicit TrieCursor(const TrieNode* root) : root_(root) {}

  bool Valid() const { return leaf_ != nullptr; }

  void SeekToFirst();
  // Moves to the first key that is not less than `key`, which is whole arcs.
  // True if it is equal.
  bool Seek(absl::string_view key);

  // The number of keys before the current one; after the last key, the number
  // of all keys.
  uint32_t rank() const { return rank_; }

  // The functions below require Valid().
  void Next() {
    ++rank_;
    at_ = leaf_->Next(at_);
    if (at_ == end_) NextLeaf();
  }

  // Less than, equal to or greater than 0 if the current key is less than,
  // equal to or greater than `key`, which is whole arcs.
  int Compare(absl::string_view key) const;

  // The current key is path() and then the key at place at() of leaf().
  absl::string_view path() const { return {path_.data(), path_size_}; }
  const TrieLeaf& leaf() const { return *leaf_; }
  uint32_t at() const { return at_; }
  void AppendKey(std::string* out) const;

  // Increases whenever the cursor enters a leaf. While it stays the same, so do
  // path() and leaf().
  uint64_t visit() const { return visit_; }

 private:
  // An inner node, the child that the cursor is below, and the size of the path
  // of the node.
  struct Step {
    const TrieInner* node;
    uint32_t child;
    uint32_t path_size;
  };

  // True if `key` begins with path().
  bool HasPath(absl::string_view key) const {
    return key.size() >= path_size_ &&
           internal::CompareBytes(path_.data(), key.data(), path_size_) == 0;
  }
  void SetPath(absl::string_view path);
  void EnterChild(const TrieInner& node, size_t child);
  void Descend(const TrieInner& node, size_t child);
  void DescendLeft(const TrieNode& top);
  void EnterLeaf(const TrieLeaf& leaf, uint32_t at, uint32_t rank);
  void NextLeaf();

  const TrieNode* const root_;
  std::vector<Step> steps_;
  std::vector<char> path_;  // never shrinks
  size_t path_size_ = 0;    // of path_, in use
  const TrieLeaf* leaf_ = nullptr;
  uint32_t at_ = 0;
  uint32_t end_ = 0;
  uint32_t rank_ = 0;
  uint32_t leaf_rank_ = 0;  // of the first key of the leaf
  uint64_t visit_ = 0;
};

}  // namespace passpersist::store_internal

#endif  // STORE_TRIE_TRIE_CURSOR_H_
