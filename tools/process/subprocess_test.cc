// SPDX-License-Identifier: Apache-2.0

#include "tools/process/subprocess.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"
#include "tools/process/testing/wait.h"
#include "transport/posix/scoped_fd.h"

namespace passpersist::tool {
namespace {

using passpersist_testing::IsOk;
using passpersist_testing::kTimeout;
using passpersist_testing::StatusIs;
using testing::ContainsRegex;
using testing::HasSubstr;
using transport_internal::ScopedFd;

std::unique_ptr<Subprocess> Start(const Subprocess::Options& options) {
  absl::StatusOr<std::unique_ptr<Subprocess>> program =
      Subprocess::Start(options);
  EXPECT_THAT(program, IsOk());
  return *std::move(program);
}

Subprocess::Options Shell(const std::string& script) {
  Subprocess::Options options;
  options.command = {"/bin/sh", "-c", script};
  return options;
}

// Runs a program and returns its output; the program may fail.
std::string Output(const Subprocess::Options& options) {
  const std::unique_ptr<Subprocess> program = Start(options);
  EXPECT_TRUE(program->Wait(kTimeout).has_value());
  return program->standard_output();
}

void Write(absl::string_view bytes, ScopedFd pipe) {
  EXPECT_EQ(write(pipe.get(), bytes.data(), bytes.size()),
            static_cast<ssize_t>(bytes.size()));
}

TEST(SubprocessTest, KeepsOutputAndErrorsApart) {
  const auto program = Start(Shell("cat; echo out; echo trouble >&2"));
  EXPECT_EQ(program->Wait(kTimeout), 0);
  EXPECT_EQ(program->standard_output(), "out\n");
  EXPECT_EQ(program->standard_error(), "trouble\n");
}

TEST(SubprocessTest, CarriesBytesThroughPipes) {
  Subprocess::Options options = Shell("cat; echo trouble >&2");
  options.input = Subprocess::Stream::kPipe;
  options.output = Subprocess::Stream::kPipe;
  const auto program = Start(options);
  Write("hello\n", std::move(program->input_pipe()));
  EXPECT_EQ(program->Wait(kTimeout), 0);
  char bytes[10];
  ASSERT_EQ(read(program->output_pipe().get(), bytes, sizeof(bytes)), 6);
  EXPECT_EQ(std::string(bytes, 6), "hello\n");
  EXPECT_EQ(program->standard_output(), "");
  EXPECT_EQ(program->standard_error(), "trouble\n");
}

TEST(SubprocessTest, InheritsDescriptorsWithTheOption) {
  const auto program = [](Subprocess::Stream stream) {
    Subprocess::Options options = Shell("stat -Lc %i /proc/self/fd/2");
    options.error = stream;
    return Output(options);
  };
  struct stat own = {};
  ASSERT_EQ(fstat(STDERR_FILENO, &own), 0);
  EXPECT_EQ(program(Subprocess::Stream::kInherit),
            absl::StrCat(own.st_ino, "\n"));
  EXPECT_NE(program(Subprocess::Stream::kMemory),
            absl::StrCat(own.st_ino, "\n"));
}

TEST(SubprocessTest, HasNoOtherDescriptors) {
  const ScopedFd inherited(open("/dev/null", O_RDONLY));  // without O_CLOEXEC
  // The last one is that of ls itself.
  EXPECT_EQ(Output(Shell("ls /proc/self/fd")), "0\n1\n2\n3\n");
}

TEST(SubprocessTest, NeverWaitsForAReaderOfMemory) {
  EXPECT_EQ(Output(Shell("head -c 1000000 /dev/zero")).size(), 1'000'000u);
}

TEST(SubprocessTest, KeepsNoMoreBytesThanTheLimit) {
  Subprocess::Options options = Shell("head -c 100000 /dev/zero");
  options.memory_limit = 64 << 10;
  const auto program = Start(options);
  EXPECT_EQ(program->Wait(kTimeout), 1);  // the write has failed
  EXPECT_EQ(program->standard_output().size(), size_t{64 << 10});
}

// As if this process was started with "program <&- >&- 2>&-".
TEST(SubprocessTest, WorksIfStandardDescriptorsAreClosedHere) {
  std::array<ScopedFd, 3> kept;
  for (int fd = 0; fd < 3; ++fd) {
    kept[fd] = ScopedFd(fcntl(fd, F_DUPFD_CLOEXEC, 10));
    close(fd);
  }
  Subprocess::Options options = Shell("cat; echo trouble >&2");
  options.input = Subprocess::Stream::kPipe;
  const auto program = Start(options);
  EXPECT_LT(program->input_pipe().get(), 3);
  Write("hello\n", std::move(program->input_pipe()));
  EXPECT_EQ(program->Wait(kTimeout), 0);
  EXPECT_EQ(program->standard_output(), "hello\n");
  EXPECT_EQ(program->standard_error(), "trouble\n");
  // The pipe that reports a failed start works, too.
  options.command = {"/no/such/program"};
  EXPECT_THAT(Subprocess::Start(options),
              StatusIs(absl::StatusCode::kNotFound, testing::_));
  for (int fd = 0; fd < 3; ++fd) EXPECT_EQ(dup2(kept[fd].get(), fd), fd);
}

TEST(SubprocessTest, PassesArgumentsUnchanged) {
  Subprocess::Options options;
  options.command = {"printf", "%s,", "two words", "$HOME", ""};
  EXPECT_EQ(Output(options), "two words,$HOME,,");
}

TEST(SubprocessTest, ReplacesOrAddsVariables) {
  setenv("GREETING", "hello", /*replace=*/1);
  setenv("GREETINGS", "many", /*replace=*/1);
  Subprocess::Options options =
      Shell("echo $GREETING $GREETINGS $NEW; env | grep -c ^GREETING=");
  EXPECT_EQ(Output(options), "hello many\n1\n");
  options.environment = {"GREETING=good day", "NEW=things=more"};
  EXPECT_EQ(Output(options), "good day many things=more\n1\n");
}

TEST(SubprocessTest, IgnoresSigpipeWithTheOption) {
  // SIGPIPE is signal 13: bit 12.
  Subprocess::Options options = Shell("grep SigIgn /proc/self/status");
  constexpr char kIgnored[] = "SigIgn:\t[0-9a-f]*[13579bdf]...\n";
  EXPECT_THAT(Output(options), testing::Not(ContainsRegex(kIgnored)));
  options.ignores_sigpipe = true;
  EXPECT_THAT(Output(options), ContainsRegex(kIgnored));
}

TEST(SubprocessTest, ReturnsTheExitStatus) {
  const auto exited = Start(Shell("exit 3"));
  EXPECT_EQ(exited->Wait(absl::InfiniteDuration()), 3);
  EXPECT_EQ(exited->Wait(absl::ZeroDuration()), 3);
  EXPECT_EQ(Start(Shell("kill -TERM $$"))->Wait(kTimeout), 128 + SIGTERM);
}

TEST(SubprocessTest, WaitsNoLongerThanTheLimit) {
  const auto program = Start(Shell("exec sleep 1000"));
  EXPECT_EQ(program->Wait(absl::Microseconds(20)), std::nullopt);
  EXPECT_EQ(program->Wait(-absl::InfiniteDuration()), std::nullopt);
  program->Signal(SIGTERM);
  EXPECT_EQ(program->Wait(kTimeout), 128 + SIGTERM);
  program->Signal(SIGTERM);  // does nothing
}

TEST(SubprocessTest, TheDestructorLeavesNoProcess) {
  auto program = Start(Shell("exec sleep 1000"));
  const pid_t pid = program->pid();
  EXPECT_EQ(kill(pid, 0), 0);
  program.reset();
  EXPECT_EQ(kill(pid, 0), -1);
  EXPECT_EQ(errno, ESRCH);
}

TEST(SubprocessTest, NamesTheProgramThatCanNotBeRun) {
  Subprocess::Options options;
  options.command = {"/no/such/program"};
  EXPECT_THAT(Subprocess::Start(options),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("can't start /no/such/program")));
  options.command = {"/"};
  EXPECT_THAT(
      Subprocess::Start(options),
      StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("start /")));
  options.command = {"no-such-program"};
  EXPECT_THAT(Subprocess::Start(options),
              StatusIs(absl::StatusCode::kNotFound,
                       "can't start no-such-program: not found in PATH"));
}

TEST(SubprocessTest, AFailedStartLeavesNoProcess) {
  Subprocess::Options options;
  options.command = {"/no/such/program"};
  EXPECT_FALSE(Subprocess::Start(options).ok());
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

}  // namespace
}  // namespace passpersist::tool
