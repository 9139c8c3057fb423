// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/errors/error_reporter.h"

#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/error_log.h"

namespace passpersist::internal {
namespace {

using passpersist_testing::ErrorLog;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(ErrorReporterTest, PassesErrorsToTheCallback) {
  ErrorLog log;
  ErrorReporter reporter(log.Hook());
  reporter.Report(absl::UnavailableError("no sensor"));
  reporter.Report(absl::InternalError("odd"));
  EXPECT_THAT(log.Take(),
              ElementsAre("UNAVAILABLE: no sensor", "INTERNAL: odd"));
}

TEST(ErrorReporterTest, DoesNotReportOk) {
  ErrorLog log;
  ErrorReporter reporter(log.Hook());
  reporter.Report(absl::OkStatus());
  EXPECT_THAT(log.Take(), IsEmpty());
}

TEST(ErrorReporterTest, CallsTheCallbackByOneThreadAtATime) {
  int calls = 0;  // unguarded, so that TSan finds concurrent calls
  bool within = false;
  ErrorReporter reporter([&](const absl::Status&) {
    EXPECT_FALSE(within);
    within = true;
    ++calls;
    std::this_thread::yield();
    within = false;
  });
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 100; ++j) reporter.Report(absl::UnknownError(""));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(calls, 400);
}

}  // namespace
}  // namespace passpersist::internal
