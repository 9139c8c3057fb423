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
#include "tools/process/subprocess.h"

namespace passpersist::tool {

// A program that is started and ended as by snmpd (net-snmp 5.9.3
// agent/mibgroup/util_funcs.c, get_exec_pipes_fork(), and
// ucd-snmp/pass_persist.c, close_persist_pipe()). It starts without a shell,
// with pipes for its standard input and output, with SIGPIPE ignored and no
// other descriptors, and it ends by SIGKILL.
//
//   transport() --write--> pipe --> 0  program
//               <--read--- pipe <-- 1
//     standard_error() <- memory <-- 2
//
// It differs from snmpd in two points. Standard error is kept apart, while
// snmpd reads it as answers. A program name without a '/' is searched in PATH,
// while snmpd needs the whole path.
//
// The program is killed when the thread that started it ends.
//
// Used by one thread at a time.
class ChildProgram {
 public:
  // `command` is the program and its arguments. If the program can't be
  // started, returns an error that names it.
  static absl::StatusOr<std::unique_ptr<ChildProgram>> Start(
      const std::vector<std::string>& command);

  // Closes the pipes and kills the program.
  ~ChildProgram();

  ChildProgram(const ChildProgram&) = delete;
  ChildProgram& operator=(const ChildProgram&) = delete;

  pid_t pid() const { return process_->pid(); }

  // snmpd's end of the pipes. A write blocks while the program has left 64 kB
  // unread; only the program can end that wait, Shutdown() does not.
  Transport& transport();

  // Closes the program's input: the program reads an end of file, as if snmpd
  // had crashed. The program's output can still be read.
  void CloseInput();

  // Returns the exit status, or 128 + the signal's number if a signal killed
  // the program; nullopt if the program still runs after `limit`.
  std::optional<int> Wait(absl::Duration limit) {
    return process_->Wait(limit);
  }

  // Returns what the program has written to its standard error so far: the
  // first 64 kB; further writes fail in the program. What the program wrote
  // before an answer is complete once the answer has been read.
  std::string standard_error() const { return process_->standard_error(); }

 private:
  class Pipes;

  explicit ChildProgram(std::unique_ptr<Subprocess> process);

  const std::unique_ptr<Subprocess> process_;
  std::unique_ptr<Pipes> pipes_;  // closed before the program is killed
};

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_CLIENT_CHILD_PROGRAM_H_
