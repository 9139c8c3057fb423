// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_MIB_SET_EPOCH_H_
#define PASSPERSIST_AGENT_MIB_SET_EPOCH_H_

#include <atomic>
#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "passpersist/base/mutex_lock.h"

namespace passpersist::internal {

// Counts the sets that are published, so that a request which reads several
// subtrees finds out that it may have seen half of a set:
//
//   reader            Now()   pins A   . . .   pins B   IsStill()
//   set       ... B          |  writes A, writes B   |
//                            odd                     even again
//
// Safe for concurrent use.
class SetEpoch {
 public:
  // While it lives, a set is being published.
  class ABSL_SCOPED_LOCKABLE Publishing {
   public:
    explicit Publishing(SetEpoch& epoch)
        ABSL_EXCLUSIVE_LOCK_FUNCTION(epoch.mutex_)
        : epoch_(epoch) {
      Lock(epoch_.mutex_);
      epoch_.number_.fetch_add(1, std::memory_order_acq_rel);
    }
    Publishing(const Publishing&) = delete;
    Publishing& operator=(const Publishing&) = delete;
    ~Publishing() ABSL_UNLOCK_FUNCTION() {
      epoch_.number_.fetch_add(1, std::memory_order_release);
      Unlock(epoch_.mutex_);
    }

   private:
    SetEpoch& epoch_;
  };

  uint64_t Now() const { return number_.load(std::memory_order_acquire); }

  // True if no set has been in publication since Now() returned `number`.
  bool IsStill(uint64_t number) const {
    return number % 2 == 0 && Now() == number;
  }

  // Waits for the set that is being published, if there is one: for stores, not
  // for user code or an update.
  void Await() { MutexLock lock(mutex_); }

 private:
  absl::Mutex mutex_;
  std::atomic<uint64_t> number_ = 0;  // odd while a set is being published
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_MIB_SET_EPOCH_H_
