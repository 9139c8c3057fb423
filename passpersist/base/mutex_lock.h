// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_BASE_MUTEX_LOCK_H_
#define PASSPERSIST_BASE_MUTEX_LOCK_H_

#include "absl/base/config.h"
#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace passpersist::internal {

// The operations of absl::Mutex whose names depend on the release of Abseil:
//
//   up to 20250512        Lock()   Unlock()   TryLock()
//   20250814              both
//   20260107 and later    lock()   unlock()   try_lock(), the others deprecated
//
// The constructor of absl::MutexLock takes a pointer in the releases of the
// first row and a reference in those of the last row.

#if defined(ABSL_LTS_RELEASE_VERSION) && ABSL_LTS_RELEASE_VERSION < 20250814

inline void Lock(absl::Mutex& mutex) ABSL_EXCLUSIVE_LOCK_FUNCTION(mutex) {
  mutex.Lock();
}
inline void Unlock(absl::Mutex& mutex) ABSL_UNLOCK_FUNCTION(mutex) {
  mutex.Unlock();
}
inline bool TryLock(absl::Mutex& mutex)
    ABSL_EXCLUSIVE_TRYLOCK_FUNCTION(true, mutex) {
  return mutex.TryLock();
}

#else

inline void Lock(absl::Mutex& mutex) ABSL_EXCLUSIVE_LOCK_FUNCTION(mutex) {
  mutex.lock();
}
inline void Unlock(absl::Mutex& mutex) ABSL_UNLOCK_FUNCTION(mutex) {
  mutex.unlock();
}
inline bool TryLock(absl::Mutex& mutex)
    ABSL_EXCLUSIVE_TRYLOCK_FUNCTION(true, mutex) {
  return mutex.try_lock();
}

#endif

// Holds a mutex for the duration of a scope, as absl::MutexLock does.
//
// Used by one thread at a time.
class ABSL_SCOPED_LOCKABLE MutexLock {
 public:
  explicit MutexLock(absl::Mutex& mutex) ABSL_EXCLUSIVE_LOCK_FUNCTION(mutex)
      : mutex_(mutex) {
    Lock(mutex_);
  }
  // Waits until the condition holds, then holds the mutex.
  MutexLock(absl::Mutex& mutex, const absl::Condition& condition)
      ABSL_EXCLUSIVE_LOCK_FUNCTION(mutex)
      : mutex_(mutex) {
    mutex_.LockWhen(condition);
  }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;
  ~MutexLock() ABSL_UNLOCK_FUNCTION() { Unlock(mutex_); }

 private:
  absl::Mutex& mutex_;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_BASE_MUTEX_LOCK_H_
