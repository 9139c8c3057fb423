// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_WAIT_ROOM_H_
#define PASSPERSIST_AGENT_WAIT_ROOM_H_

#include <atomic>
#include <functional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "passpersist/clock.h"

namespace passpersist::internal {

// True once the guest on whose behalf a thread waits has gone. May be null
// where nobody can tell.
using HasGone = std::function<bool()>;

// Where the threads of an agent wait on behalf of its guests. When the agent
// shuts down they all go on.
//
// A guest that waits says nothing, so that nobody reads what he says, and
// nobody sees that he has hung up. Whoever waits for him looks now and then, so
// that those who were killed don't keep their places until something happens.
//
// Safe for concurrent use.
class WaitRoom {
 public:
  // Between two looks whether a guest has gone.
  static constexpr absl::Duration kLook = absl::Seconds(1);

  // The clock must outlive this.
  explicit WaitRoom(Clock* clock) : clock_(*clock) {}

  absl::Duration Now() const { return clock_.Now(); }

  // Returns once Now() >= deadline, or once `wake` is true: whoever sets that
  // calls Wake() afterwards. After Shutdown() it sets `wake` itself. Doesn't
  // wait for a guest who `has_gone`, or no longer than kLook.
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

#endif  // PASSPERSIST_AGENT_WAIT_ROOM_H_
