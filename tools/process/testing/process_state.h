// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PROCESS_TESTING_PROCESS_STATE_H_
#define TOOLS_PROCESS_TESTING_PROCESS_STATE_H_

#include <sys/types.h>

#include <vector>

#include "absl/time/time.h"
#include "tools/process/process.h"
#include "tools/process/testing/wait.h"

namespace passpersist_testing {

// Returns true once the process is stopped (SIGSTOP); false if it is not
// stopped after `limit`.
bool AwaitStop(const passpersist::tool::Process& process,
               absl::Duration limit = kTimeout);

// Returns the children of `parent` that have not ended, in the order of their
// pids.
std::vector<passpersist::tool::Process> RunningChildren(pid_t parent);

}  // namespace passpersist_testing

#endif  // TOOLS_PROCESS_TESTING_PROCESS_STATE_H_
