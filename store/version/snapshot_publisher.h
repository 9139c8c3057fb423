// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_VERSION_SNAPSHOT_PUBLISHER_H_
#define STORE_VERSION_SNAPSHOT_PUBLISHER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "store/version/atomic_shared_ptr.h"
#include "store/version/version_set.h"

namespace passpersist::store_internal {

// What a store of versions is, whatever these consist of: the newest version,
// how readers get at it, and how the next one takes its place.
//
// T is the store's snapshot: a VersionSet::Version that is made of a ticket and
// of what the store adds, and that has
//
//   VersionSet::Garbage All() const;  // all its parts
//
// newest() waits for nobody and costs some 30 ns, and whether a version is
// still the newest one costs a load (Version::IsNewest()). So a reader that
// keeps one for many requests, as they all do, pays one or two nanoseconds a
// request for being up to date. Writers wait for each other, not for readers:
//
//   MutexLock lock(publisher_.writer());
//   … makes parts that are born in publisher_.next_number()
//   publisher_.Publish(…);
//
// When the publisher goes, the newest version and its parts do as soon as no
// reader holds them.
//
// Safe for concurrent use.
template <typename T>
class Publisher {
 public:
  // Begins with a version of no parts.
  template <typename... Args>
  explicit Publisher(Args&&... args)
      : last_(versions_->template Add<T>(0, std::forward<Args>(args)...)),
        newest_(last_) {}
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;
  ~Publisher() {
    VersionSet::Garbage all = last_->All();
    newest_.Set(nullptr);
    versions_->Close(std::move(last_), std::move(all));
  }

  // Never null.
  std::shared_ptr<const T> newest() const { return newest_.get(); }

  // Held from reading the newest version to the next one.
  absl::Mutex& writer() ABSL_LOCK_RETURNED(writer_) { return writer_; }

  // Of the version that Publish() will make.
  uint64_t next_number() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer_) {
    return number_ + 1;
  }

  // Puts the next version in the place of the newest one, which was the last to
  // use the parts that are retired. These are freed, unless somebody, perhaps
  // the caller, still holds an older version.
  template <typename... Args>
  void Publish(VersionSet::Garbage retired, Args&&... args)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer_) {
    std::shared_ptr<const T> version =
        versions_->template Add<T>(++number_, std::forward<Args>(args)...);
    last_.swap(version);
    newest_.Set(last_);
    version->SetOutdated();
    versions_->Retire(std::move(version), std::move(retired));
  }

  // The same where the next version shares no part with the newest one.
  template <typename... Args>
  void PublishAnew(Args&&... args) ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer_) {
    Publish(last_->All(), std::forward<Args>(args)...);
  }

  const std::shared_ptr<VersionSet>& versions() const { return versions_; }

 private:
  const std::shared_ptr<VersionSet> versions_ = std::make_shared<VersionSet>();

  absl::Mutex writer_;
  uint64_t number_ ABSL_GUARDED_BY(writer_) = 0;  // of the newest version
  std::shared_ptr<const T> last_ ABSL_GUARDED_BY(writer_);

  AtomicSharedPtr<const T> newest_;  // last_, for readers
};

}  // namespace passpersist::store_internal

#endif  // STORE_VERSION_SNAPSHOT_PUBLISHER_H_
