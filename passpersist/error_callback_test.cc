// SPDX-License-Identifier: Apache-2.0

#include "passpersist/error_callback.h"

#include <syslog.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/simulated_clock.h"

namespace passpersist {
namespace {

using passpersist_testing::SimulatedClock;
using testing::HasSubstr;

// LOG_PERROR copies each line to standard error, for the test.
class SyslogErrorsTest : public testing::Test {
 protected:
  SyslogErrorsTest() { openlog("error_callback_test", LOG_PERROR, LOG_USER); }
  ~SyslogErrorsTest() override { closelog(); }

  // Returns the line that `error` adds to the log.
  std::string LogOf(const absl::Status& error) {
    testing::internal::CaptureStderr();
    callback_(error);
    return testing::internal::GetCapturedStderr();
  }

  const std::shared_ptr<SimulatedClock> clock_ =
      std::make_shared<SimulatedClock>();
  ErrorCallback callback_ = SyslogErrors(clock_);
};

TEST_F(SyslogErrorsTest, WritesALineThatNamesTheCodeAndTheMessage) {
  EXPECT_EQ(LogOf(absl::UnavailableError("no sensor")),
            "error_callback_test: UNAVAILABLE: no sensor\n");
}

TEST_F(SyslogErrorsTest, DoesNotInterpretTheMessageAsAFormat) {
  EXPECT_THAT(LogOf(absl::InternalError("100%s%n of %d")),
              HasSubstr("100%s%n of %d"));
}

TEST_F(SyslogErrorsTest, SkipsALineThatItWroteLessThanAnHourAgo) {
  const absl::Status error = absl::UnavailableError("no sensor");
  EXPECT_NE(LogOf(error), "");
  EXPECT_EQ(LogOf(error), "");
  clock_->Advance(absl::Minutes(59));
  EXPECT_EQ(LogOf(error), "");
  clock_->Advance(absl::Minutes(1));
  EXPECT_NE(LogOf(error), "");
}

TEST_F(SyslogErrorsTest, DistinguishesErrorsByCodeAndMessage) {
  EXPECT_NE(LogOf(absl::UnavailableError("no sensor")), "");
  EXPECT_NE(LogOf(absl::UnavailableError("no fan")), "");
  EXPECT_NE(LogOf(absl::InternalError("no sensor")), "");
}

}  // namespace
}  // namespace passpersist
