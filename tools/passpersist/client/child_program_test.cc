// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/client/child_program.h"

#include <signal.h>
#include <sys/stat.h>

#include <cerrno>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"
#include "tools/process/testing/wait.h"
#include "transport/testing/scoped_temp_dir.h"

namespace passpersist::tool {
namespace {

using passpersist_testing::IsOk;
using passpersist_testing::kTimeout;
using passpersist_testing::StatusIs;
using testing::HasSubstr;
using testing::SizeIs;

std::unique_ptr<ChildProgram> Start(std::vector<std::string> command) {
  absl::StatusOr<std::unique_ptr<ChildProgram>> program =
      ChildProgram::Start(command);
  EXPECT_THAT(program, IsOk());
  return *std::move(program);
}

std::unique_ptr<ChildProgram> StartShell(const std::string& script) {
  return Start({"/bin/sh", "-c", script});
}

// Reads the program's output to its end.
std::string ReadAll(ChildProgram& program) {
  std::string bytes;
  while (program.transport().Read(&bytes, kTimeout).value_or(0) > 0) {
  }
  return bytes;
}

TEST(ChildProgramTest, CarriesBytesBothWays) {
  const auto program = Start({"/bin/cat"});
  EXPECT_THAT(program->transport().Write("PING\n"), IsOk());
  std::string bytes;
  EXPECT_EQ(program->transport().Read(&bytes, kTimeout).value_or(0), 5u);
  EXPECT_EQ(bytes, "PING\n");
}

TEST(ChildProgramTest, OutputAfterTheEndOfTheInputIsRead) {
  const auto program = StartShell("cat; echo end");
  EXPECT_THAT(program->transport().Write("begin\n"), IsOk());
  program->CloseInput();
  EXPECT_EQ(ReadAll(*program), "begin\nend\n");
  EXPECT_THAT(
      program->transport().Write("more"),
      StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("closed")));
}

TEST(ChildProgramTest, KeepsTheBeginningOfStandardError) {
  const auto program = StartShell("echo trouble >&2; echo; read line");
  std::string bytes;
  EXPECT_THAT(program->transport().Read(&bytes, kTimeout), IsOk());
  EXPECT_EQ(program->standard_error(), "trouble\n");
  const auto talker =
      StartShell("head -c 100000 /dev/zero >&2; echo end; read line");
  EXPECT_THAT(talker->transport().Read(&bytes, kTimeout), IsOk());
  EXPECT_THAT(talker->standard_error(), SizeIs(64 << 10));
}

TEST(ChildProgramTest, IgnoresSigpipeAndHasNoOtherDescriptors) {
  // SIGPIPE is signal 13: bit 12. The last descriptor is that of ls itself.
  const auto program =
      StartShell("grep SigIgn /proc/self/status; ls /proc/self/fd");
  const std::string printed = ReadAll(*program);
  EXPECT_THAT(printed, testing::ContainsRegex("SigIgn:\t[0-9a-f]*[13579bdf]..."
                                              "\n0\n1\n2\n3\n$"));
}

// snmpd can't start such a script either: it starts programs without a shell.
TEST(ChildProgramTest, ScriptMustNameItsInterpreter) {
  const passpersist_testing::ScopedTempDir directory;
  std::ofstream("agent") << "echo hello\n";
  ASSERT_EQ(chmod("agent", 0700), 0);
  EXPECT_THAT(ChildProgram::Start({"./agent"}),
              StatusIs(absl::StatusCode::kUnknown,
                       HasSubstr("can't start ./agent: Exec format error")));
  std::ofstream("agent") << "#!/bin/sh\necho hello\n";
  EXPECT_EQ(ReadAll(*Start({"./agent"})), "hello\n");
}

TEST(ChildProgramTest, LeavesNoProcessBehind) {
  auto program = Start({"/bin/sleep", "1000"});
  const pid_t pid = program->pid();
  EXPECT_EQ(kill(pid, 0), 0);
  program.reset();
  EXPECT_EQ(kill(pid, 0), -1);
  EXPECT_EQ(errno, ESRCH);
}

TEST(ChildProgramTest, NamesTheProgramThatCanNotBeStarted) {
  EXPECT_THAT(ChildProgram::Start({"/no/such/program"}),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("can't start /no/such/program")));
  EXPECT_THAT(ChildProgram::Start({"no-such-program"}),
              StatusIs(absl::StatusCode::kNotFound,
                       "can't start no-such-program: not found in PATH"));
  EXPECT_THAT(ChildProgram::Start({"/"}),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("/")));
  EXPECT_THAT(
      ChildProgram::Start({}),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("no program")));
}

}  // namespace
}  // namespace passpersist::tool
