// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_INTERRUPTIBLE_CLOCK_H_
#define PASSPERSIST_AGENT_INTERRUPTIBLE_CLOCK_H_

#include <atomic>
#include <functional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "passpersist/clock.h"

namespace passpersist::internal {

// Returns true once the client that a thread waits for has disconnected. Null
// if that cannot be determined.
using HasGone = std::function<bool()>;

// A clock whose waits Shutdown() ends, for the threads of an agent that wait on
// behalf of debug clients.
//
// While a request waits, its connection reads no input, and so does not see
// that the client has disconnected. The thread that waits polls for that, so
// that clients that were killed do not occupy their connections until an event
// happens.
//
// Safe for concurrent use.
class InterruptibleClock {
 public:
  // The time between two checks whether the client has disconnected.
  static constexpr absl::Duration kPollInterval = absl::Seconds(1);

  // The clock must outlive this.
  explicit InterruptibleClock(Clock* clock) : clock_(*clock) {}

  absl::Duration Now() const { return clock_.Now(); }

  // Returns once Now() >= deadline or *wake is true; the thread that sets *wake
  // must call Wake() after that. After Shutdown() this sets *wake itself. Stops
  // within kPollInterval after `has_gone` becomes true.
  void WaitUntil(absl::Duration deadline, std::atomic<bool>* wake,
                 const HasGone& has_gone = nullptr);

  void Wake() { clock_.Wake(); }

  void Shutdown();

 private:
  Clock& clock_;
  absl::Mutex mutex_;
  bool shut_down_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::atomic<bool>*> waiting_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_INTERRUPTIBLE_CLOCK_H_
