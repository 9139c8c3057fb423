#ifndef PASSPERSIST_TESTING_FAKE_LISTENER_H_
#define PASSPERSIST_TESTING_FAKE_LISTENER_H_

#include <deque>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "passpersist/listener.h"
#include "passpersist/transport.h"

namespace passpersist_testing {

// Accepts the peers that a test sends.
//
// Safe for concurrent use.
class FakeListener : public passpersist::Listener {
 public:
  absl::StatusOr<std::unique_ptr<passpersist::Transport>> Accept() override;
  void Shutdown() override;

  // What the next Accept() that waits, or comes, returns: a peer or an error.
  void Send(
      absl::StatusOr<std::unique_ptr<passpersist::Transport>> peer_or_error);

 private:
  absl::Mutex mutex_;
  std::deque<absl::StatusOr<std::unique_ptr<passpersist::Transport>>> waiting_
      ABSL_GUARDED_BY(mutex_);
  bool shut_down_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TESTING_FAKE_LISTENER_H_
