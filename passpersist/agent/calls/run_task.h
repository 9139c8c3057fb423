// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_CALLS_RUN_TASK_H_
#define PASSPERSIST_AGENT_CALLS_RUN_TASK_H_

#include <functional>

#include "absl/functional/any_invocable.h"

namespace passpersist::internal {

// Runs a task that calls user code: on another thread, or before it returns.
// False if it does neither; the task is destroyed then. Safe for concurrent
// use.
using RunTask = std::function<bool(absl::AnyInvocable<void()> task)>;

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_CALLS_RUN_TASK_H_
