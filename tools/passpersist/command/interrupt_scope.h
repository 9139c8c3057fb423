// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_COMMAND_INTERRUPT_SCOPE_H_
#define TOOLS_PASSPERSIST_COMMAND_INTERRUPT_SCOPE_H_

#include <signal.h>

#include <functional>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

namespace passpersist::tool {

// While an InterruptScope exists, Ctrl-C (SIGINT) and SIGTERM don't end the
// process but call a function, once, on a thread of the scope. If the system
// has no thread left, they still end the process. Requires that all other
// threads were started while such a scope existed.
//
// Safe for concurrent use.
class InterruptScope {
 public:
  explicit InterruptScope(std::function<void()> interrupted);
  ~InterruptScope();

  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;

  bool interrupted() const { return interrupted_.HasBeenNotified(); }

  // Waits for a signal. Returns false if none came within `limit`.
  bool Await(absl::Duration limit) const {
    return interrupted_.WaitForNotificationWithTimeout(limit);
  }

 private:
  const std::function<void()> callback_;
  absl::Notification interrupted_;
  sigset_t original_mask_;  // of the thread that made the scope
  std::thread waiter_;      // not joinable if it could not be started
};

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_COMMAND_INTERRUPT_SCOPE_H_
