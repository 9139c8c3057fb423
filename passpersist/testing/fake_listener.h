// SPDX-License-Identifier: Apache-2.0

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

// Accepts the transports that a test sends.
//
// Safe for concurrent use.
class FakeListener : public passpersist::Listener {
 public:
  absl::StatusOr<std::unique_ptr<passpersist::Transport>> Accept() override;
  void Shutdown() override;

  // Makes Accept() return `transport`, after all transports sent before it.
  void Send(std::unique_ptr<passpersist::Transport> transport);

  // Makes Accept() return `error` once no sent transport is left.
  void Break(absl::Status error);

 private:
  absl::Mutex mutex_;
  std::deque<std::unique_ptr<passpersist::Transport>> waiting_
      ABSL_GUARDED_BY(mutex_);
  absl::Status error_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TESTING_FAKE_LISTENER_H_
