// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/subtree_update.h"

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/scheduling/thread_scheduler.h"
#include "passpersist/testing/error_log.h"
#include "passpersist/testing/event_log.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/testing/manual_scheduler.h"
#include "passpersist/testing/simulated_clock.h"
#include "passpersist/testing/status_matchers.h"
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
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr absl::Duration kPeriod = absl::Seconds(10);

// An update that takes two seconds and collects one row.
class SubtreeUpdateTest : public testing::Test {
 protected:
  SubtreeUpdateTest() { observers_.Add(&events_); }

  absl::Status Update(Contents& contents) {
    clock_->Advance(absl::Seconds(2));
    contents.Put(suffix_, Integer32{1});
    return error_;
  }

  static Statistics::Subtree GetStatisticsOf(const SubtreeUpdate& update) {
    Statistics::Subtree statistics;
    update.FillStatistics(&statistics);
    return statistics;
  }
  Statistics::Subtree GetStatistics() const { return GetStatisticsOf(update_); }

  const std::shared_ptr<SimulatedClock> clock_ =
      std::make_shared<SimulatedClock>();
  ObserverList observers_;
  EventLog events_;
  ErrorLog log_;
  ErrorReporter errors_{log_.Hook()};
  Subtree subtree_{Oid{1, 3}, std::make_shared<FakeStore>(),
                   /*is_updated=*/true};
  Oid suffix_ = {1};
  absl::Status error_;
  SubtreeUpdate update_{&subtree_,
                        {kPeriod, [this](Contents& c) { return Update(c); }},
                        clock_.get(),
                        &errors_,
                        &observers_};
  ManualScheduler scheduler_;
};

TEST_F(SubtreeUpdateTest, HasNoStatisticsBeforeItsFirstRun) {
  EXPECT_EQ(subtree_.last_update(), std::nullopt);
  const Statistics::Subtree statistics = GetStatistics();
  EXPECT_EQ(statistics.updates, 0u);
  EXPECT_EQ(statistics.last_error_age, std::nullopt);
}

TEST_F(SubtreeUpdateTest, ReportsTheResultOfEachRun) {
  int runs = 0;
  ASSERT_THAT(update_.Start(&scheduler_, [&] { ++runs; }), IsOk());
  EXPECT_EQ(runs, 1);
  error_ = absl::InternalError("no sensor");
  scheduler_.Advance(kPeriod);
  EXPECT_EQ(runs, 2);
  EXPECT_THAT(
      events_.Take(),
      ElementsAre("update of .1.3: OK, 1 instances",
                  "update of .1.3: INTERNAL: update of .1.3: no sensor, 1 "
                  "instances"));
  EXPECT_THAT(log_.Take(), ElementsAre("INTERNAL: update of .1.3: no sensor"));
}

TEST_F(SubtreeUpdateTest, ReportsOnceThatNoWalkFindsAValueAtTheRoot) {
  suffix_ = {};
  ASSERT_THAT(update_.Start(&scheduler_, nullptr), IsOk());
  EXPECT_THAT(log_.Take(),
              ElementsAre("FAILED_PRECONDITION: update of .1.3: a value has "
                          "the empty suffix: with the root as base in "
                          "snmpd.conf, get returns the value, but no walk "
                          "finds it (a scalar has the suffix .0)"));
  scheduler_.Advance(kPeriod);
  EXPECT_THAT(log_.Take(), testing::IsEmpty());
}

// --- Errors of instances ---

class InstanceErrorsTest : public SubtreeUpdateTest {
 protected:
  // .1 holds `number_` if that is an Integer32, .2 always holds 2.
  absl::Status UpdateNumber(Contents& contents) {
    contents.Put({1}, Integer32::FromNumber(number_));
    contents.Put({2}, Integer32{2});
    if (is_unchanged_) contents.SetUnchanged();
    return error_;
  }

  std::unique_ptr<SubtreeUpdate> Start(bool is_strict) {
    auto update = std::make_unique<SubtreeUpdate>(
        &subtree_,
        SubtreeUpdate::Options{kPeriod,
                               [this](Contents& c) { return UpdateNumber(c); },
                               is_strict},
        clock_.get(), &errors_, &observers_);
    EXPECT_THAT(update->Start(&scheduler_, nullptr), IsOk());
    return update;
  }

  void UpdateTo(double number) {
    number_ = number;
    scheduler_.Advance(kPeriod);
  }

  size_t Instances() const { return subtree_.snapshot()->size(); }

  double number_ = 1;
  bool is_unchanged_ = false;
};

TEST_F(InstanceErrorsTest, AreCountedAsLongAsTheyLast) {
  const auto update = Start(/*is_strict=*/false);
  UpdateTo(1e20);
  EXPECT_EQ(GetStatisticsOf(*update).instance_errors, 1u);
  UpdateTo(1e20);
  EXPECT_EQ(GetStatisticsOf(*update).instance_errors, 1u);
  error_ = absl::InternalError("no sensor");
  UpdateTo(1);
  EXPECT_EQ(GetStatisticsOf(*update).instance_errors, 1u);
  error_ = absl::OkStatus();
  UpdateTo(1);
  EXPECT_EQ(GetStatisticsOf(*update).instance_errors, 0u);
}

TEST_F(InstanceErrorsTest, CostOneInstanceAndAreReportedOnceWithItsName) {
  const auto update = Start(/*is_strict=*/false);
  EXPECT_EQ(Instances(), 2u);
  UpdateTo(5e9);
  EXPECT_EQ(Instances(), 1u);
  EXPECT_THAT(log_.Take(),
              ElementsAre("OUT_OF_RANGE: .1.3.1 is left out: 5000000000 is not "
                          "an Integer32: -2147483648..2147483647"));
  UpdateTo(6e9);
  EXPECT_THAT(log_.Take(), IsEmpty());
  UpdateTo(7);
  EXPECT_EQ(Instances(), 2u);
  UpdateTo(7e9);
  EXPECT_THAT(log_.Take(), ElementsAre(HasSubstr("7000000000")));
  EXPECT_EQ(GetStatisticsOf(*update).failures, 0u);
}

TEST_F(InstanceErrorsTest, AreNotForgottenByAnUpdateThatFails) {
  const auto update = Start(/*is_strict=*/false);
  UpdateTo(5e9);
  EXPECT_THAT(log_.Take(), SizeIs(1));
  error_ = absl::InternalError("no sensor");
  UpdateTo(1);
  EXPECT_THAT(log_.Take(), ElementsAre("INTERNAL: update of .1.3: no sensor"));
  error_ = absl::OkStatus();
  UpdateTo(5e9);
  EXPECT_THAT(log_.Take(), IsEmpty());
}

TEST_F(InstanceErrorsTest, AreNotForgottenByAnUpdateThatChangesNothing) {
  const auto update = Start(/*is_strict=*/false);
  UpdateTo(5e9);
  EXPECT_THAT(log_.Take(), SizeIs(1));
  is_unchanged_ = true;
  UpdateTo(1);
  EXPECT_EQ(GetStatisticsOf(*update).instance_errors, 1u);
  is_unchanged_ = false;
  UpdateTo(5e9);
  EXPECT_THAT(log_.Take(), IsEmpty());
}

TEST_F(InstanceErrorsTest, FailTheUpdateOfAStrictSubtree) {
  const auto update = Start(/*is_strict=*/true);
  UpdateTo(5e9);
  EXPECT_EQ(Instances(), 2u) << "the old contents";
  EXPECT_THAT(log_.Take(), ElementsAre("OUT_OF_RANGE: update of .1.3: .1.3.1: "
                                       "5000000000 is not an Integer32: "
                                       "-2147483648..2147483647"));
  EXPECT_EQ(GetStatisticsOf(*update).failures, 1u);
}

TEST_F(SubtreeUpdateTest, MeasuresRunsAndTheAgeOfTheirResults) {
  ASSERT_THAT(update_.Start(&scheduler_, nullptr), IsOk());
  clock_->Advance(absl::Seconds(8));
  EXPECT_EQ(GetStatistics().age, absl::Seconds(8));
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

TEST_F(SubtreeUpdateTest, RunsNowOnRequest) {
  ASSERT_THAT(update_.Start(&scheduler_, nullptr), IsOk());
  std::shared_ptr<const UpdateRun> requested = update_.RunNow();
  EXPECT_TRUE(requested->ended());
  UpdateEvent run = requested->result();
  EXPECT_EQ(run.root, (Oid{1, 3}));
  EXPECT_THAT(run.status, IsOk());
  EXPECT_EQ(run.duration, absl::Seconds(2));
  EXPECT_EQ(run.instances, 1u);
  error_ = absl::InternalError("no sensor");
  run = update_.RunNow()->result();
  EXPECT_THAT(run.status, StatusIs(absl::StatusCode::kInternal,
                                   "update of .1.3: no sensor"));
  EXPECT_EQ(GetStatistics().updates, 3u);
}

TEST_F(SubtreeUpdateTest, CannotRunNowBeforeStart) {
  const std::shared_ptr<const UpdateRun> run = update_.RunNow();
  EXPECT_TRUE(run->ended());
  EXPECT_THAT(run->result().status,
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       "update of .1.3 has not been started"));
  EXPECT_THAT(events_.Take(), IsEmpty());
}

// An update on a thread of its own, whose second run waits for release_.
class HangingUpdateTest : public SubtreeUpdateTest {
 protected:
  ~HangingUpdateTest() override {
    if (!release_.HasBeenNotified()) release_.Notify();
    threads_.Stop();
  }

  absl::Status Hang(Contents& contents) {
    contents.Put({1}, Integer32{1});
    contents.Put({2}, Integer32{1});
    if (++runs_ != 2) return absl::OkStatus();
    running_.Notify();
    release_.WaitForNotification();
    return absl::OkStatus();
  }

  int runs_ = 0;
  absl::Notification running_;
  absl::Notification release_;
  SubtreeUpdate hanging_{&subtree_,
                         {kPeriod, [this](Contents& c) { return Hang(c); }},
                         clock_.get(),
                         &errors_,
                         &observers_};
  ThreadScheduler threads_{clock_};
};

TEST_F(HangingUpdateTest, ARequestedRunIsUnfinishedUntilItHasEnded) {
  ASSERT_THAT(hanging_.Start(&threads_, nullptr), IsOk());
  clock_->AwaitWaiters(1);
  const std::shared_ptr<const UpdateRun> run = hanging_.RunNow();
  running_.WaitForNotification();
  EXPECT_FALSE(run->ended());
  EXPECT_THAT(run->result().status,
              StatusIs(absl::StatusCode::kDeadlineExceeded,
                       "update of .1.3 still runs"));
  EXPECT_EQ(run->result().instances, 2u);
  Statistics::Subtree statistics;
  hanging_.FillStatistics(&statistics);
  EXPECT_TRUE(statistics.updating);
  EXPECT_EQ(statistics.updates, 1u);
  release_.Notify();
  clock_->WaitUntil(absl::InfiniteDuration(), run->ended());
  EXPECT_THAT(run->result().status, IsOk());
}

// A run that is in progress may have read its sources already.
TEST_F(HangingUpdateTest, ARunInProgressDoesNotCountAsTheRequestedRun) {
  ASSERT_THAT(hanging_.Start(&threads_, nullptr), IsOk());
  clock_->AwaitWaiters(1);
  const std::shared_ptr<const UpdateRun> first = hanging_.RunNow();
  running_.WaitForNotification();
  const std::shared_ptr<const UpdateRun> second = hanging_.RunNow();
  release_.Notify();
  clock_->WaitUntil(absl::InfiniteDuration(), second->ended());
  EXPECT_TRUE(first->ended());
  Statistics::Subtree statistics;
  hanging_.FillStatistics(&statistics);
  EXPECT_EQ(statistics.updates, 3u);
}

}  // namespace
}  // namespace passpersist::internal
