// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_E2E_SUBPROCESS_H_
#define TOOLS_E2E_SUBPROCESS_H_

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tools/process/started_program.h"
#include "transport/posix/scoped_fd.h"

namespace passpersist_testing {

// A program that was started by this process, without a shell. What it prints
// is kept in memory, so it never waits for a reader. It is killed at the end of
// this object, and dies with the thread that started it.
//
// Used by one thread at a time.
class Subprocess {
 public:
  struct Options {
    std::vector<std::string> command;  // the path of the program first
    // "NAME=value", on top of what this process has.
    std::vector<std::string> environment;
  };

  // An error if the program can't be run.
  static absl::StatusOr<std::unique_ptr<Subprocess>> Start(
      const Options& options);

  Subprocess(const Subprocess&) = delete;
  Subprocess& operator=(const Subprocess&) = delete;

  pid_t pid() const { return program_->pid(); }

  // The exit status, 128 more than the signal for a program that was killed by
  // one; none if it still runs after `limit`.
  std::optional<int> Wait(absl::Duration limit) {
    return program_->Wait(limit);
  }

  // Does nothing if Wait() has told of the end.
  void Signal(int signal) { program_->Signal(signal); }

  // What it has printed so far.
  std::string standard_output() const;
  std::string standard_error() const;

 private:
  Subprocess() = default;

  passpersist::transport_internal::ScopedFd output_;  // memory
  passpersist::transport_internal::ScopedFd error_;
  std::unique_ptr<passpersist::StartedProgram> program_;
};

// The path of a program in PATH or in /usr/sbin, which not everybody has there.
// NotFound, saying which Debian package has it.
absl::StatusOr<std::string> FindProgram(absl::string_view name,
                                        absl::string_view package);

}  // namespace passpersist_testing

#endif  // TOOLS_E2E_SUBPROCESS_H_
