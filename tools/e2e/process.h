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

// A process that somebody else started. Another one that gets the same number
// later is not taken for it.
//
// A value type; copies are the same process.
class Process {
 public:
  // No process at all: one that has ended.
  Process() = default;

  // An error if there is no such process.
  static absl::StatusOr<Process> Open(pid_t pid);

  pid_t pid() const { return pid_; }

  // Does nothing if it has ended.
  void Signal(int signal) const;

  // True once it has ended, whether or not its parent has taken note; false if
  // it still runs after `limit`.
  bool AwaitEnd(absl::Duration limit = kPatience) const;

  // True once it is stopped; false if that takes longer than `limit`.
  bool AwaitStop(absl::Duration limit = kPatience) const;

 private:
  Process(pid_t pid, int descriptor);

  pid_t pid_ = 0;
  std::shared_ptr<const int> descriptor_;  // a pidfd
};

// The children of `parent` that have not ended, in the order of their numbers.
std::vector<Process> RunningChildren(pid_t parent);

}  // namespace passpersist_testing

#endif  // TOOLS_E2E_PROCESS_H_
