// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_CLIENT_CHILD_PROGRAM_H_
#define TOOLS_PASSPERSIST_CLIENT_CHILD_PROGRAM_H_

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "passpersist/transport.h"
#include "tools/process/started_program.h"
#include "transport/posix/scoped_fd.h"

namespace passpersist {

// A program that is started and ended as snmpd does it (net-snmp 5.9.3
// agent/mibgroup/util_funcs.c, get_exec_pipes_fork(), and
// ucd-snmp/pass_persist.c, close_persist_pipe()): without a shell, with pipes
// for its standard input and output, SIGPIPE ignored, no other descriptors; by
// SIGKILL.
//
//   transport() --write--> pipe --> 0  program
//               <--read--- pipe <-- 1
//     standard_error() <- memory <-- 2  (or the caller's own)
//
// In two things it differs: standard error is kept apart, which snmpd takes for
// answers; and a program without a '/' is looked for in PATH, while snmpd wants
// the whole path.
//
// It dies with the thread that started it.
//
// Used by one thread at a time.
class ChildProgram {
 public:
  enum class StandardError { kKeep, kInherit };

  // `command` is the program and its arguments, at least one. An error that
  // names the program if it can't be started.
  static absl::StatusOr<std::unique_ptr<ChildProgram>> Start(
      const std::vector<std::string>& command,
      StandardError standard_error = StandardError::kInherit);

  // Closes the pipes and kills the program.
  ~ChildProgram();

  ChildProgram(const ChildProgram&) = delete;
  ChildProgram& operator=(const ChildProgram&) = delete;

  pid_t pid() const { return program_->pid(); }

  // snmpd's end of the pipes. A write waits for the program if it has left 64
  // kB unread; Shutdown() doesn't end that, only the program can.
  Transport& transport();

  // The program reads an end of file, as when snmpd has crashed; what it writes
  // can still be read.
  void CloseInput();

  // The exit status, 128 more than the signal for a program that was killed by
  // one; none if it still runs after `limit`.
  std::optional<int> Wait(absl::Duration limit) {
    return program_->Wait(limit);
  }

  // What it has written to its standard error so far: the first 64 kB, behind
  // which writing fails there. Whatever it wrote before it gave an answer is
  // there when the answer is. Empty if inherited.
  std::string standard_error() const;

 private:
  class Pipes;

  ChildProgram();

  transport_internal::ScopedFd error_;  // a memfd, if standard error is kept
  std::unique_ptr<StartedProgram> program_;
  std::unique_ptr<Pipes> pipes_;  // closed before the program is killed
};

}  // namespace passpersist

#endif  // TOOLS_PASSPERSIST_CLIENT_CHILD_PROGRAM_H_
