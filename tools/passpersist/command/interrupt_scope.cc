// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/command/interrupt_scope.h"

#include <pthread.h>

#include <utility>

#include "absl/status/statusor.h"
#include "passpersist/base/start_thread.h"

namespace passpersist::tool {
namespace {

// The destructor sends it to the waiting thread to end it. The signal is
// blocked there, so only sigwait(3) sees it.
constexpr int kEnd = SIGURG;

}  // namespace

InterruptScope::InterruptScope(std::function<void()> interrupted)
    : callback_(std::move(interrupted)) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, kEnd);
  // The new thread inherits the mask.
  pthread_sigmask(SIG_BLOCK, &signals, &original_mask_);
  absl::StatusOr<std::thread> waiter = internal::StartThread([this, signals] {
    int signal = 0;
    while (sigwait(&signals, &signal) != 0) {
    }
    if (signal == kEnd) return;
    interrupted_.Notify();
    callback_();
  });
  if (waiter.ok()) {
    waiter_ = *std::move(waiter);
  } else {
    pthread_sigmask(SIG_SETMASK, &original_mask_, nullptr);
  }
}

InterruptScope::~InterruptScope() {
  if (!waiter_.joinable()) return;
  // Has no effect if the thread has already ended, after a signal.
  pthread_kill(waiter_.native_handle(), kEnd);
  waiter_.join();
  pthread_sigmask(SIG_SETMASK, &original_mask_, nullptr);
}

}  // namespace passpersist::tool
