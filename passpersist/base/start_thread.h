// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_BASE_START_THREAD_H_
#define PASSPERSIST_BASE_START_THREAD_H_

#include <functional>
#include <thread>

#include "absl/status/statusor.h"

namespace passpersist::internal {

// A thread that runs `function`. ResourceExhausted, always with the same text,
// if the system has none left for this process or its user (pthread_create(3),
// EAGAIN): the constructor of std::thread throws then, which would end a
// process that doesn't expect it.
absl::StatusOr<std::thread> StartThread(std::function<void()> function);

}  // namespace passpersist::internal

#endif  // PASSPERSIST_BASE_START_THREAD_H_
