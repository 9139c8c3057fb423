// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/sets/setter_locks.h"

#include <memory>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "passpersist/agent/calls/waker.h"
#include "passpersist/setter.h"
#include "passpersist/testing/fake_setter.h"
#include "passpersist/testing/simulated_clock.h"

namespace passpersist::internal {
namespace {

using Outcome = SetterLocks::Outcome;

class SetterLocksTest : public testing::Test {
 protected:
  Outcome Acquire(const std::vector<Setter*>& setters) {
    return locks_.Acquire(setters, waker_);
  }

  passpersist_testing::FakeSetter::Log log_;
  passpersist_testing::FakeSetter a_{&log_};
  passpersist_testing::FakeSetter b_{&log_};
  passpersist_testing::SimulatedClock clock_;
  const std::shared_ptr<Waker> waker_ =
      std::make_shared<Waker>(&clock_, nullptr);
  SetterLocks locks_;
};

TEST_F(SetterLocksTest, HoldsASetterForOneTransaction) {
  EXPECT_EQ(Acquire({&a_, &a_}), Outcome::kAcquired);
  EXPECT_EQ(Acquire({&a_}), Outcome::kBusy);
  EXPECT_EQ(Acquire({&b_}), Outcome::kAcquired);
  locks_.Release(std::vector<Setter*>{&a_, &a_});
  waker_->WaitUntil(absl::InfiniteDuration());
  EXPECT_EQ(Acquire({&a_}), Outcome::kAcquired);
}

TEST_F(SetterLocksTest, AcquiresAllOrNone) {
  EXPECT_EQ(Acquire({&a_}), Outcome::kAcquired);
  EXPECT_EQ(Acquire({&b_, &a_}), Outcome::kBusy);
  EXPECT_EQ(Acquire({&b_}), Outcome::kAcquired);
}

TEST_F(SetterLocksTest, RunsATaskWhileItHoldsTheSetters) {
  std::vector<int> ran;
  const auto task = [&](int number) {
    return [this, &ran, number] {
      EXPECT_EQ(Acquire({&a_}), Outcome::kBusy);
      ran.push_back(number);
    };
  };
  locks_.Run(std::vector<Setter*>{&a_}, task(1));
  EXPECT_EQ(ran, (std::vector<int>{1}));

  EXPECT_EQ(Acquire({&b_}), Outcome::kAcquired);
  locks_.Run(std::vector<Setter*>{&a_, &b_}, task(2));
  locks_.Run(std::vector<Setter*>{&a_, &b_}, task(3));
  EXPECT_EQ(ran.size(), 1u);
  locks_.Release(std::vector<Setter*>{&b_});
  EXPECT_EQ(ran, (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(Acquire({&a_, &b_}), Outcome::kAcquired);
}

TEST_F(SetterLocksTest, TellsThatASetterIsLate) {
  EXPECT_EQ(Acquire({&a_}), Outcome::kAcquired);
  EXPECT_EQ(Acquire({&a_}), Outcome::kBusy);
  locks_.SetLate(std::vector<Setter*>{&a_});
  waker_->WaitUntil(absl::InfiniteDuration());
  EXPECT_EQ(Acquire({&a_}), Outcome::kLate);
  locks_.Release(std::vector<Setter*>{&a_});
  EXPECT_EQ(Acquire({&a_}), Outcome::kAcquired);
}

}  // namespace
}  // namespace passpersist::internal
