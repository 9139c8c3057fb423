// SPDX-License-Identifier: Apache-2.0

#include "tools/e2e/subprocess.h"

#include <signal.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/e2e/process.h"
#include "tools/e2e/wait.h"

namespace passpersist_testing {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

std::unique_ptr<Subprocess> Start(std::vector<std::string> command) {
  absl::StatusOr<std::unique_ptr<Subprocess>> process =
      Subprocess::Start({std::move(command), {"GREETING=hello"}});
  EXPECT_TRUE(process.ok()) << process.status();
  return *std::move(process);
}

std::unique_ptr<Subprocess> StartShell(const std::string& script) {
  return Start({"/bin/sh", "-c", script});
}

TEST(SubprocessTest, KeepsOutputErrorsAndExitStatusApart) {
  const auto process = StartShell("echo out; echo err >&2; exit 3");
  EXPECT_EQ(process->Wait(kTimeout), 3);
  EXPECT_EQ(process->standard_output(), "out\n");
  EXPECT_EQ(process->standard_error(), "err\n");
}

TEST(SubprocessTest, PassesArgumentsUnchanged) {
  const auto process =
      Start({"/usr/bin/printf", "%s,", "two words", "$HOME", ""});
  EXPECT_EQ(process->Wait(kTimeout), 0);
  EXPECT_EQ(process->standard_output(), "two words,$HOME,,");
}

TEST(SubprocessTest, AddsToTheEnvironment) {
  const auto process = StartShell("echo $GREETING; test -n \"$PATH\"");
  EXPECT_EQ(process->Wait(kTimeout), 0);
  EXPECT_EQ(process->standard_output(), "hello\n");
}

TEST(SubprocessTest, ProgramNeverWaitsForAReader) {
  const auto process = StartShell("head -c 1000000 /dev/zero");
  EXPECT_EQ(process->Wait(kTimeout), 0);
  EXPECT_THAT(process->standard_output(), SizeIs(1'000'000));
}

TEST(SubprocessTest, WaitsNoLongerThanTheLimit) {
  const auto process = Start({"/bin/sleep", "1000"});
  EXPECT_EQ(process->Wait(absl::Milliseconds(20)), std::nullopt);
  process->Signal(SIGTERM);
  EXPECT_EQ(process->Wait(kTimeout), 128 + SIGTERM);
}

TEST(SubprocessTest, TheDestructorLeavesNoProcess) {
  auto process = Start({"/bin/sleep", "1000"});
  const absl::StatusOr<Process> same = Process::Open(process->pid());
  ASSERT_TRUE(same.ok()) << same.status();
  EXPECT_FALSE(same->AwaitEnd(absl::ZeroDuration()));
  process.reset();
  EXPECT_TRUE(same->AwaitEnd());
}

TEST(SubprocessTest, ReportsThatAProgramCanNotBeRun) {
  const auto process = Subprocess::Start({{"/no/such/program"}, {}});
  EXPECT_THAT(process.status().message(), HasSubstr("/no/such/program"));
}

TEST(FindProgramTest, NamesThePackageToInstall) {
  EXPECT_TRUE(FindProgram("sh", "dash").ok());
  EXPECT_THAT(FindProgram("snmpfrobnicate", "snmp").status().message(),
              HasSubstr("snmpfrobnicate is missing: install the Debian package "
                        "\"snmp\""));
}

TEST(ProcessTest, FindsTheChildrenThatRun) {
  const auto parent = StartShell("sleep 1000 & sleep 1000 & sleep 0; wait");
  EXPECT_TRUE(
      Eventually([&] { return RunningChildren(parent->pid()).size() == 2; }));
  for (const Process& child : RunningChildren(parent->pid())) {
    child.Signal(SIGKILL);
    EXPECT_TRUE(child.AwaitEnd());
  }
  EXPECT_EQ(parent->Wait(kTimeout), 0);
}

TEST(ProcessTest, DetectsAStoppedProcess) {
  const auto process = Start({"/bin/sleep", "1000"});
  const absl::StatusOr<Process> same = Process::Open(process->pid());
  ASSERT_TRUE(same.ok()) << same.status();
  EXPECT_FALSE(same->AwaitStop(absl::ZeroDuration()));
  same->Signal(SIGSTOP);
  EXPECT_TRUE(same->AwaitStop());
}

}  // namespace
}  // namespace passpersist_testing
