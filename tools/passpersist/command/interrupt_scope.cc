// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/command/interrupt_scope.h"

#include <pthread.h>

#include <utility>

namespace passpersist {
namespace {

// Tells the waiting thread to end. Blocked there, so nobody else sees it.
constexpr int kEnd = SIGURG;

}  // namespace

InterruptScope::InterruptScope(std::function<void()> interrupted)
    : hook_(std::move(interrupted)) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, kEnd);
  // The new thread has the same mask.
  pthread_sigmask(SIG_BLOCK, &signals, &former_);
  waiter_ = std::thread([this, signals] {
    int signal = 0;
    while (sigwait(&signals, &signal) != 0) {
    }
    if (signal == kEnd) return;
    interrupted_.Notify();
    hook_();
  });
}

InterruptScope::~InterruptScope() {
  // Without effect on a thread that has ended by itself.
  pthread_kill(waiter_.native_handle(), kEnd);
  waiter_.join();
  pthread_sigmask(SIG_SETMASK, &former_, nullptr);
}

}  // namespace passpersist
