// SPDX-License-Identifier: Apache-2.0

#include "passpersist/base/start_thread.h"

#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/testing/thread_shortage.h"

namespace passpersist::internal {
namespace {

using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;
using passpersist_testing::ThreadShortage;

TEST(StartThreadTest, RunsTheFunctionOnAThreadOfItsOwn) {
  std::thread::id id;
  absl::StatusOr<std::thread> thread =
      StartThread([&id] { id = std::this_thread::get_id(); });
  ASSERT_THAT(thread, IsOk());
  const std::thread::id started = thread->get_id();
  thread->join();
  EXPECT_EQ(id, started);
  EXPECT_NE(id, std::this_thread::get_id());
}

TEST(StartThreadTest, ReportsThatNoThreadIsLeft) {
  const ThreadShortage shortage;
  EXPECT_THAT(
      StartThread([] {}),
      StatusIs(absl::StatusCode::kResourceExhausted,
               "cannot start a thread: Resource temporarily unavailable"));
}

}  // namespace
}  // namespace passpersist::internal
