// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/errors/log_deduplicator.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace passpersist::internal {
namespace {

constexpr absl::Duration kStart = absl::Hours(100);
constexpr absl::Duration kMoment = absl::Nanoseconds(1);

TEST(LogDeduplicatorTest, LogsEveryLineOnce) {
  LogDeduplicator filter;
  EXPECT_TRUE(filter.ShouldLog("a", kStart));
  EXPECT_TRUE(filter.ShouldLog("b", kStart));
  EXPECT_TRUE(filter.ShouldLog("", kStart));
}

TEST(LogDeduplicatorTest, SuppressesALineThatWasLoggedWithinTheLastHour) {
  LogDeduplicator filter;
  EXPECT_TRUE(filter.ShouldLog("a", kStart));
  EXPECT_FALSE(filter.ShouldLog("a", kStart));
  EXPECT_FALSE(
      filter.ShouldLog("a", kStart + LogDeduplicator::kInterval - kMoment));
  EXPECT_TRUE(filter.ShouldLog("a", kStart + LogDeduplicator::kInterval));
}

TEST(LogDeduplicatorTest, CountsTheHourSinceALineWasLastLogged) {
  LogDeduplicator filter;
  EXPECT_TRUE(filter.ShouldLog("a", kStart));
  // Suppressed, so it does not restart the hour.
  EXPECT_FALSE(filter.ShouldLog("a", kStart + absl::Minutes(59)));
  EXPECT_TRUE(filter.ShouldLog("a", kStart + absl::Minutes(60)));
  EXPECT_FALSE(filter.ShouldLog("a", kStart + absl::Minutes(119)));
  EXPECT_TRUE(filter.ShouldLog("a", kStart + absl::Minutes(120)));
}

TEST(LogDeduplicatorTest, ForgetsEverythingWhenThereAreTooManyLines) {
  LogDeduplicator filter;
  for (size_t i = 0; i < LogDeduplicator::kMaxLines; ++i) {
    EXPECT_TRUE(filter.ShouldLog(absl::StrCat("line ", i), kStart));
  }
  EXPECT_FALSE(filter.ShouldLog("line 0", kStart));
  EXPECT_TRUE(filter.ShouldLog("one more", kStart));
  EXPECT_TRUE(filter.ShouldLog("line 0", kStart));
  EXPECT_FALSE(filter.ShouldLog("one more", kStart));
}

}  // namespace
}  // namespace passpersist::internal
