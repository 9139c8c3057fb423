// SPDX-License-Identifier: Apache-2.0

#include "tools/process/testing/process_state.h"

#include <signal.h>

#include <memory>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tools/process/process.h"
#include "tools/process/subprocess.h"
#include "tools/process/testing/wait.h"

namespace passpersist_testing {
namespace {

using passpersist::tool::Process;
using passpersist::tool::Subprocess;

TEST(RunningChildrenTest, FindsTheChildrenThatRun) {
  const std::unique_ptr<Subprocess> parent =
      Subprocess::Start(
          {{"/bin/sh", "-c", "sleep 1000 & sleep 1000 & sleep 0; wait"}, {}})
          .value();
  EXPECT_TRUE(
      Eventually([&] { return RunningChildren(parent->pid()).size() == 2; }));
  for (const Process& child : RunningChildren(parent->pid())) {
    child.Signal(SIGKILL);
    EXPECT_TRUE(child.AwaitEnd(kTimeout));
  }
  EXPECT_EQ(parent->Wait(kTimeout), 0);
}

TEST(AwaitStopTest, DetectsAStoppedProcess) {
  const std::unique_ptr<Subprocess> program =
      Subprocess::Start({{"/bin/sleep", "1000"}, {}}).value();
  const Process same = Process::Open(program->pid()).value();
  EXPECT_FALSE(AwaitStop(same, absl::ZeroDuration()));
  same.Signal(SIGSTOP);
  EXPECT_TRUE(AwaitStop(same));
}

}  // namespace
}  // namespace passpersist_testing
