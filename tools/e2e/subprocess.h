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

// A program that this process has started without a shell. Its output is kept
// in memory, so it never waits for a reader. The destructor kills it; it is
// also killed when the thread that started it ends.
//
// Used by one thread at a time.
class Subprocess {
 public:
  struct Options {
    std::vector<std::string> command;  // the path of the program first
    // "NAME=value", in addition to the environment of this process.
    std::vector<std::string> environment;
  };

  // Returns an error if the program can't be run.
  static absl::StatusOr<std::unique_ptr<Subprocess>> Start(
      const Options& options);

  Subprocess(const Subprocess&) = delete;
  Subprocess& operator=(const Subprocess&) = delete;

  pid_t pid() const { return program_->pid(); }

  // Returns the exit status, or 128 + the signal's number if a signal killed
  // the program; nullopt if the program still runs after `limit`.
  std::optional<int> Wait(absl::Duration limit) {
    return program_->Wait(limit);
  }

  // Sends a signal. Does nothing once Wait() has returned the exit status.
  void Signal(int signal) { program_->Signal(signal); }

  // Return what the program has printed so far.
  std::string standard_output() const;
  std::string standard_error() const;

 private:
  Subprocess() = default;

  passpersist::transport_internal::ScopedFd output_;  // memory
  passpersist::transport_internal::ScopedFd error_;
  std::unique_ptr<passpersist_tool::StartedProgram> program_;
};

// Returns the path of a program in PATH or in /usr/sbin, which is not in every
// user's PATH. Returns NotFound, naming the Debian package, if it is missing.
absl::StatusOr<std::string> FindProgram(absl::string_view name,
                                        absl::string_view package);

}  // namespace passpersist_testing

#endif  // TOOLS_E2E_SUBPROCESS_H_
