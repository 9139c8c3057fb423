// SPDX-License-Identifier: Apache-2.0

#include "tools/process/started_program.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"
#include "transport/posix/scoped_fd.h"
#include "transport/testing/scoped_temp_dir.h"

namespace passpersist_tool {
namespace {

using passpersist::transport_internal::ScopedFd;
using passpersist_testing::IsOk;
using passpersist_testing::ScopedTempDir;
using passpersist_testing::StatusIs;
using testing::ContainsRegex;
using testing::HasSubstr;

// A test waits so long only if the program is broken.
constexpr absl::Duration kTimeout = absl::Seconds(60);

std::unique_ptr<StartedProgram> Start(const StartedProgram::Options& options) {
  absl::StatusOr<std::unique_ptr<StartedProgram>> program =
      StartedProgram::Start(options);
  EXPECT_THAT(program, IsOk());
  return *std::move(program);
}

StartedProgram::Options Shell(const std::string& script) {
  StartedProgram::Options options;
  options.command = {"/bin/sh", "-c", script};
  return options;
}

ScopedFd OpenFile(const std::string& path) {
  return ScopedFd(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
}

std::string Contents(const std::string& path) {
  std::ostringstream contents;
  contents << std::ifstream(path).rdbuf();
  return contents.str();
}

// Runs a program and returns its output; the program may fail.
std::string Output(StartedProgram::Options options) {
  const ScopedFd output = OpenFile("output");
  options.output = output.get();
  EXPECT_TRUE(Start(options)->Wait(kTimeout).has_value());
  return Contents("output");
}

TEST(StartedProgramTest, HasTheGivenDescriptors) {
  const ScopedTempDir directory;
  std::ofstream("input") << "hello\n";
  const ScopedFd input = OpenFile("input");
  const ScopedFd output = OpenFile("output");
  const ScopedFd error = OpenFile("error");
  StartedProgram::Options options = Shell("cat; echo trouble >&2");
  options.input = input.get();
  options.output = output.get();
  options.error = error.get();
  EXPECT_EQ(Start(options)->Wait(kTimeout), 0);
  EXPECT_EQ(Contents("output"), "hello\n");
  EXPECT_EQ(Contents("error"), "trouble\n");
}

TEST(StartedProgramTest, HasNoOtherDescriptors) {
  const ScopedTempDir directory;
  const ScopedFd inherited(open("/dev/null", O_RDONLY));  // without O_CLOEXEC
  // The last one is that of ls itself.
  EXPECT_EQ(Output(Shell("ls /proc/self/fd")), "0\n1\n2\n3\n");
}

// As if this process was started with "program <&- >&- 2>&-".
TEST(StartedProgramTest, WorksIfStandardDescriptorsAreClosedHere) {
  const ScopedTempDir directory;
  std::ofstream("input") << "hello\n";
  std::array<ScopedFd, 3> kept;
  for (int fd = 0; fd < 3; ++fd) {
    kept[fd] = ScopedFd(fcntl(fd, F_DUPFD_CLOEXEC, 10));
    close(fd);
  }
  // Each descriptor gets another number in the program.
  ScopedFd output = OpenFile("output");
  ScopedFd error = OpenFile("error");
  ScopedFd input = OpenFile("input");
  EXPECT_EQ(output.get(), 0);
  EXPECT_EQ(error.get(), 1);
  EXPECT_EQ(input.get(), 2);
  StartedProgram::Options options = Shell("cat; echo trouble >&2");
  options.input = input.get();
  options.output = output.get();
  options.error = error.get();
  EXPECT_EQ(Start(options)->Wait(kTimeout), 0);
  EXPECT_EQ(Contents("output"), "hello\n");
  EXPECT_EQ(Contents("error"), "trouble\n");
  // The pipe that reports a failed start works, too.
  for (ScopedFd* const fd : {&output, &error, &input}) *fd = ScopedFd();
  options.command = {"/no/such/program"};
  options.input = options.output = options.error = kept[0].get();
  EXPECT_THAT(StartedProgram::Start(options),
              StatusIs(absl::StatusCode::kNotFound, testing::_));
  for (int fd = 0; fd < 3; ++fd) EXPECT_EQ(dup2(kept[fd].get(), fd), fd);
}

TEST(StartedProgramTest, PassesArgumentsUnchanged) {
  const ScopedTempDir directory;
  StartedProgram::Options options;
  options.command = {"/usr/bin/printf", "%s,", "two words", "$HOME", ""};
  EXPECT_EQ(Output(options), "two words,$HOME,,");
}

TEST(StartedProgramTest, ReplacesOrAddsVariables) {
  const ScopedTempDir directory;
  setenv("GREETING", "hello", /*replace=*/1);
  setenv("GREETINGS", "many", /*replace=*/1);
  StartedProgram::Options options =
      Shell("echo $GREETING $GREETINGS $NEW; env | grep -c ^GREETING=");
  EXPECT_EQ(Output(options), "hello many\n1\n");
  options.environment = {"GREETING=good day", "NEW=things=more"};
  EXPECT_EQ(Output(options), "good day many things=more\n1\n");
}

TEST(StartedProgramTest, IgnoresSigpipeWithTheOption) {
  const ScopedTempDir directory;
  // SIGPIPE is signal 13: bit 12.
  StartedProgram::Options options = Shell("grep SigIgn /proc/self/status");
  constexpr char kIgnored[] = "SigIgn:\t[0-9a-f]*[13579bdf]...\n";
  EXPECT_THAT(Output(options), testing::Not(ContainsRegex(kIgnored)));
  options.ignores_sigpipe = true;
  EXPECT_THAT(Output(options), ContainsRegex(kIgnored));
}

TEST(StartedProgramTest, ReturnsTheExitStatus) {
  const auto exited = Start(Shell("exit 3"));
  EXPECT_EQ(exited->Wait(absl::InfiniteDuration()), 3);
  EXPECT_EQ(exited->Wait(absl::ZeroDuration()), 3);
  EXPECT_EQ(Start(Shell("kill -TERM $$"))->Wait(kTimeout), 128 + SIGTERM);
}

TEST(StartedProgramTest, WaitsNoLongerThanTheLimit) {
  const auto program = Start(Shell("exec sleep 1000"));
  EXPECT_EQ(program->Wait(absl::Microseconds(20)), std::nullopt);
  EXPECT_EQ(program->Wait(-absl::InfiniteDuration()), std::nullopt);
  program->Signal(SIGTERM);
  EXPECT_EQ(program->Wait(kTimeout), 128 + SIGTERM);
  program->Signal(SIGTERM);  // does nothing
}

TEST(StartedProgramTest, TheDestructorLeavesNoProcess) {
  auto program = Start(Shell("exec sleep 1000"));
  const pid_t pid = program->pid();
  EXPECT_EQ(kill(pid, 0), 0);
  program.reset();
  EXPECT_EQ(kill(pid, 0), -1);
  EXPECT_EQ(errno, ESRCH);
}

TEST(StartedProgramTest, NamesTheProgramThatCanNotBeRun) {
  StartedProgram::Options options;
  options.command = {"/no/such/program"};
  EXPECT_THAT(StartedProgram::Start(options),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("can't start /no/such/program")));
  options.command = {"/"};
  EXPECT_THAT(
      StartedProgram::Start(options),
      StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("start /")));
  options.command = {"/bin/true"};
  options.output = 1'000'000;  // not open
  EXPECT_THAT(StartedProgram::Start(options),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("can't start /bin/true")));
}

TEST(StartedProgramTest, AFailedStartLeavesNoProcess) {
  StartedProgram::Options options;
  options.command = {"/no/such/program"};
  EXPECT_FALSE(StartedProgram::Start(options).ok());
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

}  // namespace
}  // namespace passpersist_tool
