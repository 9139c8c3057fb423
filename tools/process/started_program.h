// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PROCESS_STARTED_PROGRAM_H_
#define TOOLS_PROCESS_STARTED_PROGRAM_H_

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "transport/posix/scoped_fd.h"

namespace passpersist {

// A program that this process has started, without a shell, with three
// descriptors and no others:
//
//   here                the program
//   Options::input  ->  0
//   Options::output ->  1
//   Options::error  ->  2
//
// It is killed at the end of this object, and dies with the thread that started
// it.
//
// Used by one thread at a time.
class StartedProgram {
 public:
  struct Options {
    // The path of the program, then its arguments: at least the former.
    std::vector<std::string> command;
    // "NAME=value", in the place of what this process has of these names, or on
    // top of it.
    std::vector<std::string> environment;
    // Borrowed until Start() returns; the program has copies. -1 for the one
    // with the same number here.
    int input = -1;
    int output = -1;
    int error = -1;
    // As the programs that snmpd starts (net-snmp 5.9.3
    // agent/mibgroup/util_funcs.c, get_exec_pipes_fork()).
    bool ignores_sigpipe = false;
  };

  // Returns when the program runs, or with an error that names it, and no
  // process left, if it can't be run.
  static absl::StatusOr<std::unique_ptr<StartedProgram>> Start(
      const Options& options);

  // Kills the program if it still runs.
  ~StartedProgram();

  StartedProgram(const StartedProgram&) = delete;
  StartedProgram& operator=(const StartedProgram&) = delete;

  pid_t pid() const { return pid_; }

  // The exit status, 128 more than the signal for a program that was killed by
  // one; none if it still runs after `limit`.
  std::optional<int> Wait(absl::Duration limit);

  // Does nothing if Wait() has told of the end.
  void Signal(int signal);

 private:
  explicit StartedProgram(pid_t pid) : pid_(pid) {}

  const pid_t pid_;  // of nobody else until Wait() tells of the end
  transport_internal::ScopedFd process_;  // a pidfd
  std::optional<int> exit_status_;
};

}  // namespace passpersist

#endif  // TOOLS_PROCESS_STARTED_PROGRAM_H_
