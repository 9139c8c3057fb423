// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_BASE_START_THREAD_H_
#define PASSPERSIST_BASE_START_THREAD_H_

#include <functional>
#include <thread>

#include "absl/status/statusor.h"

namespace passpersist::internal {

// Starts a thread that runs `function`. Returns ResourceExhausted, always with
// the same text, if the system has no thread left for this process or its user
// (pthread_create(3), EAGAIN). The constructor of std::thread throws in that
// case, which ends a process that does not catch the exception.
absl::StatusOr<std::thread> StartThread(std::function<void()> function);

}  // namespace passpersist::internal

#endif  // PASSPERSIST_BASE_START_THREAD_H_
