// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BTREE_STORE_H_
#define STORE_BTREE_STORE_H_

#include <cstddef>
#include <memory>

#include "absl/status/status.h"
#include "passpersist/contents.h"
#include "passpersist/oid_store.h"
#include "store/btree/btree_snapshot.h"
#include "store/btree/key_tree.h"
#include "store/version/snapshot_publisher.h"

namespace passpersist {

// The store for values that come and go one by one, and for data of any shape:
// an immutable B+-tree of packed pages, copied on write. What it is made of,
// from the bytes up:
//
//   packed_key       an Oid as bytes that sort as Oids do
//   packed_keys      the keys of a page, searched without unpacking them
//   packed_values    the values of a page, by type
//   packed_page      a leaf or an inner page: one allocation
//   packed_tree      what makes pages a tree
//   packed_builder   loads a tree: Replace()
//   packed_editor    the next version of a tree: Apply()
//   packed_iterator  searches and walks a tree
//   packed_snapshot  a version of the tree, with its pages
//   versions         when pages are freed
//   publisher        the newest version, and how the next one takes its place
//
// With n entries, a search costs O(log n) comparisons and, mostly, one cache
// miss; a step of a walk O(1); Replace() O(n); Apply() O(log n) a change, less
// where changes meet in a page. An entry of an integer-indexed table takes
// three bytes or less beside its value.
//
// snapshot() copies a pointer.
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
  store_internal::Publisher<store_internal::BtreeSnapshot> publisher_;
};

}  // namespace passpersist

#endif  // STORE_BTREE_STORE_H_
