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

// Makes a trie of names that come in order.
//
// Names wait as items (see NodePartitioner) until the group that they are in is
// complete: all that have their first arcs in common. Groups lie one in the
// other; those that are open are a stack:
//
//   names so far            open groups                 next: 1.3.1
//   1.1.1 ─┐                                            closes (1.2), which
//   1.1.2  ├ a node         depth 0: 1.1* 1.2.1 1.2.2   becomes a node, or is
//   ...   ─┘                  depth 1: 1.1* 1.2.1 1.2.2 left to (1) if it is
//   1.2.1                       depth 2: 1.2.1 1.2.2    small
//   1.2.2
//
// A group that begins as one does that was closed before in the same place (the
// next column of a table) is compared with it, name by name, and not made
// again: if they turn out to be equal, both are one node. If not, the names
// that were equal are taken from that node, and the group is made as others
// are.
//
// Numbered rows without a gap are one item. n names: O(n) time; memory for the
// names that are neither in a row nor in a node yet.
//
// Used by one thread at a time.
class TrieBuilder {
 public:
  // Smaller groups are left to the group that they are in.
  static constexpr uint32_t kMinGroup = NodePartitioner::kMinRange;

  // `nodes` makes the nodes.
  explicit TrieBuilder(NodeRefs* nodes) : partitioner_(nodes) {}
  TrieBuilder(const TrieBuilder&) = delete;
  TrieBuilder& operator=(const TrieBuilder&) = delete;

  // Requires a key behind the one before. `shared`: the bytes of the first arcs
  // that both have in common; not looked at after AddNode().
  void Add(absl::string_view key, size_t shared);

  // Adds all names of `node`, each behind `prefix`.
  void AddNode(absl::string_view prefix, const TrieNode* node);

  // The trie; null if there were no names. Call it once.
  const TrieNode* Finish();

 private:
  // The items from `begin` on, which have `depth` bytes in common.
  struct Group {
    size_t depth;
    size_t begin;
    size_t keys_before;
  };

  // A group whose names have been those of `node` so far.
  struct Match {
    Match(absl::string_view key, size_t base_size, const TrieNode* the_node)
        : base(key.substr(0, base_size)), node(the_node), cursor(the_node) {
      cursor.SeekToFirst();
    }
    const std::string base;  // what the names of the group begin with
    const TrieNode* const node;
    TrieCursor cursor;  // at the name that should be next
  };

  void AddKey(absl::string_view key, size_t shared, bool may_match);
  // Adds the first `count` names of `node`.
  void AddKeysOf(absl::string_view prefix, const TrieNode* node,
                  uint32_t count);

  // True if the name makes the last run longer.
  bool ExtendsRange(absl::string_view key, size_t shared) const;
  void ExtendRange(size_t shared);
  void SplitRange();

  // Closes the groups that the next name is not in, and opens the one that it
  // is in.
  void EnterGroup(size_t shared);
  void CloseGroup(const Group& group);

  // True if `key`, which begins a group, is where a node can be followed.
  bool StartMatch(absl::string_view key, size_t shared);
  void EndMatch();
  void AbandonMatch();

  // The bytes of the first arcs that `key` has in common with the last name.
  // Requires that no node is followed.
  size_t SharedWithLast(absl::string_view key);

  absl::string_view Copy(absl::string_view key) {
    return partitioner_.bytes().Copy(key);
  }

  NodePartitioner partitioner_;
  std::vector<PendingEntry> entries_;
  std::vector<Group> groups_ = {{0, 0, 0}};
  size_t key_count_ = 0;  // in all items
  size_t last_arc_begin_ =
      0;  // where its last arc begins, if the last item is a run
  bool after_node_ = false;
  std::optional<Match> match_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_TRIE_TRIE_BUILDER_H_
