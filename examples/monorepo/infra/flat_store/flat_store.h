// SPDX-License-Identifier: Apache-2.0

#ifndef INFRA_FLAT_STORE_FLAT_STORE_H_
#define INFRA_FLAT_STORE_FLAT_STORE_H_

#include <cstddef>
#include <memory>
#include <mutex>

#include "absl/status/status.h"
#include "passpersist/contents.h"
#include "passpersist/oid_store.h"

namespace acme {

class FlatSnapshot;

// A store for a few thousand values that change together: a sorted vector. Each
// write creates a new vector, and readers keep their old vector.
//
//   newest_ --> FlatSnapshot      destroyed with its last reader
//                 [ .1.1.1 | .1.1.2 | .1.2.1 | .1.2.2 ]
//
// A search costs O(log n) comparisons, a step of a walk O(1), and a write of m
// changes O(n + m log m). FlatStore shows how small a store can be. The stores
// of the framework need less memory, and less time for single changes.
//
// Safe for concurrent use.
class FlatStore : public passpersist::OidStore {
 public:
  FlatStore();

  // For AgentBuilder::SetStoreFactory().
  static passpersist::StoreFactory Factory();

  std::shared_ptr<const passpersist::Snapshot> snapshot() const override;
  absl::Status Replace(passpersist::Contents contents) override;
  absl::Status Apply(const passpersist::Changes& changes) override;
  size_t ApproximateMemory() const override;

 private:
  std::shared_ptr<const FlatSnapshot> newest() const;
  void Publish(std::shared_ptr<const FlatSnapshot> next);

  // Two mutexes, so that readers wait at most for the copy of a pointer.
  std::mutex write_mutex_;  // held during a write; locked before mutex_
  mutable std::mutex mutex_;
  std::shared_ptr<const FlatSnapshot> newest_;  // guarded by mutex_
};

}  // namespace acme

#endif  // INFRA_FLAT_STORE_FLAT_STORE_H_
