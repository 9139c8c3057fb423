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

// Consecutive versions of a trie, each compared with a set of suffixes.
//
// Used by one thread at a time.
class CheckedTrie {
 public:
  CheckedTrie() = default;
  CheckedTrie(const CheckedTrie&) = delete;
  CheckedTrie& operator=(const CheckedTrie&) = delete;
  // Expects that no node leaks.
  ~CheckedTrie();

  // Makes a trie of `suffixes` with TrieBuilder::Add().
  void Build(const std::set<Oid>& suffixes);
  // Makes a trie with any calls; it should hold `suffixes`.
  using MakeRoot = std::function<const TrieNode*(NodeRefs& nodes)>;
  void Make(const MakeRoot& make, const std::set<Oid>& suffixes);
  // Makes the next version with TrieEditor. Requires that the trie does not
  // hold `puts` and does hold `erases`.
  void Edit(const std::set<Oid>& puts, const std::set<Oid>& erases);

  // Expects that walks and searches find the suffixes, that all nodes keep the
  // invariants of their headers, and that references and memory are counted.
  void Check() const;

  const TrieNode* root() const { return root_; }
  const std::set<Oid>& suffixes() const { return suffixes_; }
  size_t memory() const { return memory_; }
  // The number of nodes that the previous version used and this one does not.
  size_t garbage() const { return garbage_; }

 private:
  void Publish(const MakeRoot& make);
  static void CheckNode(const TrieNode& node);

  uint64_t version_ = 0;
  const TrieNode* root_ = nullptr;
  std::set<Oid> suffixes_;
  size_t memory_ = 0;
  size_t garbage_ = 0;
};

}  // namespace passpersist::store_internal

#endif  // STORE_TRIE_TESTING_TRIE_CHECKER_H_
