#include "passpersist/agent/repeat_filter.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace passpersist::internal {
namespace {

constexpr absl::Duration kStart = absl::Hours(100);
constexpr absl::Duration kMoment = absl::Nanoseconds(1);

TEST(RepeatFilterTest, LetsEveryLinePassOnce) {
  RepeatFilter filter;
  EXPECT_TRUE(filter.LetsPass("a", kStart));
  EXPECT_TRUE(filter.LetsPass("b", kStart));
  EXPECT_TRUE(filter.LetsPass("", kStart));
}

TEST(RepeatFilterTest, HoldsBackALineThatWasLetPassWithinTheLastHour) {
  RepeatFilter filter;
  EXPECT_TRUE(filter.LetsPass("a", kStart));
  EXPECT_FALSE(filter.LetsPass("a", kStart));
  EXPECT_FALSE(filter.LetsPass("a", kStart + RepeatFilter::kSilence - kMoment));
  EXPECT_TRUE(filter.LetsPass("a", kStart + RepeatFilter::kSilence));
}

TEST(RepeatFilterTest, CountsTheHourFromWhenALineLastPassed) {
  RepeatFilter filter;
  EXPECT_TRUE(filter.LetsPass("a", kStart));
  // Held back, so it doesn't count.
  EXPECT_FALSE(filter.LetsPass("a", kStart + absl::Minutes(59)));
  EXPECT_TRUE(filter.LetsPass("a", kStart + absl::Minutes(60)));
  EXPECT_FALSE(filter.LetsPass("a", kStart + absl::Minutes(119)));
  EXPECT_TRUE(filter.LetsPass("a", kStart + absl::Minutes(120)));
}

TEST(RepeatFilterTest, ForgetsEverythingWhenThereAreTooManyLines) {
  RepeatFilter filter;
  for (size_t i = 0; i < RepeatFilter::kMaxLines; ++i) {
    EXPECT_TRUE(filter.LetsPass(absl::StrCat("line ", i), kStart));
  }
  EXPECT_FALSE(filter.LetsPass("line 0", kStart));
  EXPECT_TRUE(filter.LetsPass("one more", kStart));
  EXPECT_TRUE(filter.LetsPass("line 0", kStart));
  EXPECT_FALSE(filter.LetsPass("one more", kStart));
}

}  // namespace
}  // namespace passpersist::internal
