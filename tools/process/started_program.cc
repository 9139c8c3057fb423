// SPDX-License-Identifier: Apache-2.0

#include "tools/process/started_program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <ctime>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "passpersist/monotonic_clock.h"

namespace passpersist_tool {

using passpersist::MonotonicClock;

namespace {

using passpersist::transport_internal::ScopedFd;

constexpr size_t kStandardFds = 3;  // 0, 1 and 2

std::vector<char*> Pointers(const std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (const std::string& string : strings) {
    pointers.push_back(const_cast<char*>(string.c_str()));
  }
  pointers.push_back(nullptr);
  return pointers;
}

absl::string_view NameOf(absl::string_view variable) {
  return variable.substr(0, variable.find('='));
}

// Returns this process's environment with `additions`, which replace variables
// of the same names.
std::vector<std::string> Environment(
    const std::vector<std::string>& additions) {
  std::vector<std::string> environment = additions;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const bool replaced = std::any_of(
        additions.begin(), additions.end(), [&](const std::string& addition) {
          return NameOf(*variable) == NameOf(addition);
        });
    if (!replaced) environment.emplace_back(*variable);
  }
  return environment;
}

// What the forked process needs to execute the program.
struct ProgramSpec {
  char* const* command;
  char* const* environment;
  std::array<int, kStandardFds> fds;  // each is -1 or at least kStandardFds
  bool ignores_sigpipe;
  int error_pipe;  // receives the errno of a failure; execve(2) closes it
  pid_t parent;
};

// Executes the program in the forked process. Uses only calls that are safe
// after fork(2).
[[noreturn]] void Execute(const ProgramSpec& spec) {
  for (size_t i = 0; i < kStandardFds; ++i) {
    if (spec.fds[i] >= 0) dup2(spec.fds[i], static_cast<int>(i));
  }
  close_range(kStandardFds, ~0u, CLOSE_RANGE_CLOEXEC);
  if (spec.ignores_sigpipe) signal(SIGPIPE, SIG_IGN);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != spec.parent)
    _exit(EXIT_FAILURE);  // it has ended before prctl()
  execve(spec.command[0], spec.command, spec.environment);
  const int number = errno;
  (void)!write(spec.error_pipe, &number, sizeof(number));
  _exit(EXIT_FAILURE);
}

// Copies `fd` to a number of at least kStandardFds, so that dup2(2) in
// Execute() doesn't overwrite it. If this process has closed its descriptor 0,
// its next pipe has that number.
ScopedFd CopyAboveStandardFds(int fd) {
  return ScopedFd(fcntl(fd, F_DUPFD_CLOEXEC, kStandardFds));
}

// Waits until Execute() succeeds or fails. Returns the errno of the failure; 0
// if the program runs.
int AwaitError(const ScopedFd& error_pipe) {
  int number = 0;
  while (read(error_pipe.get(), &number, sizeof(number)) < 0 &&
         errno == EINTR) {
  }
  return number;
}

int ExitStatus(int wait_status) {
  return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status)
                                  : WEXITSTATUS(wait_status);
}

}  // namespace

absl::StatusOr<std::unique_ptr<StartedProgram>> StartedProgram::Start(
    const Options& options) {
  const std::string failed = absl::StrCat("can't start ", options.command[0]);
  const std::vector<std::string> environment = Environment(options.environment);
  const std::vector<char*> command_pointers = Pointers(options.command);
  const std::vector<char*> environment_pointers = Pointers(environment);
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) != 0) return absl::ErrnoToStatus(errno, failed);
  const ScopedFd error_pipe(ends[0]);
  ScopedFd error_pipe_end = CopyAboveStandardFds(ScopedFd(ends[1]).get());
  if (!error_pipe_end.valid()) return absl::ErrnoToStatus(errno, failed);
  ProgramSpec spec = {
      command_pointers.data(), environment_pointers.data(), {-1, -1, -1},
      options.ignores_sigpipe, error_pipe_end.get(),        getpid()};
  std::array<ScopedFd, kStandardFds> copies;
  const int fds[] = {options.input, options.output, options.error};
  for (size_t i = 0; i < kStandardFds; ++i) {
    if (fds[i] < 0) continue;
    copies[i] = CopyAboveStandardFds(fds[i]);
    if (!copies[i].valid()) return absl::ErrnoToStatus(errno, failed);
    spec.fds[i] = copies[i].get();
  }

  const pid_t pid = fork();
  if (pid == 0) Execute(spec);
  if (pid < 0) return absl::ErrnoToStatus(errno, failed);
  // From here on, every return on an error kills the process.
  std::unique_ptr<StartedProgram> program(new StartedProgram(pid));
  error_pipe_end = ScopedFd();
  const int number = AwaitError(error_pipe);
  if (number != 0) return absl::ErrnoToStatus(number, failed);
  // Called by number, since glibc has pidfd_open() only from 2.36 on.
  program->process_ =
      ScopedFd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (!program->process_.valid()) return absl::ErrnoToStatus(errno, failed);
  return program;
}

StartedProgram::~StartedProgram() {
  if (exit_status_) return;
  kill(pid_, SIGKILL);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

std::optional<int> StartedProgram::Wait(absl::Duration limit) {
  if (exit_status_) return exit_status_;
  const MonotonicClock clock;
  const absl::Duration deadline = clock.Now() + limit;
  struct pollfd end = {process_.get(), POLLIN, 0};
  absl::Duration left = limit;
  do {
    // A signal ends ppoll() early, so it is repeated. A timespec can't hold an
    // infinite duration, so one wait is limited.
    const struct timespec bounded = absl::ToTimespec(
        std::clamp(left, absl::ZeroDuration(), absl::Hours(24)));
    if (ppoll(&end, 1, &bounded, nullptr) == 1) break;
    left = deadline - clock.Now();
  } while (left > absl::ZeroDuration());
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) == pid_) {
    exit_status_ = ExitStatus(status);
  }
  return exit_status_;
}

void StartedProgram::Signal(int signal) {
  if (!exit_status_) kill(pid_, signal);
}

}  // namespace passpersist_tool
