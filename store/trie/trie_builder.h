// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_TRIE_TRIE_BUILDER_H_
#define STORE_TRIE_TRIE_BUILDER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "store/trie/node_partitioner.h"
#include "store/trie/node_refs.h"
#include "store/trie/trie_cursor.h"
#include "store/trie/trie_node.h"

namespace passpersist::store_internal {

// Makes a trie of keys that are added in order.
//
// A group is all keys that have their first arcs in common. Keys are kept as
// entries (see NodePartitioner) until their group is complete. Groups are
// nested; the open groups are a stack:
//
//   keys so far             open groups                 next: 1.3.1
//   1.1.1 ─┐                                            closes (1.2), which
//   1.1.2  ├ a node         depth 0: 1.1* 1.2.1 1.2.2   becomes a node, or
//   ...   ─┘                  depth 1: 1.1* 1.2.1 1.2.2 stays part of (1) if
//   1.2.1                       depth 2: 1.2.1 1.2.2    it is small
//   1.2.2
//
// If a new group, such as the next column of a table, has the first key of a
// node that was made of a group before it in the same enclosing group, the
// builder matches them: it compares the added keys with those of the node
// instead of storing them. If all keys are equal, both groups share the node.
// If not, the keys that were equal are read from the node, and the group is
// made like any other.
//
// Rows numbered without a gap are one entry. Adding n keys takes O(n) time, and
// memory for the keys that are neither in such a run nor in a node yet.
//
// Used by one thread at a time.
class TrieBuilder {
 public:
  // Smaller groups get no node of their own: their keys stay in the enclosing
  // group.
  static constexpr uint32_t kMinGroup = NodePartitioner::kMinRange;

  // `nodes` makes the nodes.
  explicit TrieBuilder(NodeRefs* nodes) : partitioner_(nodes) {}
  TrieBuilder(const TrieBuilder&) = delete;
  TrieBuilder& operator=(const TrieBuilder&) = delete;

  // Requires a key greater than the last one. `shared`: the size of the leading
  // arcs that both have in common; ignored after AddNode().
  void Add(absl::string_view key, size_t shared);

  // Adds all keys of `node`, each after `prefix`.
  void AddNode(absl::string_view prefix, const TrieNode* node);

  // Returns the root; null if there are no keys. Call it once.
  const TrieNode* Finish();

 private:
  // The entries from `begin` on, which have `depth` bytes in common.
  struct Group {
    size_t depth;
    size_t begin;
    size_t keys_before;
  };

  // A group whose keys so far are the first keys of `node`.
  struct Match {
    Match(absl::string_view key, size_t base_size, const TrieNode* the_node)
        : base(key.substr(0, base_size)), node(the_node), cursor(the_node) {
      cursor.SeekToFirst();
    }
    const std::string base;  // the common prefix of the group's keys
    const TrieNode* const node;
    TrieCursor cursor;  // at the expected next key
  };

  void AddKey(absl::string_view key, size_t shared, bool may_match);
  // Adds the first `count` keys of `node`, each after `prefix`.
  void AddKeysOf(absl::string_view prefix, const TrieNode* node,
                 uint32_t count);

  // True if the key continues the consecutive keys of the last entry.
  bool ExtendsRange(absl::string_view key, size_t shared) const;
  void ExtendRange(size_t shared);
  void SplitRange();

  // Closes the groups that the next key is not in, and opens its group.
  void EnterGroup(size_t shared);
  void CloseGroup(const Group& group);

  // Starts a match and returns true if `key`, the first of a group, is the
  // first key of a node that a group before it became.
  bool StartMatch(absl::string_view key, size_t shared);
  // Called when no key of the group follows. Reuses the node, if all its keys
  // were matched.
  void EndMatch();
  // Adds the matched keys one by one.
  void AbandonMatch();

  // The size of the leading arcs that `key` has in common with the last key.
  // Requires that there is no match.
  size_t SharedWithLast(absl::string_view key);

  absl::string_view Copy(absl::string_view key) {
    return partitioner_.bytes().Copy(key);
  }

  NodePartitioner partitioner_;
  std::vector<PendingEntry> entries_;
  std::vector<Group> groups_ = {{0, 0, 0}};
  size_t key_count_ = 0;  // in all entries
  // Where the last arc begins, if the last entry is a run of consecutive keys.
  size_t last_arc_begin_ = 0;
  bool after_node_ = false;
  std::optional<Match> match_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_TRIE_TRIE_BUILDER_H_
