// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/sys_up_time_reader.h"

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/error_log.h"
#include "passpersist/testing/simulated_clock.h"

namespace passpersist::internal {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Ge;
using testing::IsEmpty;
using testing::Le;

class FakeSysUpTime : public SysUpTime {
 public:
  absl::StatusOr<absl::Time> Zero() override { return zero; }

  absl::StatusOr<absl::Time> zero = absl::UnixEpoch();
};

class SysUpTimeReaderTest : public testing::Test {
 protected:
  // The result of Zero() is the time 5 s ago.
  static void ExpectFiveSecondsAgo(SysUpTimeReader& reader) {
    const absl::Time before = absl::Now();
    const absl::Time zero = reader.Zero();
    EXPECT_THAT(zero, AllOf(Ge(before - absl::Seconds(5)),
                            Le(absl::Now() - absl::Seconds(5))));
  }

  passpersist_testing::SimulatedClock clock_;
  passpersist_testing::ErrorLog log_;
  ErrorReporter errors_{log_.Hook()};
};

TEST_F(SysUpTimeReaderTest, AsksTheSourceEachTime) {
  const auto source = std::make_shared<FakeSysUpTime>();
  SysUpTimeReader reader(source, &clock_, &errors_);
  EXPECT_EQ(reader.Zero(), absl::UnixEpoch());
  source->zero = absl::FromUnixSeconds(7);
  EXPECT_EQ(reader.Zero(), absl::FromUnixSeconds(7));
}

TEST_F(SysUpTimeReaderTest, WithoutASourceCountsFromItsConstruction) {
  SysUpTimeReader reader(nullptr, &clock_, &errors_);
  clock_.Advance(absl::Seconds(5));
  ExpectFiveSecondsAgo(reader);
  EXPECT_THAT(log_.Take(), IsEmpty());
}

TEST_F(SysUpTimeReaderTest, AfterAnErrorCountsFromItsConstruction) {
  const auto source = std::make_shared<FakeSysUpTime>();
  source->zero = absl::NotFoundError("no snmpd");
  SysUpTimeReader reader(source, &clock_, &errors_);
  clock_.Advance(absl::Seconds(5));
  ExpectFiveSecondsAgo(reader);
  ExpectFiveSecondsAgo(reader);
  EXPECT_THAT(log_.Take(),
              ElementsAre("NOT_FOUND: sysUpTime is unknown, so time stamps "
                          "count from the agent's start: no snmpd"));
  source->zero = absl::UnixEpoch();
  EXPECT_EQ(reader.Zero(), absl::UnixEpoch());
}

}  // namespace
}  // namespace passpersist::internal
