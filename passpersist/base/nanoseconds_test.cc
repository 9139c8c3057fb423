// SPDX-License-Identifier: Apache-2.0

#include "passpersist/base/nanoseconds.h"

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace passpersist::internal {
namespace {

constexpr absl::Duration kInfinite = absl::InfiniteDuration();

TEST(NanosecondsTest, AddAndCompareLikeDurations) {
  const Nanoseconds second = absl::Seconds(1);
  EXPECT_EQ(second.count(), 1'000'000'000);
  EXPECT_EQ(second + absl::Milliseconds(5), absl::Milliseconds(1005));
  EXPECT_EQ(second - absl::Seconds(3), absl::Seconds(-2));
  EXPECT_EQ((second - absl::Nanoseconds(1)).ToDuration(),
            absl::Nanoseconds(999'999'999));
  EXPECT_LT(second, absl::Seconds(2));
  EXPECT_GE(second, Nanoseconds::Milliseconds(1000));
  EXPECT_GT(second, Nanoseconds());
}

TEST(NanosecondsTest, AreInfiniteLikeDurations) {
  const Nanoseconds infinite = Nanoseconds::Infinite();
  EXPECT_EQ(Nanoseconds(kInfinite), infinite);
  EXPECT_EQ(infinite.ToDuration(), kInfinite);
  EXPECT_EQ(infinite + absl::Seconds(1), infinite);
  EXPECT_EQ(infinite - absl::Seconds(1), infinite);
  EXPECT_EQ(Nanoseconds(absl::Seconds(1)) + infinite, infinite);
  EXPECT_GT(infinite, absl::Hours(24 * 365 * 100));
  EXPECT_EQ(Nanoseconds(absl::Seconds(1)) - Nanoseconds(-kInfinite), infinite);
  EXPECT_EQ(Nanoseconds(-kInfinite).ToDuration(), -kInfinite);
  EXPECT_EQ(Nanoseconds(-kInfinite) - absl::Seconds(1),
            Nanoseconds(-kInfinite));
}

}  // namespace
}  // namespace passpersist::internal
