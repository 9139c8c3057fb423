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
#include "store/trie/trie_tree_cursor.h"
#include "store/version/snapshot_publisher.h"
#include "store/version/tree_snapshot.h"

namespace passpersist {

// The store for tables. Keys and values are stored separately, and rows that
// several columns share are stored once.
//
//       keys: a trie                            values: by rank
//
//          [ branch ]     columns 1 to 100      +-----+-----+-----+-----+---
//          /  |  ... \                          |  0  |  1  |  2  | ... |
//         +   +       +                         +-----+-----+-----+-----+---
//          \  |  ... /                            rank of 1.2.3 =
//         [ range 1..10000 ]                        rows of column 1 + 2
//
// A search counts the keys before its target. This count, the rank, is the
// position of the value. Trie nodes therefore hold no reference to values, and
// equal subtries are the same node: the rows of 100 columns are stored once,
// not 100 times, and stay in the cache. A search costs one or two cache misses,
// of which one is for the value. The files, from the bytes up:
//
//   oid_encoding, packed_keys  as in BtreeStore
//   trie_leaf, trie_inner      the nodes of the trie
//   node_refs                  counts references to nodes while a version is
//                              made
//   node_partitioner,          make a trie of keys
//   trie_builder
//   trie_editor                makes the next version of a trie: Apply()
//   trie_cursor                searches and walks a trie
//   value_page, value_dir      the leaves and inner pages of a B+-tree by rank
//   value_tree,                a cow_tree (see BtreeStore) of these pages, with
//   value_tree_traits,         its builder and cursor
//   value_builder,
//   value_cursor
//   trie_tree_cursor           a cursor in the trie and a cursor in the values
//   tree_snapshot,             as in BtreeStore
//   version_set,
//   snapshot_publisher
//
// A search takes O(log n) comparisons at worst, and a few subtractions for
// numbered rows. A step of a walk is O(1). Replace() is O(n); a column with the
// RowIndex of the last Replace() costs a copy of its values. Apply() copies
// O(log n) blocks a change. Columns stay shared if a row is added to or removed
// from all of them. An entry of a table takes its value and a fraction of a
// byte.
//
// Sparse columns should be put with a RowIndex (Contents::PutColumn(),
// PutTable()): they then share it with the other columns. Sparse columns that
// are put value by value share rows only if their rows are equal.
//
// Safe for concurrent use: see OidStore.
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

  // A RowIndex and the node that holds its rows in the newest version.
  struct Rows {
    std::weak_ptr<const RowIndex> row_index;
    const store_internal::TrieNode* node;
  };
  using RowNodes = absl::flat_hash_map<const RowIndex*, Rows>;

  store_internal::Publisher<
      store_internal::TreeSnapshot<store_internal::TrieTreeCursor>>
      publisher_;
  RowNodes row_nodes_ ABSL_GUARDED_BY(publisher_.writer());
};

}  // namespace passpersist

#endif  // STORE_TRIE_STORE_H_
