// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/interruptible_clock.h"

#include <algorithm>

#include "passpersist/base/mutex_lock.h"

namespace passpersist::internal {

void InterruptibleClock::WaitUntil(absl::Duration deadline,
                                   std::atomic<bool>* wake,
                                   const HasGone& has_gone) {
  {
    MutexLock lock(mutex_);
    if (shut_down_) {
      *wake = true;
      return;
    }
    waiting_.push_back(wake);
  }
  if (has_gone == nullptr) {
    clock_.WaitUntil(deadline, *wake);
  } else {
    while (!*wake && clock_.Now() < deadline && !has_gone()) {
      clock_.WaitUntil(std::min(deadline, clock_.Now() + kPollInterval), *wake);
    }
  }
  MutexLock lock(mutex_);
  waiting_.erase(std::find(waiting_.begin(), waiting_.end(), wake));
}

void InterruptibleClock::Shutdown() {
  {
    MutexLock lock(mutex_);
    shut_down_ = true;
    for (std::atomic<bool>* const wake : waiting_) *wake = true;
  }
  Wake();
}

}  // namespace passpersist::internal
