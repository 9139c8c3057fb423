// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/waiting_budget.h"

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace passpersist::internal {
namespace {

constexpr absl::Duration kLimit = absl::Milliseconds(500);

absl::Duration Ms(int milliseconds) { return absl::Milliseconds(milliseconds); }

TEST(WaitingBudgetTest, IsFullAtFirst) {
  const WaitingBudget budget(kLimit);
  EXPECT_EQ(budget.Remaining(Ms(0), Ms(0)), kLimit);
  EXPECT_EQ(budget.Remaining(Ms(0), Ms(50)), Ms(550));
  EXPECT_EQ(budget.Remaining(absl::Hours(1), Ms(0)), kLimit);
}

TEST(WaitingBudgetTest, SharesTheLimitAmongTheWaitsOfASecond) {
  WaitingBudget budget(kLimit);
  budget.Spend(Ms(1000), Ms(1200));
  EXPECT_EQ(budget.Remaining(Ms(1200), Ms(0)), Ms(300));
  budget.Spend(Ms(1300), Ms(1301));
  budget.Spend(Ms(1301), Ms(1302));
  EXPECT_EQ(budget.Remaining(Ms(1302), Ms(0)), Ms(298));
  budget.Spend(Ms(1500), Ms(1900));
  EXPECT_EQ(budget.Remaining(Ms(1900), Ms(0)), Ms(0));
  EXPECT_EQ(budget.Remaining(Ms(1900), Ms(50)), Ms(0));
}

TEST(WaitingBudgetTest, IsFullAfterASecondWithoutAWait) {
  WaitingBudget budget(kLimit);
  budget.Spend(Ms(1000), Ms(1500));
  EXPECT_EQ(budget.Remaining(Ms(2449), Ms(0)), Ms(0));
  EXPECT_EQ(budget.Remaining(Ms(2500), Ms(0)), kLimit);
  EXPECT_EQ(budget.Remaining(absl::Hours(100), Ms(0)), kLimit);
}

TEST(WaitingBudgetTest, AllowsHalfOfTheTimeInALongRun) {
  WaitingBudget budget(kLimit);
  absl::Duration now;
  absl::Duration spent;
  for (; now < absl::Seconds(60); now += Ms(1)) {
    if (budget.Remaining(now, Ms(0)) >= Ms(1)) {
      budget.Spend(now, now + Ms(1));
      spent += Ms(1);
    }
  }
  EXPECT_GE(spent, absl::Seconds(29));
  EXPECT_LE(spent, absl::Seconds(33));
}

TEST(WaitingBudgetTest, MayBeInfinite) {
  WaitingBudget budget(absl::InfiniteDuration());
  budget.Spend(Ms(0), absl::Hours(1));
  EXPECT_EQ(budget.Remaining(absl::Hours(1), Ms(0)), absl::InfiniteDuration());
}

}  // namespace
}  // namespace passpersist::internal
