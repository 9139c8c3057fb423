// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/command/interrupt_scope.h"

#include <signal.h>
#include <unistd.h>

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "passpersist/testing/thread_shortage.h"

namespace passpersist::tool {
namespace {

TEST(InterruptScopeTest, CallsTheFunctionInsteadOfEndingTheProcess) {
  for (const int signal : {SIGINT, SIGTERM}) {
    absl::Notification called;
    InterruptScope scope([&called] { called.Notify(); });
    EXPECT_FALSE(scope.interrupted());
    ASSERT_EQ(kill(getpid(), signal), 0);
    called.WaitForNotification();
    EXPECT_TRUE(scope.interrupted());
    EXPECT_TRUE(scope.Await(absl::InfiniteDuration()));
  }
}

TEST(InterruptScopeTest, WaitsNoLongerThanTheLimit) {
  InterruptScope scope([] {});
  EXPECT_FALSE(scope.Await(absl::Milliseconds(1)));
}

TEST(InterruptScopeTest, TheDestructorRestoresTheSignals) {
  {
    InterruptScope scope([] {});
  }
  EXPECT_EXIT(
      {
        kill(getpid(), SIGINT);
        pause();
      },
      testing::KilledBySignal(SIGINT), "");
}

TEST(InterruptScopeTest, LetsSignalsEndTheProcessIfThereIsNoThreadLeft) {
  const passpersist_testing::ThreadShortage shortage;
  InterruptScope scope([] {});
  EXPECT_FALSE(scope.Await(absl::ZeroDuration()));
  EXPECT_EXIT(
      {
        kill(getpid(), SIGINT);
        pause();
      },
      testing::KilledBySignal(SIGINT), "");
}

}  // namespace
}  // namespace passpersist::tool
