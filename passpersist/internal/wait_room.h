#ifndef PASSPERSIST_INTERNAL_WAIT_ROOM_H_
#define PASSPERSIST_INTERNAL_WAIT_ROOM_H_

#include <atomic>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "passpersist/clock.h"

namespace passpersist::internal {

// Where the threads of an agent wait on behalf of its guests. When the agent
// shuts down they all go on.
//
// Safe for concurrent use.
class WaitRoom {
 public:
  // The clock must outlive this.
  explicit WaitRoom(Clock* clock) : clock_(*clock) {}

  absl::Duration Now() const { return clock_.Now(); }

  // Returns once Now() >= deadline, or once `wake` is true: whoever sets that
  // calls Wake() afterwards. After Shutdown() it sets `wake` itself.
  void WaitUntil(absl::Duration deadline, std::atomic<bool>* wake);

  void Wake() { clock_.Wake(); }

  void Shutdown();

 private:
  Clock& clock_;
  absl::Mutex mutex_;
  bool shut_down_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::atomic<bool>*> waiting_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_INTERNAL_WAIT_ROOM_H_
