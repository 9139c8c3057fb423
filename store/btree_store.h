#ifndef STORE_BTREE_STORE_H_
#define STORE_BTREE_STORE_H_

#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "passpersist/contents.h"
#include "passpersist/oid_store.h"

namespace passpersist {

// Keeps each snapshot in an immutable absl::btree_map. Replace() costs n log n
// and Apply() a copy of everything; readers pay for neither.
class BtreeStore : public OidStore {
 public:
  BtreeStore();

  // For AgentBuilder::SetStoreFactory().
  static StoreFactory Factory();

  std::shared_ptr<const Snapshot> snapshot() const override;
  absl::Status Replace(Contents contents) override;
  absl::Status Apply(const Changes& changes) override;

 private:
  class Table;

  std::shared_ptr<const Table> published() const;
  void Publish(std::shared_ptr<const Table> table)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer_);

  absl::Mutex writer_;  // from reading table_ to publishing what follows it
  mutable absl::Mutex pointer_;  // only while table_ is copied or swapped
  std::shared_ptr<const Table> table_ ABSL_GUARDED_BY(pointer_);
};

}  // namespace passpersist

#endif  // STORE_BTREE_STORE_H_
