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

namespace passpersist_tool {

// A program that this process has started without a shell, with three
// descriptors and no others:
//
//   this process        the program
//   Options::input  ->  0
//   Options::output ->  1
//   Options::error  ->  2
//
// The destructor kills the program. The program is also killed when the thread
// that started it ends.
//
// Used by one thread at a time.
class StartedProgram {
 public:
  struct Options {
    // The path of the program, then its arguments. Must not be empty.
    std::vector<std::string> command;
    // "NAME=value" variables that are added to the environment of this process,
    // or replace variables of it.
    std::vector<std::string> environment;
    // Borrowed until Start() returns; the program has copies. -1 means the
    // descriptor 0, 1 or 2 of this process.
    int input = -1;
    int output = -1;
    int error = -1;
    // True for programs that run as under snmpd (net-snmp 5.9.3
    // agent/mibgroup/util_funcs.c, get_exec_pipes_fork()).
    bool ignores_sigpipe = false;
  };

  // Returns when the program runs. If it can't be run, returns an error that
  // names it, and leaves no process.
  static absl::StatusOr<std::unique_ptr<StartedProgram>> Start(
      const Options& options);

  // Kills the program if it still runs.
  ~StartedProgram();

  StartedProgram(const StartedProgram&) = delete;
  StartedProgram& operator=(const StartedProgram&) = delete;

  pid_t pid() const { return pid_; }

  // Returns the exit status, or 128 + the signal's number if a signal killed
  // the program; nullopt if the program still runs after `limit`.
  std::optional<int> Wait(absl::Duration limit);

  // Sends a signal to the program. Does nothing once Wait() has returned the
  // exit status.
  void Signal(int signal);

 private:
  explicit StartedProgram(pid_t pid) : pid_(pid) {}

  const pid_t pid_;  // not reused until Wait() has returned the exit status
  passpersist::transport_internal::ScopedFd process_;  // a pidfd
  std::optional<int> exit_status_;
};

}  // namespace passpersist_tool

#endif  // TOOLS_PROCESS_STARTED_PROGRAM_H_
