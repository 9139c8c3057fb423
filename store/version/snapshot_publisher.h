// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_VERSION_SNAPSHOT_PUBLISHER_H_
#define STORE_VERSION_SNAPSHOT_PUBLISHER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "passpersist/base/mutex_lock.h"
#include "store/version/version_set.h"

namespace passpersist::store_internal {

// The part of a store that does not depend on its data structure: holds the
// newest version, hands it to readers, and replaces it by the next version.
//
// T is the store's snapshot: a VersionSet::Version that is constructed from a
// VersionHandle and the store's own arguments, and that has
//
//   VersionSet::Garbage AllBlocks() const;  // all its blocks
//
// newest() copies a pointer under a mutex, and Version::IsNewest() costs a
// load. A reader that keeps a version for many requests, as all readers do,
// calls newest() once a version, and pays one or two nanoseconds a request for
// being up to date. Writers wait for each other, not for readers:
//
//   MutexLock lock(publisher_.writer());
//   … makes blocks that are born in publisher_.next_number()
//   publisher_.Publish(…);
//
// After the destructor, the newest version and its blocks are freed as soon as
// no reader holds them.
//
// Safe for concurrent use.
template <typename T>
class Publisher {
 public:
  // Begins with a version without blocks.
  template <typename... Args>
  explicit Publisher(Args&&... args)
      : newest_(versions_->template Add<T>(0, std::forward<Args>(args)...)) {}
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;
  ~Publisher() {
    VersionSet::Garbage all = newest_->AllBlocks();
    versions_->Close(std::move(newest_), std::move(all));
  }

  // Never null.
  std::shared_ptr<const T> newest() const {
    internal::MutexLock lock(mutex_);
    return newest_;
  }

  // A writer holds this from reading the newest version until it has published
  // the next one.
  absl::Mutex& writer() ABSL_LOCK_RETURNED(writer_) { return writer_; }

  // The number of the version that Publish() will make.
  uint64_t next_number() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer_) {
    return number_ + 1;
  }

  // Replaces the newest version by the next one. `garbage`: the blocks that the
  // next version does not use. They are freed, unless a thread, perhaps the
  // caller, still holds an older version.
  template <typename... Args>
  void Publish(VersionSet::Garbage garbage, Args&&... args)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer_) {
    std::shared_ptr<const T> version =
        versions_->template Add<T>(++number_, std::forward<Args>(args)...);
    {
      internal::MutexLock lock(mutex_);
      newest_.swap(version);
    }
    version->SetOutdated();
    versions_->Release(std::move(version), std::move(garbage));
  }

  // The same for a next version that shares no block with the newest one.
  template <typename... Args>
  void PublishReplacement(Args&&... args)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer_) {
    // A statement of its own, after which this thread holds no version.
    VersionSet::Garbage garbage = newest()->AllBlocks();
    Publish(std::move(garbage), std::forward<Args>(args)...);
  }

  const std::shared_ptr<VersionSet>& versions() const { return versions_; }

 private:
  const std::shared_ptr<VersionSet> versions_ = std::make_shared<VersionSet>();

  absl::Mutex writer_;
  uint64_t number_ ABSL_GUARDED_BY(writer_) = 0;  // of the newest version

  // Held for a copy or a swap of the pointer only, so that no reader waits for
  // a writer.
  mutable absl::Mutex mutex_;
  std::shared_ptr<const T> newest_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace passpersist::store_internal

#endif  // STORE_VERSION_SNAPSHOT_PUBLISHER_H_
