// SPDX-License-Identifier: Apache-2.0

#include "tools/e2e/subprocess.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "tools/process/find_executable.h"

namespace passpersist_testing {

using passpersist::transport_internal::ScopedFd;
using passpersist_tool::StartedProgram;

namespace {

std::string Contents(const ScopedFd& memory) {
  struct stat status = {};
  fstat(memory.get(), &status);
  std::string contents(status.st_size, '\0');
  const ssize_t count = pread(memory.get(), &contents[0], contents.size(), 0);
  contents.resize(count < 0 ? 0 : count);
  return contents;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Subprocess>> Subprocess::Start(
    const Options& options) {
  std::unique_ptr<Subprocess> process(new Subprocess);
  const ScopedFd null(open("/dev/null", O_RDONLY | O_CLOEXEC));
  process->output_ = ScopedFd(memfd_create("stdout", MFD_CLOEXEC));
  process->error_ = ScopedFd(memfd_create("stderr", MFD_CLOEXEC));
  if (!null.valid() || !process->output_.valid() || !process->error_.valid()) {
    return absl::ErrnoToStatus(errno, "preparing a process");
  }
  StartedProgram::Options start;
  start.command = options.command;
  start.environment = options.environment;
  start.input = null.get();
  start.output = process->output_.get();
  start.error = process->error_.get();
  absl::StatusOr<std::unique_ptr<StartedProgram>> program =
      StartedProgram::Start(start);
  if (!program.ok()) return program.status();
  process->program_ = *std::move(program);
  return process;
}

std::string Subprocess::standard_output() const { return Contents(output_); }

std::string Subprocess::standard_error() const { return Contents(error_); }

absl::StatusOr<std::string> FindProgram(absl::string_view name,
                                        absl::string_view package) {
  const char* const path = std::getenv("PATH");
  const std::optional<std::string> program = passpersist_tool::FindExecutable(
      name, absl::StrCat(path == nullptr ? "" : path, ":/usr/bin:/usr/sbin"));
  if (program) return *program;
  return absl::NotFoundError(
      absl::StrCat(name, " is missing: install the Debian package \"", package,
                   "\" (tools/setup does so)"));
}

}  // namespace passpersist_testing
