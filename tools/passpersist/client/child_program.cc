// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/client/child_program.h"

#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "transport/posix/fd_transport.h"

namespace passpersist::tool {

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

ChildProgram::ChildProgram(std::unique_ptr<Subprocess> process)
    : process_(std::move(process)),
      pipes_(std::make_unique<Pipes>(process_->output_pipe().Release(),
                                     process_->input_pipe().Release())) {}

absl::StatusOr<std::unique_ptr<ChildProgram>> ChildProgram::Start(
    const std::vector<std::string>& command) {
  if (command.empty()) return absl::InvalidArgumentError("no program is given");
  Subprocess::Options options;
  options.command = command;
  options.input = Subprocess::Stream::kPipe;
  options.output = Subprocess::Stream::kPipe;
  options.memory_limit = 64 << 10;
  options.ignores_sigpipe = true;
  absl::StatusOr<std::unique_ptr<Subprocess>> process =
      Subprocess::Start(options);
  if (!process.ok()) return process.status();
  return std::unique_ptr<ChildProgram>(new ChildProgram(*std::move(process)));
}

ChildProgram::~ChildProgram() = default;

Transport& ChildProgram::transport() { return *pipes_; }

void ChildProgram::CloseInput() { pipes_->CloseWriter(); }

}  // namespace passpersist::tool
