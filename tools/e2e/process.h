// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_E2E_PROCESS_H_
#define TOOLS_E2E_PROCESS_H_

#include <sys/types.h>

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tools/e2e/wait.h"

namespace passpersist_testing {

// A process that was not started by this one. A later process with the same pid
// is not confused with it.
//
// A value type; copies refer to the same process.
class Process {
 public:
  // Refers to no process, and behaves as if the process has ended.
  Process() = default;

  // Returns an error if there is no such process.
  static absl::StatusOr<Process> Open(pid_t pid);

  pid_t pid() const { return pid_; }

  // Sends a signal. Does nothing if the process has ended.
  void Signal(int signal) const;

  // Returns true once the process has ended, whether or not its parent has
  // waited for it; false if it still runs after `limit`.
  bool AwaitEnd(absl::Duration limit = kTimeout) const;

  // Returns true once the process is stopped (SIGSTOP); false if it is not
  // stopped after `limit`.
  bool AwaitStop(absl::Duration limit = kTimeout) const;

 private:
  Process(pid_t pid, int descriptor);

  pid_t pid_ = 0;
  std::shared_ptr<const int> descriptor_;  // a pidfd
};

// Returns the children of `parent` that have not ended, in the order of their
// pids.
std::vector<Process> RunningChildren(pid_t parent);

}  // namespace passpersist_testing

#endif  // TOOLS_E2E_PROCESS_H_
