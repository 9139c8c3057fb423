#ifndef STORE_BTREE_STORE_H_
#define STORE_BTREE_STORE_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "passpersist/contents.h"
#include "passpersist/oid_store.h"
#include "store/packed_tree.h"
#include "store/packed_versions.h"

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
//   packed_versions  snapshots, and when their pages are freed
//
// With n entries, a search costs O(log n) comparisons and, mostly, one cache
// miss; a step of a walk O(1); Replace() O(n); Apply() O(log n) a change, less
// where changes meet in a page. An entry of an integer-indexed table takes
// three bytes or less beside its value.
//
// snapshot() copies a pointer. The lock that it takes is held for that, and
// for the exchange of that pointer when a writer has finished: no work is done
// under it, and nothing is freed.
class BtreeStore : public OidStore {
 public:
  BtreeStore();
  BtreeStore(const BtreeStore&) = delete;
  BtreeStore& operator=(const BtreeStore&) = delete;
  ~BtreeStore() override;

  // For AgentBuilder::SetStoreFactory().
  static StoreFactory Factory();

  std::shared_ptr<const Snapshot> snapshot() const override;
  absl::Status Replace(Contents contents) override;
  absl::Status Apply(const Changes& changes) override;

  // The bytes of the newest snapshot and of the store itself. What the
  // functions of lazy values hold is not known.
  size_t ApproximateMemory() const;

 private:
  using Versions = internal::PackedVersions;

  std::shared_ptr<const Versions::Version> newest() const;
  void Publish(const internal::PackedTree& tree, Versions::Retired retired)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer_);

  const std::shared_ptr<Versions> versions_ = std::make_shared<Versions>();

  absl::Mutex writer_;  // from reading the newest version to the next one
  uint64_t number_ ABSL_GUARDED_BY(writer_) = 0;  // of the newest version

  mutable absl::Mutex pointer_;  // only while newest_ is copied or exchanged
  std::shared_ptr<const Versions::Version> newest_ ABSL_GUARDED_BY(pointer_);
};

}  // namespace passpersist

#endif  // STORE_BTREE_STORE_H_
