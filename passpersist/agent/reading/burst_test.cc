// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/reading/burst.h"

#include <cstdint>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"

namespace passpersist::internal {
namespace {

absl::Duration Ms(int milliseconds) { return absl::Milliseconds(milliseconds); }

TEST(BurstTest, TheFirstRequestBeginsABurst) {
  Burst burst;
  EXPECT_TRUE(burst.IsOver(Ms(0)));
  EXPECT_TRUE(burst.Add(Ms(0), {1}));
  EXPECT_FALSE(burst.IsOver(Ms(0)));
  EXPECT_FALSE(burst.Add(Ms(0), {2}));
}

TEST(BurstTest, APauseEndsABurst) {
  Burst burst;
  EXPECT_TRUE(burst.Add(Ms(0), {1}));
  EXPECT_FALSE(burst.Add(Ms(19), {2}));
  EXPECT_FALSE(burst.Add(Ms(38), {3}));
  burst.OnAnswer(Ms(38));
  EXPECT_TRUE(burst.IsOver(Ms(58)));
  EXPECT_TRUE(burst.Add(Ms(58), {4}));
}

// The time that an answer takes is not a pause: an update that ends meanwhile
// must not release the snapshots of the burst.
TEST(BurstTest, APauseBeginsWithTheAnswer) {
  Burst burst;
  EXPECT_TRUE(burst.Add(Ms(0), {1}));
  EXPECT_FALSE(burst.IsOver(Ms(100)));
  burst.OnAnswer(Ms(100));
  EXPECT_FALSE(burst.IsOver(Ms(119)));
  EXPECT_FALSE(burst.Add(Ms(119), {2}));
}

TEST(BurstTest, ABurstEndsWhenItsFirstNameIsAskedForAgain) {
  Burst burst;
  EXPECT_TRUE(burst.Add(Ms(0), {1}));
  EXPECT_FALSE(burst.Add(Ms(0), {2}));
  EXPECT_FALSE(burst.Add(Ms(0), {2}));
  EXPECT_TRUE(burst.Add(Ms(0), {1}));
  EXPECT_TRUE(burst.Add(Ms(0), {1}));
}

TEST(BurstTest, ABurstHasLimits) {
  Burst burst;
  EXPECT_TRUE(burst.Add(Ms(0), {1}));
  for (int now = 10; now < 250; now += 10) {
    EXPECT_FALSE(burst.Add(Ms(now), {2}));
  }
  EXPECT_TRUE(burst.Add(Ms(250), {2}));
  for (uint32_t i = 1; i < 2000; ++i) {
    EXPECT_FALSE(burst.Add(Ms(250), {3, i}));
  }
  EXPECT_TRUE(burst.Add(Ms(250), {3}));
}

TEST(BurstTest, AfterAPauseWithinAPduTheNextPduIsOneBurst) {
  Burst burst;
  EXPECT_TRUE(burst.Add(Ms(0), {1}));
  EXPECT_FALSE(burst.Add(Ms(0), {2}));
  EXPECT_TRUE(burst.Add(Ms(20), {3}));
  for (const int pause : {0, 0, 20, 0}) {
    const absl::Duration now = Ms(20 + pause);
    EXPECT_TRUE(burst.Add(now, {1}));
    EXPECT_FALSE(burst.Add(now, {2}));
    EXPECT_FALSE(burst.Add(now, {3}));
  }
}

TEST(BurstTest, AfterALimitWithinAPduTheNextPduIsOneBurst) {
  Burst burst;
  EXPECT_TRUE(burst.Add(Ms(0), {1}));
  for (uint32_t i = 2; i <= 2000; ++i) EXPECT_FALSE(burst.Add(Ms(0), {i}));
  EXPECT_TRUE(burst.Add(Ms(0), {2001}));
  EXPECT_FALSE(burst.Add(Ms(0), {2002}));
  EXPECT_TRUE(burst.Add(Ms(0), {1}));
  EXPECT_FALSE(burst.Add(Ms(0), {2001}));
}

TEST(BurstTest, ABurstEndsAfterHalfOfItsTimeWhileAWalkContinues) {
  Burst burst;
  EXPECT_TRUE(burst.Add(Ms(0), {1}));
  for (int now = 10; now < 125; now += 10) {
    EXPECT_FALSE(burst.Add(Ms(now), {2}));
    burst.OnWalk();
  }
  EXPECT_TRUE(burst.Add(Ms(125), {3}));
  for (int now = 130; now < 260; now += 10) {
    EXPECT_FALSE(burst.Add(Ms(now), {4}));
  }
  burst.OnWalk();
  EXPECT_TRUE(burst.Add(Ms(260), {5}));
}

TEST(BurstTest, EndEndsABurst) {
  Burst burst;
  EXPECT_TRUE(burst.Add(Ms(0), {1}));
  burst.OnAnswer(Ms(0));
  burst.End();
  EXPECT_TRUE(burst.IsOver(Ms(0)));
  EXPECT_TRUE(burst.Add(Ms(0), {2}));
}

}  // namespace
}  // namespace passpersist::internal
