// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_MIB_SUBTREE_H_
#define PASSPERSIST_AGENT_MIB_SUBTREE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "passpersist/base/nanoseconds.h"
#include "passpersist/changes.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/pdu.h"

namespace passpersist::internal {

// A root and the store of the instances below it. Coordinates the two kinds of
// writers: updates, which replace everything, and SNMP SETs.
//
// The store of a table may have scalars about the table, which are not below
// its root. The names in such a store are relative to a base, which is shorter:
//
//   base      .1.3.6.1.2.1.2
//   root      .1.3.6.1.2.1.2.2       ifTable
//   regions   .1.3.6.1.2.1.2.1       ifNumber
//             .1.3.6.1.2.1.2.2       ifTable
//
// Safe for concurrent use.
class Subtree {
 public:
  // `is_updated`: the contents come from Update(). Otherwise the owner of the
  // store writes them. The contents of an update count for `max_age`.
  Subtree(Oid root, std::shared_ptr<OidStore> store, bool is_updated,
          absl::Duration max_age = absl::InfiniteDuration());

  // The same, for a store whose names are relative to `base`, a prefix of the
  // root and of all regions. What is in the store and in no region is not
  // served. `is_live_table`: the owner is a live table.
  Subtree(Oid root, Oid base, std::vector<Oid> regions,
          std::shared_ptr<OidStore> store, bool is_updated,
          absl::Duration max_age, bool is_live_table = false);

  // Its name.
  const Oid& root() const { return root_; }
  // The names in the store are relative to it.
  const Oid& base() const { return base_; }
  // It serves the instances at and below these OIDs.
  const std::vector<Oid>& regions() const { return regions_; }

  bool is_updated() const { return is_updated_; }

  // True if reads that belong together share a snapshot, and false if each read
  // must see what the owner has written before it.
  bool shares_snapshots() const { return is_updated_ || is_live_table_; }

  // Changes with each Apply(): a reader that finds another number than before
  // reads the newest snapshot.
  uint64_t writes() const { return writes_.load(std::memory_order_acquire); }

  std::shared_ptr<const Snapshot> snapshot() const {
    return store_->snapshot();
  }

  size_t ApproximateMemory() const { return store_->ApproximateMemory(); }

  // The name of the store's class.
  std::string store_name() const;

  // Runs `update` on the empty `contents` and publishes what it collected. An
  // error leaves the store unchanged and names the root. Called by one thread
  // at a time.
  absl::Status Update(UpdateFn& update, Contents contents);

  // When the last successful update ended, a time of the agent's clock.
  std::optional<absl::Duration> last_update() const;
  void set_last_update(absl::Duration time);

  // True if the last successful update ended before `now` by the maximum age or
  // more: the subtree then has no instances, whatever its snapshots say.
  bool HasExpired(Nanoseconds now) const {
    return now.count() >= expires_.load(std::memory_order_relaxed);
  }
  // True at the first call after the subtree has expired.
  bool ReportsExpiry() {
    return !expiry_reported_.exchange(true, std::memory_order_relaxed);
  }
  absl::Duration max_age() const { return max_age_; }

  // Describes the entry at which `iterator`, of a snapshot of this subtree, is.
  InstanceInfo Describe(const Iterator& iterator, absl::Duration now) const;

  // Describes the instance `oid`, which must lie in this subtree; with only
  // root and age if it is absent.
  InstanceInfo Describe(const Oid& oid, absl::Duration now) const;

  // The current value of `oid`, which must lie in this subtree.
  std::optional<StoredValue> Find(const Oid& oid) const;

  // Held while contents are published, never while an update collects.
  absl::Mutex& mutex() const ABSL_LOCK_RETURNED(mutex_) { return mutex_; }

  // Publishes changes that a set has made. An update that began before, which
  // may have read older values, does not overwrite them.
  absl::Status Apply(const Changes& changes)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

 private:
  // An iterator of the newest snapshot at `oid`, or null.
  std::unique_ptr<Iterator> FindEntry(const Oid& oid) const;

  const Oid root_;
  const Oid base_;
  const std::vector<Oid> regions_;
  const std::shared_ptr<OidStore> store_;
  const bool is_updated_;
  const bool is_live_table_;
  const absl::Duration max_age_;
  // A time of the agent's clock, in nanoseconds.
  std::atomic<int64_t> expires_ = Nanoseconds::Infinite().count();
  std::atomic<bool> expiry_reported_ = false;
  std::atomic<uint64_t> writes_ = 0;

  // Not mutex_, which is held while the store takes new contents: a debug
  // client that asks for the age does not wait for that.
  mutable absl::Mutex last_update_mutex_;
  std::optional<absl::Duration> last_update_
      ABSL_GUARDED_BY(last_update_mutex_);

  mutable absl::Mutex mutex_;
  bool updating_ ABSL_GUARDED_BY(mutex_) = false;
  Changes written_ ABSL_GUARDED_BY(mutex_);  // since the update began
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_MIB_SUBTREE_H_
