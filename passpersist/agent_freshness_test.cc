// SPDX-License-Identifier: Apache-2.0
//
// What is served when an update has not run for long: maximum ages, updates
// that change nothing, and subtrees that are filled on demand.

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent/testing/agent_fixture.h"
#include "passpersist/agent_builder.h"
#include "passpersist/contents.h"
#include "passpersist/monitoring/agent_monitor.h"
#include "passpersist/monitoring/statistics.h"
#include "passpersist/pdu.h"
#include "passpersist/setter.h"
#include "passpersist/testing/manual_scheduler.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/value.h"

namespace passpersist {
namespace {

using passpersist_testing::ManualScheduler;
using passpersist_testing::StatusIs;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr absl::Duration kMaxAge = absl::Seconds(30);
constexpr absl::Duration kTimeToLive = absl::Seconds(5);

SubtreeOptions WithMaxAge(absl::Duration max_age = kMaxAge) {
  SubtreeOptions options;
  options.max_age = max_age;
  return options;
}

class FreshnessTest : public AgentTest {
 protected:
  // Serves .1.3.1 and .1.3.2, both number_. The update fails while error_ is
  // not OK.
  UpdateFn Update() {
    return [this](Contents& contents) {
      ++updates_;
      contents.Put({1}, Integer32{number_});
      contents.Put({2}, Integer32{number_});
      internal::MutexLock lock(mutex_);
      return error_;
    };
  }

  // Serves .1.5.1 = 7.
  void AddOther() {
    builder_.AddSubtree(Oid{1, 5}, kPeriod, [](Contents& contents) {
      contents.Put({1}, Integer32{7});
      return absl::OkStatus();
    });
  }

  void StartWithManualScheduler() {
    scheduler_ = UseManualScheduler();
    Start();
    peer_.HearLine();
  }

  void Advance(absl::Duration duration) {
    clock_->Advance(duration);
    scheduler_->Advance(duration);
  }

  ManualScheduler* scheduler_ = nullptr;
  std::atomic<int> updates_ = 0;
};

// --- Maximum age ---

class MaxAgeTest : public FreshnessTest {
 protected:
  void SetUp() override {
    builder_.AddSubtree(Oid{1, 3}, kPeriod, Update(), WithMaxAge());
    SetterOptions creates;
    creates.allow_create = true;
    const auto accept = [](const Oid&, const Value&) {
      return ErrorStatus::kNoError;
    };
    builder_.AddSetter(Oid{1, 3, 1}, MakeSetter(accept))
        .AddSetter(Oid{1, 3, 2}, MakeSetter(accept, std::move(creates)));
    AddOther();
    StartWithManualScheduler();
  }

  // The last success is at 0 s.
  void Expire() {
    SetError(absl::UnavailableError("no sensor"));
    Advance(kMaxAge);
    log_.Take();
  }
};

TEST_F(MaxAgeTest, AfterItTheInstancesAreAbsentUntilAnUpdateSucceeds) {
  SetError(absl::UnavailableError("no sensor"));
  Advance(kMaxAge - absl::Nanoseconds(1));
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = Integer32 5");
  EXPECT_EQ(Ask("next .1.3"), ".1.3.1 = Integer32 5");
  Advance(absl::Nanoseconds(1));
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = noSuchInstance");
  EXPECT_EQ(Ask("next .1.3"), ".1.5.1 = Integer32 7");
  SetError(absl::OkStatus());
  number_ = 6;
  Advance(kPeriod);
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = Integer32 6");
  EXPECT_EQ(Ask("next .1.3"), ".1.3.1 = Integer32 6");
}

TEST_F(MaxAgeTest, IsReportedOnce) {
  Expire();
  Ask("get .1.3.1");
  Ask("get .1.3.2");
  Ask("next .1.3");
  EXPECT_THAT(log_.Take(),
              ElementsAre("DEADLINE_EXCEEDED: values of .1.3 left out: no "
                          "update has succeeded for 30s"));
  SetError(absl::OkStatus());
  Advance(kPeriod);
  Expire();
  Ask("get .1.3.1");
  EXPECT_THAT(log_.Take(), ElementsAre(HasSubstr("values of .1.3 left out")));
}

TEST_F(MaxAgeTest, AWalkInAnOlderSnapshotEndsWithIt) {
  Advance(kMaxAge - kPeriod);
  number_ = 6;
  EXPECT_EQ(Ask("next .1.3"), ".1.3.1 = Integer32 5");
  // The walk keeps its snapshot, and the new values count for its subtree.
  Advance(kPeriod / 5);
  EXPECT_EQ(Ask("next .1.3.1"), ".1.3.2 = Integer32 5");
  EXPECT_EQ(Ask("next .1.3"), ".1.3.1 = Integer32 5");
  Expire();
  EXPECT_EQ(Ask("next .1.3.1"), ".1.5.1 = Integer32 7");
}

TEST_F(MaxAgeTest, ASetFindsTheInstancesAbsentToo) {
  EXPECT_EQ(Ask("set .1.3.1 1"), "");
  Expire();
  EXPECT_EQ(Ask("set .1.3.1 1"), "noCreation 1");
  EXPECT_EQ(Ask("set .1.3.2 2"), "");  // its setter allows creation
  EXPECT_EQ(Ask("get .1.3.2"), ".1.3.2 = noSuchInstance");
  SetError(absl::OkStatus());
  Advance(kPeriod);
  EXPECT_EQ(Ask("set .1.3.1 1"), "");
}

TEST_F(FreshnessTest, WithoutAMaxAgeTheLastValuesStay) {
  builder_.AddSubtree(Oid{1, 3}, kPeriod, Update());
  StartWithManualScheduler();
  SetError(absl::UnavailableError("no sensor"));
  Advance(absl::Hours(1));
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = Integer32 5");
}

// --- Updates that change nothing ---

TEST_F(FreshnessTest, AnUpdateMayKeepThePresentContents) {
  std::atomic<bool> unchanged = false;
  builder_.AddSubtree(
      Oid{1, 3}, kPeriod,
      [&](Contents& contents) {
        contents.Put({1}, Integer32{number_});
        if (unchanged) contents.SetUnchanged();
        return absl::OkStatus();
      },
      WithMaxAge());
  StartWithManualScheduler();
  number_ = 6;
  unchanged = true;
  // It counts as a success: the age begins again.
  for (int i = 0; i < 10; ++i) Advance(kPeriod);
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = Integer32 5");
  EXPECT_EQ(agent_->monitor().GetStatistics().subtrees[0].updates, 11u);
  EXPECT_EQ(agent_->monitor().GetStatistics().subtrees[0].age,
            absl::ZeroDuration());
  unchanged = false;
  Advance(kPeriod);
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = Integer32 6");
}

// --- On demand ---

class OnDemandTest : public FreshnessTest {
 protected:
  void SetUp() override {
    builder_.AddSubtreeOnDemand(Oid{1, 3}, kTimeToLive, Update(), WithMaxAge());
    AddOther();
  }
};

TEST_F(OnDemandTest, ARequestRunsTheUpdateIfTheValuesAreOlderThanTheirTime) {
  StartWithManualScheduler();
  EXPECT_EQ(updates_, 0);
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = Integer32 5");
  EXPECT_EQ(updates_, 1);
  number_ = 6;
  Advance(kTimeToLive - absl::Nanoseconds(1));
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = Integer32 5");
  EXPECT_EQ(Ask("next .1.3"), ".1.3.1 = Integer32 5");
  EXPECT_EQ(updates_, 1);
  Advance(absl::Nanoseconds(1));
  EXPECT_EQ(Ask("next .1.3"), ".1.3.1 = Integer32 6");
  EXPECT_EQ(updates_, 2);
}

TEST_F(OnDemandTest, NothingRunsWithoutRequests) {
  StartWithManualScheduler();
  Ask("get .1.3.1");
  Advance(absl::Hours(1));
  EXPECT_EQ(Ask("get .1.5.1"), ".1.5.1 = Integer32 7");
  EXPECT_EQ(updates_, 1);
}

TEST_F(OnDemandTest, AWalkThatGoesOnRunsNoUpdate) {
  StartWithManualScheduler();
  EXPECT_EQ(Ask("next .1.3"), ".1.3.1 = Integer32 5");
  number_ = 6;
  // Within the lifetime of a walk.
  Advance(kTimeToLive - absl::Milliseconds(1));
  EXPECT_EQ(Ask("next .1.3.1"), ".1.3.2 = Integer32 5");
  Advance(absl::Seconds(1));
  EXPECT_EQ(Ask("next .1.3.2"), ".1.5.1 = Integer32 7");
  EXPECT_EQ(updates_, 1);
}

TEST_F(OnDemandTest, AWalkThatEntersTheSubtreeRunsIt) {
  StartWithManualScheduler();
  EXPECT_EQ(Ask("next .1.2"), ".1.3.1 = Integer32 5");
  EXPECT_EQ(updates_, 1);
}

TEST_F(OnDemandTest, AFailureCountsForTheTimeToLive) {
  StartWithManualScheduler();
  SetError(absl::UnavailableError("no sensor"));
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = noSuchInstance");
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = noSuchInstance");
  EXPECT_EQ(updates_, 1);
  Advance(kTimeToLive);
  SetError(absl::OkStatus());
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = Integer32 5");
  EXPECT_EQ(updates_, 2);
}

TEST_F(OnDemandTest, ADebugClientMayRunIt) {
  StartWithManualScheduler();
  EXPECT_THAT(agent_->monitor().RunUpdate({1, 3}, absl::Seconds(1)).status,
              passpersist_testing::IsOk());
  EXPECT_EQ(updates_, 1);
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = Integer32 5");
  EXPECT_EQ(updates_, 1);
}

TEST_F(OnDemandTest, IsDescribed) {
  Build();
  const Description description = agent_->monitor().Describe();
  EXPECT_TRUE(description.subtrees[0].is_on_demand);
  EXPECT_EQ(description.subtrees[0].period, kTimeToLive);
  EXPECT_FALSE(description.subtrees[1].is_on_demand);
}

TEST_F(FreshnessTest, ATimeToLiveOfZeroIsARunForEachRequest) {
  builder_.AddSubtreeOnDemand(Oid{1, 3}, absl::ZeroDuration(), Update());
  StartWithManualScheduler();
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = Integer32 5");
  number_ = 6;
  clock_->Advance(absl::Milliseconds(1));
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = Integer32 6");
  EXPECT_EQ(updates_, 2);
}

// An update that hangs until release_, from its second run on.
class HangingOnDemandTest : public FreshnessTest {
 protected:
  void SetUp() override {
    builder_.AddSubtreeOnDemand(Oid{1, 3}, kTimeToLive, Hang(), WithMaxAge());
    Start();
    peer_.HearLine();
    EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = Integer32 5");
    number_ = 6;
    clock_->Advance(kTimeToLive);
  }

  UpdateFn Hang() {
    return [this](Contents& contents) {
      if (++updates_ == 2) running_.Notify();
      if (updates_ > 1) release_.WaitForNotification();
      contents.Put({1}, Integer32{number_});
      return absl::OkStatus();
    };
  }

  // The request waits, or is about to.
  void AwaitRun() { running_.WaitForNotification(); }

  absl::Notification running_;
};

TEST_F(HangingOnDemandTest, ARequestWaitsForTheRun) {
  peer_.Say("get .1.3.1\n");
  AwaitRun();
  release_.Notify();
  EXPECT_EQ(peer_.HearLine(), ".1.3.1 = Integer32 6");
}

TEST_F(HangingOnDemandTest, AfterTheLimitItGetsWhatIsThereAndNobodyWaits) {
  peer_.Say("get .1.3.1\n");
  AwaitRun();
  clock_->Advance(absl::Milliseconds(500));
  EXPECT_EQ(peer_.HearLine(), ".1.3.1 = Integer32 5");
  // Neither a wait nor a second run.
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = Integer32 5");
  EXPECT_EQ(Ask("next .1.3"), ".1.3.1 = Integer32 5");
  EXPECT_EQ(updates_, 2);
  release_.Notify();
  while (Ask("get .1.3.1") != ".1.3.1 = Integer32 6") {
  }
}

TEST_F(HangingOnDemandTest, AfterTheMaxAgeNothingIsThere) {
  peer_.Say("get .1.3.1\n");
  AwaitRun();
  clock_->Advance(kMaxAge - kTimeToLive);
  EXPECT_EQ(peer_.HearLine(), ".1.3.1 = noSuchInstance");
}

// --- Building ---

TEST_F(FreshnessTest, BuildRefusesAgesThatMakeNoSense) {
  builder_.AddSubtree(Oid{1, 3}, kPeriod, Update(), WithMaxAge(kPeriod))
      .AddSubtreeOnDemand(Oid{1, 4}, absl::Seconds(-1), Update())
      .AddSubtreeOnDemand(Oid{1, 5}, kTimeToLive, Update(),
                          WithMaxAge(kTimeToLive));
  EXPECT_THAT(
      builder_.Build(),
      StatusIs(absl::StatusCode::kInvalidArgument,
               AllOf(HasSubstr("subtree .1.3 has a maximum age of 10s, which "
                               "is not above its period of 10s"),
                     HasSubstr("subtree .1.4 has a time to live of -1s"),
                     HasSubstr("subtree .1.5 has a maximum age of 5s, which is "
                               "not above its time to live of 5s"))));
}

}  // namespace
}  // namespace passpersist
