#ifndef STORE_PUBLISHER_H_
#define STORE_PUBLISHER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "store/versions.h"

namespace passpersist::internal {

// What a store of versions is, whatever these consist of: the newest version,
// how readers get at it, and how the next one takes its place.
//
// T is the store's snapshot: a Versions::Version that is made of a ticket and
// of what the store adds, and that has
//
//   Versions::Retired All() const;  // all its parts
//
// The lock that newest() takes is held while a pointer is copied or exchanged,
// never while work is done or anything is freed. Writers wait for each other:
//
//   absl::MutexLock lock(publisher_.writer());
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
      : newest_(versions_->template Add<T>(0, std::forward<Args>(args)...)) {}
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;
  ~Publisher() {
    Versions::Retired all = newest_->All();
    versions_->Close(std::move(newest_), std::move(all));
  }

  // Never null.
  std::shared_ptr<const T> newest() const {
    absl::MutexLock lock(&pointer_);
    return newest_;
  }

  // Held from reading the newest version to the next one.
  absl::Mutex* writer() ABSL_LOCK_RETURNED(writer_) { return &writer_; }

  // Of the version that Publish() will make.
  uint64_t next_number() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer_) {
    return number_ + 1;
  }

  // Puts the next version in the place of the newest one, which was the last to
  // use the parts that are retired. These are freed, unless somebody, perhaps
  // the caller, still holds an older version.
  template <typename... Args>
  void Publish(Versions::Retired retired, Args&&... args)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer_) {
    std::shared_ptr<const T> version =
        versions_->template Add<T>(++number_, std::forward<Args>(args)...);
    {
      absl::MutexLock lock(&pointer_);
      newest_.swap(version);
    }
    versions_->Retire(std::move(version), std::move(retired));
  }

  // The same where the next version shares no part with the newest one.
  template <typename... Args>
  void PublishAnew(Args&&... args) ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer_) {
    Versions::Retired all = newest()->All();  // and lets go of it
    Publish(std::move(all), std::forward<Args>(args)...);
  }

  const std::shared_ptr<Versions>& versions() const { return versions_; }

 private:
  const std::shared_ptr<Versions> versions_ = std::make_shared<Versions>();

  absl::Mutex writer_;
  uint64_t number_ ABSL_GUARDED_BY(writer_) = 0;  // of the newest version

  mutable absl::Mutex pointer_;
  std::shared_ptr<const T> newest_ ABSL_GUARDED_BY(pointer_);
};

}  // namespace passpersist::internal

#endif  // STORE_PUBLISHER_H_
