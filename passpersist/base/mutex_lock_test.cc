// SPDX-License-Identifier: Apache-2.0

#include "passpersist/base/mutex_lock.h"

#include <thread>

#include "absl/synchronization/mutex.h"
#include "gtest/gtest.h"

namespace passpersist::internal {
namespace {

bool IsFree(absl::Mutex& mutex) {
  bool is_free = false;
  std::thread([&] {
    if (!TryLock(mutex)) return;
    is_free = true;
    Unlock(mutex);
  }).join();
  return is_free;
}

TEST(MutexLockTest, HoldsTheMutexToTheEndOfItsScope) {
  absl::Mutex mutex;
  {
    MutexLock lock(mutex);
    EXPECT_FALSE(IsFree(mutex));
  }
  EXPECT_TRUE(IsFree(mutex));
}

TEST(MutexLockTest, WaitsForItsCondition) {
  absl::Mutex mutex;
  bool ready = false;
  std::thread other([&] {
    MutexLock lock(mutex);
    ready = true;
  });
  {
    MutexLock lock(mutex, absl::Condition(&ready));
    EXPECT_TRUE(ready);
    EXPECT_FALSE(IsFree(mutex));
  }
  EXPECT_TRUE(IsFree(mutex));
  other.join();
}

TEST(MutexLockTest, LockHoldsTheMutexUntilUnlock) {
  absl::Mutex mutex;
  Lock(mutex);
  EXPECT_FALSE(IsFree(mutex));
  Unlock(mutex);
  EXPECT_TRUE(IsFree(mutex));
}

}  // namespace
}  // namespace passpersist::internal
