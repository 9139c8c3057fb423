// SPDX-License-Identifier: Apache-2.0

#include "passpersist/monitoring/latency_histogram.h"

#include <cstdint>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace passpersist {
namespace {

using testing::AllOf;
using testing::Ge;
using testing::Le;

TEST(LatencyHistogramTest, IsEmptyAtFirst) {
  const LatencyHistogram histogram;
  EXPECT_EQ(histogram.count(), 0u);
  EXPECT_EQ(histogram.total(), absl::ZeroDuration());
  EXPECT_EQ(histogram.Mean(), absl::ZeroDuration());
  EXPECT_EQ(histogram.max(), absl::ZeroDuration());
  EXPECT_EQ(histogram.Percentile(0.5), absl::ZeroDuration());
}

TEST(LatencyHistogramTest, CountsWhatSeveralThreadsAddAndAnotherReads) {
  constexpr int kThreads = 4;
  constexpr int kAdds = 5000;
  LatencyHistogram histogram;
  std::vector<std::thread> threads;
  for (int i = 1; i <= kThreads; ++i) {
    threads.emplace_back([&histogram, i] {
      for (int n = 0; n < kAdds; ++n) histogram.Add(absl::Microseconds(i));
    });
  }
  const LatencyHistogram during = histogram;
  EXPECT_LE(during.count(), uint64_t{kThreads} * kAdds);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(histogram.count(), uint64_t{kThreads} * kAdds);
  EXPECT_EQ(histogram.total(), kAdds * absl::Microseconds(1 + 2 + 3 + 4));
  EXPECT_EQ(histogram.max(), absl::Microseconds(4));
}

TEST(LatencyHistogramTest, CountTotalMeanAndMaxAreExact) {
  LatencyHistogram histogram;
  histogram.Add(absl::Microseconds(1));
  histogram.Add(absl::Microseconds(2));
  histogram.Add(absl::Microseconds(6));
  EXPECT_EQ(histogram.count(), 3u);
  EXPECT_EQ(histogram.total(), absl::Microseconds(9));
  EXPECT_EQ(histogram.Mean(), absl::Microseconds(3));
  EXPECT_EQ(histogram.max(), absl::Microseconds(6));
  EXPECT_EQ(histogram.Percentile(1), absl::Microseconds(6));
}

TEST(LatencyHistogramTest, APercentileCoversItsFractionOfAllDurations) {
  LatencyHistogram histogram;
  for (int i = 0; i < 90; ++i) histogram.Add(absl::Nanoseconds(3));
  for (int i = 0; i < 9; ++i) histogram.Add(absl::Microseconds(1));
  histogram.Add(absl::Milliseconds(1));
  EXPECT_EQ(histogram.Percentile(0), absl::Nanoseconds(3));
  EXPECT_EQ(histogram.Percentile(0.9), absl::Nanoseconds(3));
  EXPECT_EQ(histogram.Percentile(0.91), absl::Nanoseconds(1023));
  EXPECT_EQ(histogram.Percentile(0.99), absl::Nanoseconds(1023));
  EXPECT_EQ(histogram.Percentile(0.999), absl::Milliseconds(1));
}

// Each duration in turn is the smaller of two, so it is the median.
TEST(LatencyHistogramTest, APercentileIsAtMostAQuarterTooHigh) {
  absl::Duration duration = absl::Nanoseconds(1);
  while (duration < absl::Minutes(59)) {
    LatencyHistogram histogram;
    histogram.Add(duration);
    histogram.Add(absl::Hours(1));
    EXPECT_THAT(histogram.Percentile(0.5),
                AllOf(Ge(duration), Le(duration * 1.25)))
        << duration;
    duration = absl::Trunc(duration * 1.07 + absl::Nanoseconds(1),
                           absl::Nanoseconds(1));
  }
}

TEST(LatencyHistogramTest, ADurationOutOfRangeCountsAsTheNearestBound) {
  LatencyHistogram histogram;
  histogram.Add(-absl::Seconds(1));
  EXPECT_EQ(histogram.Percentile(1), absl::ZeroDuration());
  histogram.Add(absl::InfiniteDuration());
  EXPECT_EQ(histogram.max(), absl::Hours(1));
  EXPECT_EQ(histogram.Percentile(1), absl::Hours(1));
  EXPECT_EQ(histogram.total(), absl::Hours(1));
}

}  // namespace
}  // namespace passpersist
