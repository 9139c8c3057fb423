#include "tools/passpersist/child_program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "transport/fd_transport.h"

namespace passpersist {
namespace {

constexpr size_t kMaxStandardError = 64 << 10;

std::vector<char*> Pointers(const std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (const std::string& string : strings) {
    pointers.push_back(const_cast<char*>(string.c_str()));
  }
  pointers.push_back(nullptr);
  return pointers;
}

// Memory that can't grow beyond a limit: no thread has to empty it, and nobody
// can fill all of it.
internal::ScopedFd MakeBoundedMemory() {
  internal::ScopedFd memory(
      memfd_create("stderr", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!memory.valid() || ftruncate(memory.get(), kMaxStandardError) != 0 ||
      fcntl(memory.get(), F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK) != 0) {
    return internal::ScopedFd();
  }
  return memory;
}

struct Pipe {
  bool Open() {
    int ends[2] = {-1, -1};
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    read_end = internal::ScopedFd(ends[0]);
    write_end = internal::ScopedFd(ends[1]);
    return true;
  }

  internal::ScopedFd read_end;
  internal::ScopedFd write_end;
};

// What the child does. Only calls that are safe after fork(2). All descriptors
// but the first three are closed by execvp(3).
[[noreturn]] void Become(char* const* command, int input, int output, int error,
                         int trouble, pid_t parent) {
  dup2(input, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  if (error >= 0) dup2(error, STDERR_FILENO);
  close_range(STDERR_FILENO + 1, ~0u, CLOSE_RANGE_CLOEXEC);
  signal(SIGPIPE, SIG_IGN);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(EXIT_FAILURE);  // it was too late for that
  execvp(command[0], command);
  const int number = errno;
  (void)!write(trouble, &number, sizeof(number));
  _exit(EXIT_FAILURE);
}

}  // namespace

// Both directions, of which one can be closed alone. A request is one write(2),
// as from snmpd, which waits if it must; interruptible ones come in pieces.
class ChildProgram::Pipes : public Transport {
 public:
  Pipes(int from_program, int to_program)
      : reader_(from_program, from_program),
        writer_(std::make_unique<FdTransport>(
            to_program, to_program, FdTransport::Waiting::kBlocking)) {}

  absl::StatusOr<size_t> Read(std::string* buffer,
                              absl::Duration timeout) override {
    return reader_.Read(buffer, timeout);
  }

  absl::Status Write(absl::string_view bytes) override {
    if (writer_ != nullptr) return writer_->Write(bytes);
    return absl::FailedPreconditionError("the program's input was closed");
  }

  void Shutdown() override {
    reader_.Shutdown();
    if (writer_ != nullptr) writer_->Shutdown();
  }

  void CloseWriter() { writer_.reset(); }

 private:
  FdTransport reader_;
  std::unique_ptr<FdTransport> writer_;
};

ChildProgram::ChildProgram() = default;

absl::StatusOr<std::unique_ptr<ChildProgram>> ChildProgram::Start(
    const std::vector<std::string>& command, StandardError standard_error) {
  if (command.empty()) return absl::InvalidArgumentError("no program is given");
  const std::vector<char*> pointers = Pointers(command);
  std::unique_ptr<ChildProgram> program(new ChildProgram);
  Pipe in;
  Pipe out;
  Pipe trouble;  // closed by a successful execvp(3)
  if (!in.Open() || !out.Open() || !trouble.Open()) {
    return absl::ErrnoToStatus(errno, "preparing a process");
  }
  if (standard_error == StandardError::kKeep) {
    program->error_ = MakeBoundedMemory();
    if (!program->error_.valid()) {
      return absl::ErrnoToStatus(errno, "preparing memory");
    }
  }

  const pid_t parent = getpid();
  program->pid_ = fork();
  if (program->pid_ == 0) {
    Become(pointers.data(), in.read_end.get(), out.write_end.get(),
           program->error_.get(), trouble.write_end.get(), parent);
  }
  if (program->pid_ < 0) return absl::ErrnoToStatus(errno, "fork");
  trouble.write_end = internal::ScopedFd();
  int number = 0;
  if (read(trouble.read_end.get(), &number, sizeof(number)) > 0) {
    return absl::ErrnoToStatus(number,
                               absl::StrCat("can't start ", command[0]));
  }
  program->process_ = internal::ScopedFd(
      static_cast<int>(syscall(SYS_pidfd_open, program->pid_, 0)));
  if (!program->process_.valid()) {
    return absl::ErrnoToStatus(errno, "pidfd_open");
  }
  program->pipes_ =
      std::make_unique<Pipes>(out.read_end.Release(), in.write_end.Release());
  return program;
}

ChildProgram::~ChildProgram() {
  pipes_.reset();
  if (pid_ <= 0 || exit_status_) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

Transport& ChildProgram::transport() { return *pipes_; }

void ChildProgram::CloseInput() { pipes_->CloseWriter(); }

std::optional<int> ChildProgram::Wait(absl::Duration limit) {
  if (exit_status_) return exit_status_;
  struct pollfd end = {process_.get(), POLLIN, 0};
  const absl::Duration bounded = std::min(limit, absl::Hours(24));
  poll(&end, 1, static_cast<int>(absl::ToInt64Milliseconds(bounded)));
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) == pid_) {
    exit_status_ =
        WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }
  return exit_status_;
}

std::string ChildProgram::standard_error() const {
  if (!error_.valid()) return "";
  // The program's descriptor is a copy of this one, and so is its place.
  const off_t end = lseek(error_.get(), 0, SEEK_CUR);
  std::string text(std::clamp<off_t>(end, 0, kMaxStandardError), '\0');
  const ssize_t count = pread(error_.get(), &text[0], text.size(), 0);
  text.resize(std::max<ssize_t>(count, 0));
  return text;
}

}  // namespace passpersist
