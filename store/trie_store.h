// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_TRIE_STORE_H_
#define STORE_TRIE_STORE_H_

#include <cstddef>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "passpersist/contents.h"
#include "passpersist/oid_store.h"
#include "passpersist/row_index.h"
#include "store/trie/trie_node.h"
#include "store/trie/trie_snapshot.h"
#include "store/version/snapshot_publisher.h"

namespace passpersist {

// The store for tables: names and values are kept apart, and the rows that
// columns share are kept once.
//
//       names: a trie                           values: by rank
//
//          [ branch ]     columns 1 to 100      +-----+-----+-----+-----+---
//          /  |  ... \                          |  0  |  1  |  2  | ... |
//         +   +       +                         +-----+-----+-----+-----+---
//          \  |  ... /                            rank of 1.2.3 =
//         [ run 1..10000 ]                          rows of column 1 + 2
//
// A search adds up how many names are before the one it looks for: its rank,
// which tells where its value is. So names need not know of values, and equal
// parts of the trie are one: an index is paid for once, not a hundred times,
// stays in the cache, and a search costs one miss, for the value. What it is
// made of, from the bytes up:
//
//   packed_key, packed_keys    as in BtreeStore
//   trie_leaf, trie_inner      the nodes of the trie
//   trie_nodes                 who owns them while a version is made
//   trie_packer, trie_builder  make a trie of names
//   trie_editor                makes the next one: Apply()
//   trie_cursor                searches and walks a trie
//   value_page, value_dir,     a B+-tree by rank, with a builder, an editor and
//   value_tree                 a cursor of its own
//   trie_iterator              a cursor of each
//   versions, publisher        as in BtreeStore
//
// A search is O(log n) comparisons at worst, and some subtractions for numbered
// rows; a step of a walk O(1). Replace() is O(n), and for a column whose
// RowIndex is that of the last Replace() a copy of its values. Apply() costs
// O(log n) parts a change; a row that comes or goes in all columns leaves them
// shared. An entry of a table takes its value and a fraction of a byte.
//
// Sparse columns should come with a RowIndex (Contents::PutColumn(),
// PutTable()): then they share it with the others. Those that come value by
// value do so only if they are equal.
class TrieStore : public OidStore {
 public:
  TrieStore() : publisher_(store_internal::TrieTree()) {}
  TrieStore(const TrieStore&) = delete;
  TrieStore& operator=(const TrieStore&) = delete;

  // For AgentBuilder::SetStoreFactory().
  static StoreFactory Factory();

  std::shared_ptr<const Snapshot> snapshot() const override;
  absl::Status Replace(Contents contents) override;
  absl::Status Apply(const Changes& changes) override;
  size_t ApproximateMemory() const override;

 private:
  class Loader;

  // The node of the rows that have it in the newest version.
  struct Rows {
    std::weak_ptr<const RowIndex> set;
    const store_internal::TrieNode* node;
  };
  using RowNodes = absl::flat_hash_map<const RowIndex*, Rows>;

  store_internal::Publisher<store_internal::TrieSnapshot> publisher_;
  RowNodes row_nodes_ ABSL_GUARDED_BY(publisher_.writer());
};

}  // namespace passpersist

#endif  // STORE_TRIE_STORE_H_
