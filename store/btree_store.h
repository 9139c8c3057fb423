// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BTREE_STORE_H_
#define STORE_BTREE_STORE_H_

#include <cstddef>
#include <memory>

#include "absl/status/status.h"
#include "passpersist/contents.h"
#include "passpersist/oid_store.h"
#include "store/btree/key_cursor.h"
#include "store/btree/key_tree.h"
#include "store/version/snapshot_publisher.h"
#include "store/version/tree_snapshot.h"

namespace passpersist {

// The store for data of any shape and for values that are added and removed
// one by one: an immutable B+-tree of packed pages, copied on write. The files,
// from the bytes up:
//
//   oid_encoding        an Oid as bytes that sort as Oids do
//   packed_keys         the keys of a page, searched without unpacking them
//   packed_values       the values of a page, by type
//   key_page            a leaf or an inner page: one allocation
//   cow_tree            the structure of a tree of pages
//   cow_builder         loads a tree from leaves; btree_builder, from entries
//   cow_editor          makes the next version of a tree: Apply()
//   cow_cursor          walks a tree
//   key_tree            a cow_tree whose entries are found by key, with
//   key_tree_traits,    what the three above need to know of it, and the search
//   key_cursor
//   tree_snapshot,      a version of the tree, with its pages, and its iterator
//   tree_iterator
//   version_set         decides when pages are freed
//   snapshot_publisher  holds the newest version and replaces it by the next
//
// With n entries, a search takes O(log n) comparisons and one or two cache
// misses. A step of a walk is O(1), Replace() is O(n), and Apply() is O(log n)
// a change, less where several changes concern the same page. An entry of an
// integer-indexed table takes at most three bytes beside its value.
//
// snapshot() copies a pointer.
//
// Safe for concurrent use: see OidStore.
class BtreeStore : public OidStore {
 public:
  BtreeStore() : publisher_(store_internal::KeyTree()) {}
  BtreeStore(const BtreeStore&) = delete;
  BtreeStore& operator=(const BtreeStore&) = delete;

  // For AgentBuilder::SetStoreFactory().
  static StoreFactory Factory();

  std::shared_ptr<const Snapshot> snapshot() const override;
  absl::Status Replace(Contents contents) override;
  absl::Status Apply(const Changes& changes) override;

  size_t ApproximateMemory() const override;

 private:
  store_internal::Publisher<
      store_internal::TreeSnapshot<store_internal::KeyCursor>>
      publisher_;
};

}  // namespace passpersist

#endif  // STORE_BTREE_STORE_H_
