// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/text/quantity_text.h"

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace passpersist::tool {
namespace {

TEST(QuantityTextTest, DurationsHaveASuitableUnit) {
  EXPECT_EQ(DurationText(absl::ZeroDuration()), "0s");
  EXPECT_EQ(DurationText(absl::Nanoseconds(850)), "850ns");
  EXPECT_EQ(DurationText(absl::Nanoseconds(12'345)), "12.3us");
  EXPECT_EQ(DurationText(absl::Microseconds(1200)), "1.20ms");
  EXPECT_EQ(DurationText(absl::Milliseconds(250)), "250ms");
  EXPECT_EQ(DurationText(absl::Milliseconds(5432)), "5.43s");
  EXPECT_EQ(DurationText(absl::Seconds(125)), "2m05s");
  EXPECT_EQ(DurationText(absl::Minutes(187)), "3h07m");
  EXPECT_EQ(DurationText(absl::Hours(99)), "4d03h");
  EXPECT_EQ(DurationText(absl::Seconds(-5)), "-5.00s");
  EXPECT_EQ(DurationText(absl::InfiniteDuration()), "inf");
}

TEST(QuantityTextTest, RoundingNeverAddsAFourthDigit) {
  EXPECT_EQ(DurationText(absl::Nanoseconds(9'996)), "10.0us");
  EXPECT_EQ(DurationText(absl::Nanoseconds(99'960)), "100us");
  EXPECT_EQ(DurationText(absl::Nanoseconds(999'900)), "1.00ms");
  EXPECT_EQ(DurationText(absl::Microseconds(999'900)), "1.00s");
  EXPECT_EQ(BytesText(999'900), "1.00 MB");
}

TEST(QuantityTextTest, ByteUnitsArePowersOfAThousand) {
  EXPECT_EQ(BytesText(0), "0 B");
  EXPECT_EQ(BytesText(999), "999 B");
  EXPECT_EQ(BytesText(12'345), "12.3 kB");
  EXPECT_EQ(BytesText(1'200'000'000), "1.20 GB");
  EXPECT_EQ(BytesText(5'000'000'000'000'000), "5000 TB");
}

TEST(QuantityTextTest, Instances) {
  EXPECT_EQ(InstancesText(0), "0 instances");
  EXPECT_EQ(InstancesText(1), "1 instance");
  EXPECT_EQ(InstancesText(300), "300 instances");
}

TEST(QuantityTextTest, Rates) {
  EXPECT_EQ(RateText(0), "0");
  EXPECT_EQ(RateText(0.25), "0.25");
  EXPECT_EQ(RateText(12.34), "12.3");
  EXPECT_EQ(RateText(4567.8), "4568");
}

}  // namespace
}  // namespace passpersist::tool
