// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/command/interrupt_scope.h"

#include <pthread.h>

#include <utility>

namespace passpersist_tool {
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
  waiter_ = std::thread([this, signals] {
    int signal = 0;
    while (sigwait(&signals, &signal) != 0) {
    }
    if (signal == kEnd) return;
    interrupted_.Notify();
    callback_();
  });
}

InterruptScope::~InterruptScope() {
  // Has no effect if the thread has already ended, after a signal.
  pthread_kill(waiter_.native_handle(), kEnd);
  waiter_.join();
  pthread_sigmask(SIG_SETMASK, &original_mask_, nullptr);
}

}  // namespace passpersist_tool
