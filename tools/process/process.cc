// SPDX-License-Identifier: Apache-2.0

#include "tools/process/process.h"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "passpersist/scheduling/monotonic_clock.h"

namespace passpersist::tool {

using transport_internal::ScopedFd;

Process::Process(pid_t pid, int pidfd)
    : pid_(pid), pidfd_(std::make_shared<const ScopedFd>(pidfd)) {}

// Called by number, since glibc has these functions only from 2.36 on.
absl::StatusOr<Process> Process::Open(pid_t pid) {
  const long pidfd = syscall(SYS_pidfd_open, pid, 0);
  if (pidfd >= 0) return Process(pid, static_cast<int>(pidfd));
  return absl::ErrnoToStatus(errno, absl::StrCat("process ", pid));
}

void Process::Signal(int signal) const {
  if (pidfd_ == nullptr) return;
  syscall(SYS_pidfd_send_signal, pidfd_->get(), signal, nullptr, 0);
}

bool Process::AwaitEnd(absl::Duration limit) const {
  if (pidfd_ == nullptr) return true;
  const MonotonicClock clock;
  const absl::Duration deadline = clock.Now() + limit;
  struct pollfd end = {pidfd_->get(), POLLIN, 0};
  absl::Duration left = limit;
  do {
    // A signal ends ppoll() early, so it is repeated. A timespec can't hold an
    // infinite duration, so one wait is limited.
    const struct timespec bounded = absl::ToTimespec(
        std::clamp(left, absl::ZeroDuration(), absl::Hours(24)));
    if (ppoll(&end, 1, &bounded, nullptr) == 1) return true;
    left = deadline - clock.Now();
  } while (left > absl::ZeroDuration());
  return false;
}

}  // namespace passpersist::tool
