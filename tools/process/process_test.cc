// SPDX-License-Identifier: Apache-2.0

#include "tools/process/process.h"

#include <signal.h>
#include <unistd.h>

#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"
#include "tools/process/subprocess.h"
#include "tools/process/testing/wait.h"

namespace passpersist::tool {
namespace {

using passpersist_testing::kTimeout;
using passpersist_testing::StatusIs;

TEST(ProcessTest, WaitsForAProcessThatWasNotStartedHere) {
  const Process parent = Process::Open(getppid()).value();
  EXPECT_EQ(parent.pid(), getppid());
  EXPECT_FALSE(parent.AwaitEnd(absl::Milliseconds(1)));
}

TEST(ProcessTest, CopiesReferToTheSameProcess) {
  std::unique_ptr<Subprocess> program =
      Subprocess::Start({{"/bin/sleep", "1000"}, {}}).value();
  const Process process = Process::Open(program->pid()).value();
  const Process copy = process;
  EXPECT_FALSE(copy.AwaitEnd(-absl::InfiniteDuration()));
  process.Signal(SIGTERM);
  EXPECT_TRUE(copy.AwaitEnd(absl::InfiniteDuration()));
  program.reset();
  EXPECT_TRUE(process.AwaitEnd(kTimeout));
  process.Signal(SIGTERM);  // does nothing
}

TEST(ProcessTest, TheDefaultHasEnded) {
  Process().Signal(SIGTERM);  // does nothing
  EXPECT_TRUE(Process().AwaitEnd(absl::ZeroDuration()));
}

TEST(ProcessTest, NamesAProcessThatDoesNotExist) {
  EXPECT_THAT(Process::Open(1 << 30),
              StatusIs(absl::StatusCode::kNotFound,
                       "process 1073741824: No such process"));
}

}  // namespace
}  // namespace passpersist::tool
