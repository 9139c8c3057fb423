// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/client/child_program.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tools/process/find_executable.h"
#include "transport/posix/fd_transport.h"

namespace passpersist_tool {

using passpersist::FdTransport;
using passpersist::Transport;

namespace {

constexpr size_t kMaxStandardError = 64 << 10;

// Memory with a fixed size limit: no thread has to drain it, and a program
// can't fill the machine's memory with it.
passpersist::transport_internal::ScopedFd MakeBoundedMemory() {
  passpersist::transport_internal::ScopedFd memory(
      memfd_create("stderr", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!memory.valid() || ftruncate(memory.get(), kMaxStandardError) != 0 ||
      fcntl(memory.get(), F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK) != 0) {
    return passpersist::transport_internal::ScopedFd();
  }
  return memory;
}

struct Pipe {
  bool Open() {
    int ends[2] = {-1, -1};
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    read_end = passpersist::transport_internal::ScopedFd(ends[0]);
    write_end = passpersist::transport_internal::ScopedFd(ends[1]);
    return true;
  }

  passpersist::transport_internal::ScopedFd read_end;
  passpersist::transport_internal::ScopedFd write_end;
};

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

}  // namespace

// Both pipes; the one to the program can be closed alone. A request is one
// blocking write(2), as from snmpd; an interruptible write could split it.
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
  const absl::StatusOr<std::string> path = PathOf(command[0]);
  if (!path.ok()) return path.status();
  std::unique_ptr<ChildProgram> child(new ChildProgram);
  Pipe in;
  Pipe out;
  if (!in.Open() || !out.Open()) {
    return absl::ErrnoToStatus(errno, "preparing a process");
  }
  if (standard_error == StandardError::kKeep) {
    child->error_ = MakeBoundedMemory();
    if (!child->error_.valid()) {
      return absl::ErrnoToStatus(errno, "preparing memory");
    }
  }
  StartedProgram::Options start;
  start.command = command;
  start.command[0] = *path;
  start.input = in.read_end.get();
  start.output = out.write_end.get();
  start.error = child->error_.get();
  start.ignores_sigpipe = true;
  absl::StatusOr<std::unique_ptr<StartedProgram>> program =
      StartedProgram::Start(start);
  if (!program.ok()) return program.status();
  child->program_ = *std::move(program);
  child->pipes_ =
      std::make_unique<Pipes>(out.read_end.Release(), in.write_end.Release());
  return child;
}

ChildProgram::~ChildProgram() = default;

Transport& ChildProgram::transport() { return *pipes_; }

void ChildProgram::CloseInput() { pipes_->CloseWriter(); }

std::string ChildProgram::standard_error() const {
  if (!error_.valid()) return "";
  // The program's descriptor is a copy of this one, so both share the file
  // position, which is the end of what the program has written.
  const off_t end = lseek(error_.get(), 0, SEEK_CUR);
  std::string text(std::clamp<off_t>(end, 0, kMaxStandardError), '\0');
  const ssize_t count = pread(error_.get(), &text[0], text.size(), 0);
  text.resize(std::max<ssize_t>(count, 0));
  return text;
}

}  // namespace passpersist_tool
