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
#include "passpersist/clock.h"

namespace passpersist {
namespace {

using transport_internal::ScopedFd;

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

// This process's environment with `additions` in the place of what has the same
// names.
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

// What a process needs to become the program.
struct Layout {
  char* const* command;
  char* const* environment;
  std::array<int, kStandardFds> fds;  // none of them below kStandardFds but -1
  bool ignores_sigpipe;
  int trouble;  // is told the errno of what fails; closed by execve(2)
  pid_t parent;
};

// Only calls that are safe after fork(2).
[[noreturn]] void Become(const Layout& plan) {
  for (size_t i = 0; i < kStandardFds; ++i) {
    if (plan.fds[i] >= 0) dup2(plan.fds[i], static_cast<int>(i));
  }
  close_range(kStandardFds, ~0u, CLOSE_RANGE_CLOEXEC);
  if (plan.ignores_sigpipe) signal(SIGPIPE, SIG_IGN);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != plan.parent) _exit(EXIT_FAILURE);  // it was too late
  execve(plan.command[0], plan.command, plan.environment);
  const int number = errno;
  (void)!write(plan.trouble, &number, sizeof(number));
  _exit(EXIT_FAILURE);
}

// A copy that is in nobody's way: where this process has closed its own 0, its
// next pipe has that number.
ScopedFd Above(int fd) {
  return ScopedFd(fcntl(fd, F_DUPFD_CLOEXEC, kStandardFds));
}

// What Become() has to tell: 0 if the program runs.
int AwaitTrouble(const ScopedFd& trouble) {
  int number = 0;
  while (read(trouble.get(), &number, sizeof(number)) < 0 && errno == EINTR) {
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
  const ScopedFd trouble(ends[0]);
  ScopedFd trouble_end = Above(ScopedFd(ends[1]).get());
  if (!trouble_end.valid()) return absl::ErrnoToStatus(errno, failed);
  Layout plan = {
      command_pointers.data(), environment_pointers.data(), {-1, -1, -1},
      options.ignores_sigpipe, trouble_end.get(),           getpid()};
  std::array<ScopedFd, kStandardFds> copies;
  const int fds[] = {options.input, options.output, options.error};
  for (size_t i = 0; i < kStandardFds; ++i) {
    if (fds[i] < 0) continue;
    copies[i] = Above(fds[i]);
    if (!copies[i].valid()) return absl::ErrnoToStatus(errno, failed);
    plan.fds[i] = copies[i].get();
  }

  const pid_t pid = fork();
  if (pid == 0) Become(plan);
  if (pid < 0) return absl::ErrnoToStatus(errno, failed);
  // Every way out of here ends the process.
  std::unique_ptr<StartedProgram> program(new StartedProgram(pid));
  trouble_end = ScopedFd();
  const int number = AwaitTrouble(trouble);
  if (number != 0) return absl::ErrnoToStatus(number, failed);
  // By number, since glibc has this call only from 2.36 on.
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
    // A signal ends a wait early, and infinity is no timespec.
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

}  // namespace passpersist
