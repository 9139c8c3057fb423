// SPDX-License-Identifier: Apache-2.0

#include "tools/process/subprocess.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tools/process/find_executable.h"

namespace passpersist::tool {

using transport_internal::ScopedFd;

namespace {

constexpr int kStandardFds = 3;  // 0, 1 and 2

// Searches a name without a '/' in PATH, as execvp(3) does.
absl::StatusOr<std::string> PathOf(const std::string& program) {
  if (absl::StrContains(program, '/')) return program;
  const char* const directories = std::getenv("PATH");
  const std::optional<std::string> path = FindExecutable(
      program, directories == nullptr ? "/bin:/usr/bin" : directories);
  if (path) return *path;
  return absl::NotFoundError(
      absl::StrCat("can't start ", program, ": not found in PATH"));
}

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
  int fds[kStandardFds];  // each is -1 or at least kStandardFds
  bool ignores_sigpipe;
  int error_pipe;  // receives the errno of a failure; execve(2) closes it
  pid_t parent;
};

// Executes the program in the forked process. Uses only calls that are safe
// after fork(2).
[[noreturn]] void Execute(const ProgramSpec& spec) {
  for (int i = 0; i < kStandardFds; ++i) {
    if (spec.fds[i] >= 0) dup2(spec.fds[i], i);
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

// Memory with a fixed limit: a program can't fill the machine's memory with it.
ScopedFd MakeMemory(size_t limit) {
  ScopedFd memory(memfd_create("output", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!memory.valid() ||
      ftruncate(memory.get(), static_cast<off_t>(limit)) != 0 ||
      fcntl(memory.get(), F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK) != 0) {
    return ScopedFd();
  }
  return memory;
}

// Opens a stream of the program: `here` stays in this process, `there` goes to
// the program, which writes to it if `is_output`. Both stay invalid if the
// stream is inherited. Returns false and sets errno if it can't be opened.
bool Open(Subprocess::Stream stream, bool is_output, size_t memory_limit,
          ScopedFd* here, ScopedFd* there) {
  ScopedFd end;
  switch (stream) {
    case Subprocess::Stream::kInherit:
      return true;
    case Subprocess::Stream::kNull:
      end = ScopedFd(open("/dev/null", O_RDWR | O_CLOEXEC));
      break;
    case Subprocess::Stream::kPipe: {
      int ends[2] = {-1, -1};
      if (pipe2(ends, O_CLOEXEC) != 0) return false;
      *here = ScopedFd(ends[is_output ? 0 : 1]);
      end = ScopedFd(ends[is_output ? 1 : 0]);
      break;
    }
    case Subprocess::Stream::kMemory:
      *here = MakeMemory(memory_limit);
      if (!here->valid()) return false;
      *there = CopyAboveStandardFds(here->get());
      return there->valid();
  }
  if (!end.valid()) return false;
  *there = CopyAboveStandardFds(end.get());
  return there->valid();
}

int ExitStatus(int wait_status) {
  return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status)
                                  : WEXITSTATUS(wait_status);
}

}  // namespace

Subprocess::Subprocess(const Options& options)
    : memory_limit_(options.memory_limit),
      streams_{options.input, options.output, options.error} {}

absl::StatusOr<std::unique_ptr<Subprocess>> Subprocess::Start(
    const Options& options) {
  std::vector<std::string> command = options.command;
  const absl::StatusOr<std::string> path = PathOf(command[0]);
  if (!path.ok()) return path.status();
  command[0] = *path;
  const std::string failed = absl::StrCat("can't start ", *path);
  const std::vector<std::string> environment = Environment(options.environment);
  const std::vector<char*> command_pointers = Pointers(command);
  const std::vector<char*> environment_pointers = Pointers(environment);
  ProgramSpec spec = {};
  spec.command = command_pointers.data();
  spec.environment = environment_pointers.data();
  spec.ignores_sigpipe = options.ignores_sigpipe;
  spec.parent = getpid();
  std::unique_ptr<Subprocess> program(new Subprocess(options));
  ScopedFd theirs[kStandardFds];
  for (int i = 0; i < kStandardFds; ++i) {
    if (!Open(program->streams_[i], /*is_output=*/i > 0, options.memory_limit,
              &program->ends_[i], &theirs[i])) {
      return absl::ErrnoToStatus(errno, failed);
    }
    spec.fds[i] = theirs[i].get();
  }
  ScopedFd error_pipe;
  ScopedFd error_pipe_end;
  if (!Open(Stream::kPipe, /*is_output=*/true, 0, &error_pipe,
            &error_pipe_end)) {
    return absl::ErrnoToStatus(errno, failed);
  }
  spec.error_pipe = error_pipe_end.get();

  const pid_t pid = fork();
  if (pid == 0) Execute(spec);
  if (pid < 0) return absl::ErrnoToStatus(errno, failed);
  // From here on, every return on an error kills the process.
  program->pid_ = pid;
  error_pipe_end = ScopedFd();
  const int number = AwaitError(error_pipe);
  if (number != 0) return absl::ErrnoToStatus(number, failed);
  absl::StatusOr<Process> process = Process::Open(pid);
  if (!process.ok()) return process.status();
  program->process_ = *std::move(process);
  return program;
}

Subprocess::~Subprocess() {
  if (exit_status_ || pid_ == 0) return;
  kill(pid_, SIGKILL);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

std::string Subprocess::Written(int stream) const {
  if (streams_[stream] != Stream::kMemory) return "";
  // The program's descriptor is a copy of this one, so both share the file
  // position, which is the end of what the program has written.
  const int memory = ends_[stream].get();
  const off_t end = lseek(memory, 0, SEEK_CUR);
  std::string text(std::clamp<off_t>(end, 0, memory_limit_), '\0');
  const ssize_t count = pread(memory, &text[0], text.size(), 0);
  text.resize(std::max<ssize_t>(count, 0));
  return text;
}

std::optional<int> Subprocess::Wait(absl::Duration limit) {
  int status = 0;
  if (!exit_status_ && process_.AwaitEnd(limit) &&
      waitpid(pid_, &status, WNOHANG) == pid_) {
    exit_status_ = ExitStatus(status);
  }
  return exit_status_;
}

}  // namespace passpersist::tool
