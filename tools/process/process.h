// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PROCESS_PROCESS_H_
#define TOOLS_PROCESS_PROCESS_H_

#include <sys/types.h>

#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "transport/posix/scoped_fd.h"

namespace passpersist::tool {

// A process of this machine, a child of this process or not. A later process
// with the same pid is not confused with it.
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
  bool AwaitEnd(absl::Duration limit) const;

 private:
  Process(pid_t pid, int pidfd);

  pid_t pid_ = 0;
  std::shared_ptr<const transport_internal::ScopedFd> pidfd_;
};

}  // namespace passpersist::tool

#endif  // TOOLS_PROCESS_PROCESS_H_
