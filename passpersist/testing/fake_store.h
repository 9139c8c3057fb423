// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TESTING_FAKE_STORE_H_
#define PASSPERSIST_TESTING_FAKE_STORE_H_

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "passpersist/changes.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"

namespace passpersist_testing {

// A simple store for tests: a sorted vector of pointers, which each write
// copies. A test can make its writes fail. Its iterators allocate no memory
// when they move.
class FakeStore : public passpersist::OidStore {
 public:
  using Entries = std::initializer_list<
      std::pair<passpersist::Oid, passpersist::StoredValue>>;

  // Holds `entries` in the given order. The order must be OID order, except in
  // tests of a broken store.
  explicit FakeStore(Entries entries = {});

  // For AgentBuilder::SetStoreFactory().
  static passpersist::StoreFactory Factory();

  std::shared_ptr<const passpersist::Snapshot> snapshot() const override;
  absl::Status Replace(passpersist::Contents contents) override;
  absl::Status Apply(const passpersist::Changes& changes) override;
  size_t ApproximateMemory() const override;

  // Makes every later change fail with `error`; OK ends that.
  void FailWith(absl::Status error);

 private:
  class Table;

  mutable absl::Mutex mutex_;
  std::shared_ptr<const Table> table_ ABSL_GUARDED_BY(mutex_);
  absl::Status error_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TESTING_FAKE_STORE_H_
