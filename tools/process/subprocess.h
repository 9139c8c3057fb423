// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PROCESS_SUBPROCESS_H_
#define TOOLS_PROCESS_SUBPROCESS_H_

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tools/process/process.h"
#include "transport/posix/scoped_fd.h"

namespace passpersist::tool {

// A program that this process has started without a shell, with its standard
// streams and no other descriptors.
//
// The destructor kills the program. The program is also killed when the thread
// that started it ends.
//
// Used by one thread at a time.
class Subprocess {
 public:
  enum class Stream {
    kInherit,  // that of this process
    kNull,     // /dev/null
    kPipe,     // a pipe; this process has the other end
    kMemory,   // for output: memory, so the program never waits for a reader
  };

  struct Options {
    // The program, then its arguments. Must not be empty. A program without a
    // '/' is searched in PATH.
    std::vector<std::string> command;
    // "NAME=value" variables that are added to the environment of this process,
    // or replace variables of it.
    std::vector<std::string> environment;
    Stream input = Stream::kNull;
    Stream output = Stream::kMemory;
    Stream error = Stream::kMemory;
    // How many bytes of a stream are kept in memory, a multiple of the page
    // size. When they are used up, writes of the program fail.
    size_t memory_limit = 64 << 20;
    // True for programs that run as under snmpd (net-snmp 5.9.3
    // agent/mibgroup/util_funcs.c, get_exec_pipes_fork()).
    bool ignores_sigpipe = false;
  };

  // Returns when the program runs. If it can't be run, returns an error that
  // names it, and leaves no process.
  static absl::StatusOr<std::unique_ptr<Subprocess>> Start(
      const Options& options);

  // Kills the program if it still runs.
  ~Subprocess();

  Subprocess(const Subprocess&) = delete;
  Subprocess& operator=(const Subprocess&) = delete;

  pid_t pid() const { return pid_; }

  // This process's ends of the pipes to standard input and from standard
  // output. The caller may take them.
  transport_internal::ScopedFd& input_pipe() { return ends_[0]; }
  transport_internal::ScopedFd& output_pipe() { return ends_[1]; }

  // Return what the program has written so far to a stream in memory.
  std::string standard_output() const { return Written(1); }
  std::string standard_error() const { return Written(2); }

  // Returns the exit status, or 128 + the signal's number if a signal killed
  // the program; nullopt if the program still runs after `limit`.
  std::optional<int> Wait(absl::Duration limit);

  // Sends a signal to the program. Does nothing once it has ended.
  void Signal(int signal) { process_.Signal(signal); }

 private:
  explicit Subprocess(const Options& options);

  std::string Written(int stream) const;

  const size_t memory_limit_;
  const Stream streams_[3];  // 0, 1 and 2
  // Of each stream: the pipe's other end, or the memory.
  transport_internal::ScopedFd ends_[3];
  pid_t pid_ = 0;    // not reused until Wait() has returned the exit status
  Process process_;  // the same process
  std::optional<int> exit_status_;
};

}  // namespace passpersist::tool

#endif  // TOOLS_PROCESS_SUBPROCESS_H_
