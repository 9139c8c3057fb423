// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/periodic_update.h"

#include <atomic>
#include <memory>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/error_log.h"
#include "passpersist/testing/event_log.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/testing/manual_scheduler.h"
#include "passpersist/testing/simulated_clock.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/thread_scheduler.h"
#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

using passpersist_testing::ErrorLog;
using passpersist_testing::EventLog;
using passpersist_testing::FakeStore;
using passpersist_testing::IsOk;
using passpersist_testing::ManualScheduler;
using passpersist_testing::SimulatedClock;
using passpersist_testing::StatusIs;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr absl::Duration kPeriod = absl::Seconds(10);

// An update that takes two seconds and collects one row.
class PeriodicUpdateTest : public testing::Test {
 protected:
  PeriodicUpdateTest() { observers_.Add(&events_); }

  absl::Status Update(Contents& contents) {
    clock_->Advance(absl::Seconds(2));
    contents.Put({1}, Integer32{1});
    return error_;
  }

  Statistics::Subtree GetStatistics() const {
    Statistics::Subtree statistics;
    update_.FillStatistics(&statistics);
    return statistics;
  }

  const std::shared_ptr<SimulatedClock> clock_ =
      std::make_shared<SimulatedClock>();
  InterruptibleClock interruptible_clock_{clock_.get()};
  ObserverList observers_;
  EventLog events_;
  ErrorLog log_;
  ErrorReporter errors_{log_.Hook()};
  Subtree subtree_{Oid{1, 3}, std::make_shared<FakeStore>()};
  absl::Status error_;
  PeriodicUpdate update_{&subtree_,
                         kPeriod,
                         [this](Contents& c) { return Update(c); },
                         &interruptible_clock_,
                         &errors_,
                         &observers_};
  ManualScheduler scheduler_;
};

TEST_F(PeriodicUpdateTest, HasNoStatisticsBeforeItsFirstRun) {
  EXPECT_EQ(update_.age(), std::nullopt);
  const Statistics::Subtree statistics = GetStatistics();
  EXPECT_EQ(statistics.updates, 0u);
  EXPECT_EQ(statistics.last_error_age, std::nullopt);
}

TEST_F(PeriodicUpdateTest, ReportsTheResultOfEachRun) {
  int runs = 0;
  ASSERT_THAT(update_.Start(&scheduler_, [&] { ++runs; }), IsOk());
  EXPECT_EQ(runs, 1);
  error_ = absl::InternalError("no sensor");
  scheduler_.Advance(kPeriod);
  EXPECT_EQ(runs, 2);
  EXPECT_THAT(
      events_.Take(),
      ElementsAre("update of .1.3: OK, 1 rows",
                  "update of .1.3: INTERNAL: update of .1.3: no sensor, 1 "
                  "rows"));
  EXPECT_THAT(log_.Take(), ElementsAre("INTERNAL: update of .1.3: no sensor"));
}

TEST_F(PeriodicUpdateTest, MeasuresRunsAndTheAgeOfTheirResults) {
  ASSERT_THAT(update_.Start(&scheduler_, nullptr), IsOk());
  clock_->Advance(absl::Seconds(8));
  EXPECT_EQ(update_.age(), absl::Seconds(8));
  error_ = absl::InternalError("no sensor");
  scheduler_.Advance(kPeriod);
  clock_->Advance(absl::Seconds(1));

  const Statistics::Subtree statistics = GetStatistics();
  EXPECT_EQ(statistics.updates, 2u);
  EXPECT_EQ(statistics.failures, 1u);
  EXPECT_FALSE(statistics.updating);
  EXPECT_EQ(statistics.last_duration, absl::Seconds(2));
  EXPECT_EQ(statistics.age, absl::Seconds(11));
  EXPECT_THAT(statistics.last_error, StatusIs(absl::StatusCode::kInternal,
                                              "update of .1.3: no sensor"));
  EXPECT_EQ(statistics.last_error_age, absl::Seconds(1));
}

TEST_F(PeriodicUpdateTest, RunsNowOnRequest) {
  ASSERT_THAT(update_.Start(&scheduler_, nullptr), IsOk());
  UpdateEvent run = update_.RunNow(absl::Seconds(1));
  EXPECT_EQ(run.root, (Oid{1, 3}));
  EXPECT_THAT(run.status, IsOk());
  EXPECT_EQ(run.duration, absl::Seconds(2));
  EXPECT_EQ(run.rows, 1u);
  error_ = absl::InternalError("no sensor");
  run = update_.RunNow(absl::Seconds(1));
  EXPECT_THAT(run.status, StatusIs(absl::StatusCode::kInternal,
                                   "update of .1.3: no sensor"));
  EXPECT_EQ(GetStatistics().updates, 3u);
}

TEST_F(PeriodicUpdateTest, CannotRunNowBeforeStart) {
  EXPECT_THAT(update_.RunNow(absl::Seconds(1)).status,
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       "update of .1.3 has not been started"));
  EXPECT_THAT(events_.Take(), IsEmpty());
}

// An update on a thread of its own, whose second run hangs until release_.
class HangingUpdateTest : public PeriodicUpdateTest {
 protected:
  ~HangingUpdateTest() override {
    if (!release_.HasBeenNotified()) release_.Notify();
    threads_.Stop();
  }

  absl::Status Hang(Contents& contents) {
    contents.Put({1}, Integer32{1});
    contents.Put({2}, Integer32{1});
    if (runs_++ == 0) return absl::OkStatus();
    running_.Notify();
    release_.WaitForNotification();
    return absl::OkStatus();
  }

  int runs_ = 0;
  absl::Notification running_;
  absl::Notification release_;
  PeriodicUpdate hanging_{&subtree_,
                          kPeriod,
                          [this](Contents& c) { return Hang(c); },
                          &interruptible_clock_,
                          &errors_,
                          &observers_};
  ThreadScheduler threads_{clock_};
};

TEST_F(HangingUpdateTest, WaitsNoLongerThanTheLimit) {
  ASSERT_THAT(hanging_.Start(&threads_, nullptr), IsOk());
  clock_->AwaitWaiters(1);
  std::thread timer([&] {
    running_.WaitForNotification();
    clock_->AwaitWaiters(1);
    clock_->Advance(absl::Seconds(3));
  });
  const UpdateEvent run = hanging_.RunNow(absl::Seconds(3));
  timer.join();
  EXPECT_THAT(run.status, StatusIs(absl::StatusCode::kDeadlineExceeded,
                                   "update of .1.3 still runs after 3s"));
  EXPECT_EQ(run.duration, absl::Seconds(3));
  EXPECT_EQ(run.rows, 2u);
  Statistics::Subtree statistics;
  hanging_.FillStatistics(&statistics);
  EXPECT_TRUE(statistics.updating);
  EXPECT_EQ(statistics.updates, 1u);
}

TEST_F(HangingUpdateTest, StopsWaitingForAClientThatHasDisconnected) {
  ASSERT_THAT(hanging_.Start(&threads_, nullptr), IsOk());
  clock_->AwaitWaiters(1);
  std::atomic<bool> gone = false;
  std::thread client([&] {
    running_.WaitForNotification();
    clock_->AwaitWaiters(1);
    gone = true;
    clock_->Advance(InterruptibleClock::kPollInterval);
  });
  const UpdateEvent run = hanging_.RunNow(absl::InfiniteDuration(),
                                          [&gone] { return gone.load(); });
  client.join();
  EXPECT_EQ(run.duration, InterruptibleClock::kPollInterval);
}

TEST_F(HangingUpdateTest, DoesNotWaitAfterShutdown) {
  ASSERT_THAT(hanging_.Start(&threads_, nullptr), IsOk());
  clock_->AwaitWaiters(1);
  std::thread closer([&] {
    running_.WaitForNotification();
    interruptible_clock_.Shutdown();
  });
  EXPECT_THAT(hanging_.RunNow(absl::InfiniteDuration()).status,
              StatusIs(absl::StatusCode::kDeadlineExceeded, testing::_));
  closer.join();
}

}  // namespace
}  // namespace passpersist::internal
