// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_CALLS_WAKER_H_
#define PASSPERSIST_AGENT_CALLS_WAKER_H_

#include <atomic>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/scheduling/clock.h"
#include "passpersist/transport.h"

namespace passpersist::internal {

// Wakes the thread of a connection when something that one of its requests
// waits for may have happened. A wake-up without a reason is harmless: the
// request then waits again. Whoever may wake shares ownership, because user
// code returns after the end of the connection, too.
//
// Any thread may call Wake(); one thread calls the other functions.
class Waker {
 public:
  // `transport` is one that the thread reads while requests wait, or null. The
  // clock must outlive this, and the transport the call of Detach().
  Waker(Clock* clock, Transport* transport)
      : clock_(*clock), transport_(transport) {}

  // Ends the wait or the read with a timeout that is in progress, or else the
  // next one.
  void Wake() {
    woken_ = true;
    clock_.Wake();
    MutexLock lock(mutex_);
    if (transport_ != nullptr) transport_->Wake();
  }

  // Returns at `deadline`, a time of the clock, or after Wake().
  void WaitUntil(absl::Duration deadline) {
    clock_.WaitUntil(deadline, woken_);
    woken_ = false;
  }

  void Detach() {
    MutexLock lock(mutex_);
    transport_ = nullptr;
  }

 private:
  Clock& clock_;
  std::atomic<bool> woken_ = false;
  absl::Mutex mutex_;
  Transport* transport_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_CALLS_WAKER_H_
