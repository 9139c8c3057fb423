// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_TRIE_TESTING_TRIE_CHECKER_H_
#define STORE_TRIE_TESTING_TRIE_CHECKER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <set>
#include <string>

#include "passpersist/oid.h"
#include "store/trie/node_refs.h"
#include "store/trie/trie_node.h"
#include "store/version/block.h"

namespace passpersist::store_internal {

// For std::unique_ptr.
struct FreeBlock {
  void operator()(const Block* block) const { block->Free(); }
};

std::string Packed(const Oid& oid);
Oid Unpacked(const std::string& key);

uint32_t RandomArc(std::mt19937* random, uint32_t bound);
Oid RandomOid(std::mt19937* random, size_t max_size, uint32_t max_arc);

// One version after another of a trie, each compared with a set of names.
//
// Used by one thread at a time.
class CheckedTrie {
 public:
  CheckedTrie() = default;
  CheckedTrie(const CheckedTrie&) = delete;
  CheckedTrie& operator=(const CheckedTrie&) = delete;
  // Expects that no node is left that nobody knows of.
  ~CheckedTrie();

  // Makes a trie of `names` by TrieBuilder::Add().
  void Build(const std::set<Oid>& names);
  // Makes one by any calls; it should hold `names`.
  using MakeRoot = std::function<const TrieNode*(NodeRefs& nodes)>;
  void Make(const MakeRoot& make, const std::set<Oid>& names);
  // By TrieEditor. Requires that what is put is absent, and what is erased is
  // there.
  void Edit(const std::set<Oid>& puts, const std::set<Oid>& erases);

  // Expects that the trie holds the names, as every way of reading it sees
  // them, and that all nodes are as their headers say.
  void Check() const;

  const TrieNode* root() const { return root_; }
  const std::set<Oid>& names() const { return names_; }
  size_t memory() const { return memory_; }
  // The nodes that the last version had and this one has not.
  size_t garbage() const { return garbage_; }

 private:
  void Publish(const MakeRoot& make);
  static void CheckNode(const TrieNode& node);

  uint64_t version_ = 0;
  const TrieNode* root_ = nullptr;
  std::set<Oid> names_;
  size_t memory_ = 0;
  size_t garbage_ = 0;
};

}  // namespace passpersist::store_internal

#endif  // STORE_TRIE_TESTING_TRIE_CHECKER_H_
