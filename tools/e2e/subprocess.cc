#include "tools/e2e/subprocess.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tools/e2e/wait.h"

namespace passpersist_testing {
namespace {

std::vector<char*> Pointers(const std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (const std::string& string : strings) {
    pointers.push_back(const_cast<char*>(string.c_str()));
  }
  pointers.push_back(nullptr);
  return pointers;
}

std::string NameOf(absl::string_view variable) {
  return std::string(variable.substr(0, variable.find('=')));
}

// This process's environment with `additions` in the place of what has the same
// names.
std::vector<std::string> Environment(
    const std::vector<std::string>& additions) {
  std::vector<std::string> environment = additions;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    bool replaced = false;
    for (const std::string& addition : additions) {
      replaced = replaced || NameOf(*variable) == NameOf(addition);
    }
    if (!replaced) environment.emplace_back(*variable);
  }
  return environment;
}

std::string Contents(int memory) {
  struct stat status = {};
  fstat(memory, &status);
  std::string contents(status.st_size, '\0');
  const ssize_t count = pread(memory, &contents[0], contents.size(), 0);
  contents.resize(count < 0 ? 0 : count);
  return contents;
}

// What the child does. Only calls that are safe after fork(2).
[[noreturn]] void Become(char* const* command, char* const* environment,
                         int output, int error, int trouble, pid_t parent) {
  const int null = open("/dev/null", O_RDONLY);
  dup2(null, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(error, STDERR_FILENO);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(EXIT_FAILURE);  // it was too late for that
  execve(command[0], command, environment);
  const int number = errno;
  (void)!write(trouble, &number, sizeof(number));
  _exit(EXIT_FAILURE);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Subprocess>> Subprocess::Start(
    const Options& options) {
  const std::vector<std::string> environment = Environment(options.environment);
  const std::vector<char*> command_pointers = Pointers(options.command);
  const std::vector<char*> environment_pointers = Pointers(environment);
  std::unique_ptr<Subprocess> process(new Subprocess);
  process->output_ = memfd_create("stdout", MFD_CLOEXEC);
  process->error_ = memfd_create("stderr", MFD_CLOEXEC);
  int trouble[2] = {-1, -1};  // closed by a successful execve(2)
  if (process->output_ < 0 || process->error_ < 0 ||
      pipe2(trouble, O_CLOEXEC) != 0) {
    return absl::ErrnoToStatus(errno, "preparing a process");
  }
  const pid_t parent = getpid();
  process->pid_ = fork();
  if (process->pid_ == 0) {
    Become(command_pointers.data(), environment_pointers.data(),
           process->output_, process->error_, trouble[1], parent);
  }
  const int fork_errno = errno;
  close(trouble[1]);
  int number = 0;
  const ssize_t count = read(trouble[0], &number, sizeof(number));
  close(trouble[0]);
  if (process->pid_ < 0) return absl::ErrnoToStatus(fork_errno, "fork");
  if (count == 0) return process;
  return absl::ErrnoToStatus(number, options.command[0]);
}

Subprocess::~Subprocess() {
  if (pid_ > 0 && !Wait(absl::ZeroDuration())) {
    Signal(SIGKILL);
    Wait(absl::InfiniteDuration());
  }
  if (output_ >= 0) close(output_);
  if (error_ >= 0) close(error_);
}

std::optional<int> Subprocess::Wait(absl::Duration limit) {
  Eventually(
      [&] {
        int status = 0;
        if (exit_status_ || waitpid(pid_, &status, WNOHANG) != pid_) {
          return exit_status_.has_value();
        }
        exit_status_ =
            WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        return true;
      },
      limit);
  return exit_status_;
}

void Subprocess::Signal(int signal) {
  if (!exit_status_) kill(pid_, signal);
}

std::string Subprocess::standard_output() const { return Contents(output_); }

std::string Subprocess::standard_error() const { return Contents(error_); }

absl::StatusOr<std::string> FindProgram(absl::string_view name,
                                        absl::string_view package) {
  const char* const path = std::getenv("PATH");
  const std::string folders =
      absl::StrCat(path == nullptr ? "" : path, ":/usr/bin:/usr/sbin");
  for (absl::string_view folder : absl::StrSplit(folders, ':')) {
    std::string program = absl::StrCat(folder, "/", name);
    if (access(program.c_str(), X_OK) == 0) return program;
  }
  return absl::NotFoundError(
      absl::StrCat(name, " is missing: install the Debian package \"", package,
                   "\" (tools/setup does so)"));
}

}  // namespace passpersist_testing
