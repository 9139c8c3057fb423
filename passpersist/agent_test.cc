// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent.h"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent/testing/agent_fixture.h"
#include "passpersist/contents.h"
#include "passpersist/monitoring/agent_monitor.h"
#include "passpersist/monitoring/statistics.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/scheduling/thread_scheduler.h"
#include "passpersist/setter.h"
#include "passpersist/sys_up_time.h"
#include "passpersist/testing/event_log.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/testing/fake_transport.h"
#include "passpersist/testing/manual_scheduler.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/testing/thread_shortage.h"
#include "passpersist/value.h"

namespace passpersist {
namespace {

using passpersist_testing::EventLog;
using passpersist_testing::FakeStore;
using passpersist_testing::FakeTransport;
using passpersist_testing::IsOk;
using passpersist_testing::ManualScheduler;
using passpersist_testing::StatusIs;
using passpersist_testing::ThreadShortage;
using testing::_;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

// --- Run ---

TEST_F(AgentTest, ServesTheResultsOfTheFirstUpdatesUntilThePeerCloses) {
  std::vector<std::string> writes;
  UseManualScheduler();
  builder_.SetTransport(std::make_unique<FakeTransport>(
      std::vector<std::string>{"get .1.3.1\n", "next .1.3.1\n"}, &writes));
  AddNumber();
  Build();
  EXPECT_THAT(agent_->Run(), IsOk());
  EXPECT_THAT(writes, ElementsAre("hello .1.3\n", ".1.3.1 = Integer32 5\n",
                                  ".1.3.1 = endOfMibView\n"));
  EXPECT_THAT(log_.Take(), IsEmpty());
}

TEST_F(AgentTest, RunReturnsTheErrorThatBrokeTheConnection) {
  UseManualScheduler();
  AddNumber();
  Start();
  EXPECT_EQ(peer_.HearLine(), "hello .1.3");
  EXPECT_EQ(Ask("nonsense"), "bye");
  EXPECT_THAT(Finish(), StatusIs(absl::StatusCode::kInvalidArgument,
                                 "no request: nonsense"));
}

TEST_F(AgentTest, RunReportsThatThereIsNoThreadForAnUpdate) {
  auto log = std::make_unique<EventLog>();
  EventLog* const events = log.get();
  builder_.AddObserver(std::move(log));
  AddNumber();
  Build();
  const ThreadShortage shortage;
  EXPECT_THAT(agent_->Run(),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       "update of .1.3 can't be run: the scheduler has no "
                       "thread for it"));
  EXPECT_THAT(events->Take(), ElementsAre("an agent of .1.3", "flushed"));
}

TEST_F(AgentTest, ServesAStoreThatTheCallerKeepsUpToDate) {
  const auto store = std::make_shared<FakeStore>();
  builder_.AddSubtree(Oid{1, 3}, store);
  Start();
  EXPECT_EQ(peer_.HearLine(), "hello .1.3");
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = noSuchInstance");
  Changes changes;
  changes.Put({1}, Integer32{6});
  ASSERT_THAT(store->Apply(changes), IsOk());
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = Integer32 6");
}

TEST_F(AgentTest, TimeStampsCountFromSysUpTime0) {
  struct FakeSysUpTime : SysUpTime {
    absl::StatusOr<absl::Time> Zero() override {
      return absl::FromUnixSeconds(1000);
    }
  };
  builder_.SetSysUpTime(std::make_shared<FakeSysUpTime>());
  builder_.AddSubtree(Oid{1, 3}, kPeriod, [](Contents& contents) {
    contents.Put({1}, contents.TimeStampOf(absl::FromUnixSeconds(1003)));
    contents.Put({2}, contents.TimeStampOf(absl::FromUnixSeconds(997)));
    return absl::OkStatus();
  });
  Start();
  EXPECT_EQ(peer_.HearLine(), "hello .1.3");
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = TimeTicks 300");
  EXPECT_EQ(Ask("get .1.3.2"), ".1.3.2 = TimeTicks 0");
}

TEST_F(AgentTest, SettersAcceptOrRejectAndTheirValuesAreServedAtOnce) {
  builder_
      .AddSubtree(Oid{1, 3}, std::make_shared<FakeStore>(
                                 FakeStore::Entries{{{1}, Integer32{7}}}))
      .AddSetter(Oid{1, 3, 1}, MakeSetter([](const Oid&, const Value& value) {
                   return value == Value(Integer32{1})
                              ? ErrorStatus::kWrongValue
                              : ErrorStatus::kNoError;
                 }));
  Start();
  EXPECT_EQ(peer_.HearLine(), "hello .1.3 writable:.1.3.1");
  EXPECT_EQ(Ask("set .1.3.1 1"), "wrongValue 1");
  EXPECT_EQ(Ask("set .1.3.1 2"), "");
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = Integer32 2");
  EXPECT_EQ(Ask("set .1.3.1.0 2"), "noCreation 1");
}

TEST_F(AgentTest, ASetterMayRequestAnUpdate) {
  UseManualScheduler();
  AddNumber();
  builder_.AddSetter(Oid{1, 3, 1},
                     MakeSetter([this](const Oid&, const Value& v) {
                       number_ = std::get<Integer32>(v).value + 1;
                       return SetOutcome::WrittenBySetter().ThenUpdate();
                     }));
  Start();
  peer_.HearLine();
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = Integer32 5");
  EXPECT_EQ(Ask("set .1.3.1 7"), "");
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = Integer32 8");
}

TEST_F(AgentTest, TheValueThatWasSetIsServedUntilTheRequestedUpdateEnds) {
  builder_
      .AddSubtree(Oid{1, 5}, kPeriod,
                  [this, runs = 0](Contents& contents) mutable {
                    if (++runs == 2) release_.WaitForNotification();
                    contents.Put({1}, Integer32{runs});
                    return absl::OkStatus();
                  })
      .AddSetter(Oid{1, 5, 1}, MakeSetter([](const Oid&, const Value&) {
                   return SetOutcome().ThenUpdate();
                 }));
  Start();
  peer_.HearLine();
  EXPECT_EQ(Ask("get .1.5.1"), ".1.5.1 = Integer32 1");
  EXPECT_EQ(Ask("set .1.5.1 7"), "");
  EXPECT_EQ(Ask("get .1.5.1"), ".1.5.1 = Integer32 7");
  release_.Notify();
  std::string answer;
  do {
    answer = Ask("get .1.5.1");
  } while (answer == ".1.5.1 = Integer32 7");
  EXPECT_EQ(answer, ".1.5.1 = Integer32 2");
}

TEST_F(AgentTest, ReportsRequestsUpdatesAndErrorsToObservers) {
  ManualScheduler* const scheduler = UseManualScheduler();
  auto log = std::make_unique<EventLog>();
  EventLog* const events = log.get();
  builder_.AddObserver(std::move(log));
  AddNumber();
  Start();
  peer_.HearLine();
  EXPECT_THAT(events->Take(),
              ElementsAre("an agent of .1.3", "update of .1.3: OK, 1 instances",
                          "said \"\", got \"hello .1.3\\n\""));
  SetError(absl::UnavailableError("no sensor"));
  scheduler->Advance(kPeriod);
  EXPECT_THAT(
      events->Take(),
      ElementsAre("error: UNAVAILABLE: update of .1.3: no sensor",
                  "update of .1.3: UNAVAILABLE: update of .1.3: no sensor, 1 "
                  "instances"));
  EXPECT_THAT(log_.Take(),
              ElementsAre("UNAVAILABLE: update of .1.3: no sensor"));
}

TEST_F(AgentTest, TheMonitorLetsASubtreeServeTheHealthOfTheAgent) {
  std::vector<std::string> writes;
  UseManualScheduler();
  builder_.SetTransport(std::make_unique<FakeTransport>(
      std::vector<std::string>{"get .1.3.1\n", "get .1.3.1\n"}, &writes));
  builder_.AddSubtree(Oid{1, 3}, kPeriod, [this](Contents& contents) {
    contents.PutComputed({1}, [this] {
      const Statistics statistics = agent_->monitor().GetStatistics();
      return Counter64{statistics.peer[Operation(Get()).index()].count};
    });
    return absl::OkStatus();
  });
  Build();
  EXPECT_EQ(agent_->monitor().Describe().subtrees.size(), 1u);
  EXPECT_THAT(agent_->Run(), IsOk());
  EXPECT_THAT(writes, ElementsAre("hello .1.3\n", ".1.3.1 = Counter64 0\n",
                                  ".1.3.1 = Counter64 1\n"));
}

TEST_F(AgentTest, FlushesObserversAfterTheLastEvent) {
  auto log = std::make_unique<EventLog>();
  EventLog* const events = log.get();
  builder_.AddObserver(std::move(log));
  AddNumber();
  Start();
  peer_.HearLine();
  Ask("get .1.3.1");
  peer_.Close();
  EXPECT_THAT(Finish(), IsOk());
  const std::vector<std::string> text = events->Take();
  ASSERT_THAT(text, Contains(StartsWith("said \"get .1.3.1")));
  EXPECT_EQ(text.back(), "flushed");
}

// --- Updates ---

TEST_F(AgentTest, UpdatesASubtreeAfterEveryPeriod) {
  ManualScheduler* const scheduler = UseManualScheduler();
  AddNumber();
  Start();
  peer_.HearLine();
  number_ = 6;
  scheduler->Advance(kPeriod - absl::Nanoseconds(1));
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = Integer32 5");
  scheduler->Advance(absl::Nanoseconds(1));
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = Integer32 6");
}

TEST_F(AgentTest, AFailedUpdateIsReportedKeepsTheValuesAndIsTriedAgain) {
  ManualScheduler* const scheduler = UseManualScheduler();
  AddNumber();
  Start();
  peer_.HearLine();
  number_ = 6;
  SetError(absl::UnavailableError("no sensor"));
  scheduler->Advance(kPeriod);
  EXPECT_THAT(log_.Take(),
              ElementsAre("UNAVAILABLE: update of .1.3: no sensor"));
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = Integer32 5");
  SetError(absl::OkStatus());
  scheduler->Advance(kPeriod);
  EXPECT_THAT(log_.Take(), IsEmpty());
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = Integer32 6");
}

TEST_F(AgentTest, AnUpdateThatThrowsIsAFailedUpdate) {
  UseManualScheduler();
  builder_.AddSubtree(Oid{1, 3}, kPeriod, [](Contents&) -> absl::Status {
    throw std::runtime_error("no sensor");
  });
  Start();
  EXPECT_EQ(peer_.HearLine(), "hello .1.3");
  EXPECT_THAT(log_.Take(),
              ElementsAre("INTERNAL: update of .1.3: exception: no sensor"));
}

TEST_F(AgentTest, RunsAllFirstUpdatesAtTheSameTime) {
  absl::Notification here;
  absl::Notification there;
  builder_
      .AddSubtree(Oid{1, 3}, absl::InfiniteDuration(),
                  [&](Contents&) {
                    here.Notify();
                    there.WaitForNotification();
                    return absl::OkStatus();
                  })
      .AddSubtree(Oid{1, 5}, absl::InfiniteDuration(), [&](Contents&) {
        there.Notify();
        here.WaitForNotification();
        return absl::OkStatus();
      });
  Start();
  EXPECT_EQ(peer_.HearLine(), "hello .1.3 .1.5");
}

TEST_F(AgentTest, WaitsForTheFirstUpdatesBeforeTheFirstAnswer) {
  builder_.SetFirstUpdateTimeout(absl::InfiniteDuration());
  AddNumber();
  AddHangingNumber();
  peer_.Say("get .1.5.1\n");
  Start();
  // Two waiters: the scheduler, for the next period of AddNumber(), and Run(),
  // which waits even after one update has run twice and the other never.
  clock_->AwaitWaiters(2);
  clock_->Advance(kPeriod);
  threads_->AwaitIdle(1);
  release_.Notify();
  EXPECT_EQ(peer_.HearLine(), "hello .1.3 .1.5");
  EXPECT_EQ(peer_.HearLine(), ".1.5.1 = Integer32 7");
  EXPECT_THAT(log_.Take(), IsEmpty());
}

TEST_F(AgentTest, ServesWithoutTheFirstUpdatesThatTakeTooLong) {
  constexpr absl::Duration kTimeout = absl::Seconds(5);
  builder_.SetFirstUpdateTimeout(kTimeout);
  AddNumber();
  AddHangingNumber();
  Start();
  clock_->AwaitWaiters(2);
  clock_->Advance(kTimeout - absl::Nanoseconds(1));
  clock_->AwaitWaiters(2);
  EXPECT_THAT(log_.Take(), IsEmpty());
  clock_->Advance(absl::Nanoseconds(1));
  EXPECT_EQ(peer_.HearLine(), "hello .1.3 .1.5");
  EXPECT_THAT(
      log_.Take(),
      ElementsAre("DEADLINE_EXCEEDED: 1 of 2 first updates took over 5s; "
                  "serving without their values until they have finished"));
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = Integer32 5");
  EXPECT_EQ(Ask("get .1.5.1"), ".1.5.1 = noSuchInstance");
  release_.Notify();
  threads_->AwaitIdle();
  EXPECT_EQ(Ask("get .1.5.1"), ".1.5.1 = Integer32 7");
}

TEST_F(AgentTest, AnUpdateThatHangsDelaysNoOtherAndNoAnswer) {
  AddNumber();
  builder_.AddSubtree(Oid{1, 5}, kPeriod, [this](Contents& contents) {
    contents.Put({1}, Integer32{7});
    if (hangs_) release_.WaitForNotification();
    return absl::OkStatus();
  });
  Start();
  peer_.HearLine();
  threads_->AwaitIdle();
  hangs_ = true;
  number_ = 6;
  clock_->Advance(kPeriod);
  threads_->AwaitIdle(1);
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = Integer32 6");
  EXPECT_EQ(Ask("get .1.5.1"), ".1.5.1 = Integer32 7");
}

TEST_F(AgentTest, ReportsThatUpdatesWaitForHangingOnesAndKeepsTheirValues) {
  UseThreads({1, 1, 1, absl::ZeroDuration()});
  AddNumber();
  builder_.AddSubtree(Oid{1, 5}, absl::InfiniteDuration(), [this](Contents&) {
    if (hangs_) release_.WaitForNotification();
    return absl::OkStatus();
  });
  Start();
  peer_.HearLine();
  threads_->AwaitIdle();
  hangs_ = true;
  agent_->monitor().StartUpdate({1, 5});
  threads_->AwaitIdle(1);
  number_ = 6;
  clock_->Advance(kPeriod);
  clock_->AwaitWaiters(1);
  clock_->Advance(absl::Seconds(1));
  log_.Await();
  const std::string report =
      "RESOURCE_EXHAUSTED: 1 updates are late, because 1 others are running, "
      "the most at a time; their values grow old";
  EXPECT_THAT(log_.Take(), ElementsAre(report));
  const Statistics statistics = agent_->monitor().GetStatistics();
  ASSERT_EQ(statistics.errors.size(), 1u);
  EXPECT_EQ(statistics.errors[0].status.ToString(), report);
  EXPECT_EQ(statistics.subtrees[0].age, kPeriod + absl::Seconds(1));
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = Integer32 5");
  release_.Notify();
  threads_->AwaitIdle();
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = Integer32 6");
}

TEST_F(AgentTest, AThousandSubtreesNeedFewThreads) {
  for (uint32_t i = 1; i <= 1000; ++i) {
    builder_.AddSubtree(Oid{1, 3, i}, kPeriod, [this](Contents& contents) {
      contents.Put({1}, Integer32{number_});
      return absl::OkStatus();
    });
  }
  Start();
  peer_.HearLine();
  EXPECT_EQ(Ask("get .1.3.1000.1"), ".1.3.1000.1 = Integer32 5");
  threads_->AwaitIdle();
  number_ = 6;
  clock_->Advance(kPeriod);
  threads_->AwaitIdle();
  EXPECT_EQ(Ask("get .1.3.1.1"), ".1.3.1.1 = Integer32 6");
  EXPECT_EQ(Ask("get .1.3.1000.1"), ".1.3.1000.1 = Integer32 6");
  // All threads of the process, those of the test included.
  EXPECT_LE(
      std::distance(std::filesystem::directory_iterator("/proc/self/task"),
                    std::filesystem::directory_iterator()),
      10);
}

TEST_F(AgentTest, FiftyOfAThousandUpdatesThatHangDelayNoOtherBy100Ms) {
  constexpr int kHanging = 50;
  // Without idle threads, only the scheduler's next run waits for the clock.
  ThreadSchedulerOptions options;
  options.idle_thread_lifetime = absl::ZeroDuration();
  UseThreads(options);
  std::atomic<bool> hangs = false;
  for (uint32_t i = 1; i <= 1000; ++i) {
    const bool may_hang = i % (1000 / kHanging) == 0;
    builder_.AddSubtree(Oid{1, 3, i}, kPeriod,
                        [&, may_hang](Contents& contents) {
                          contents.Put({1}, Integer32{number_});
                          if (may_hang && hangs) release_.WaitForNotification();
                          return absl::OkStatus();
                        });
  }
  Start();
  peer_.HearLine();
  threads_->AwaitIdle();
  hangs = true;
  number_ = 6;
  clock_->Advance(kPeriod);
  for (int step = 0; step < 400; ++step) {
    clock_->AwaitWaiters(1);
    clock_->Advance(absl::Milliseconds(100) / 400);
  }
  threads_->AwaitIdle(kHanging);
  for (uint32_t i = 1; i <= 1000; ++i) {
    const std::string name = Oid{1, 3, i, 1}.ToString();
    const int value = i % (1000 / kHanging) == 0 ? 5 : 6;
    EXPECT_EQ(Ask("get " + name), absl::StrCat(name, " = Integer32 ", value));
  }
}

TEST_F(AgentTest, KeepsNoOldSnapshotForASilentPeer) {
  ManualScheduler* const scheduler = UseManualScheduler();
  FakeStore* store = nullptr;
  builder_.SetStoreFactory([&store] {
    auto made = std::make_unique<FakeStore>();
    store = made.get();
    return made;
  });
  AddNumber();
  Start();
  peer_.HearLine();
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = Integer32 5");
  const std::weak_ptr<const Snapshot> held = store->snapshot();
  // An update that runs while that answer ends may leave the snapshot to the
  // next update.
  while (!held.expired()) scheduler->Advance(kPeriod);
  EXPECT_EQ(Ask("get .1.3.1"), ".1.3.1 = Integer32 5");
}

// --- Computed values ---

TEST_F(AgentTest, AWalkSkipsAComputedValueThatHangs) {
  AddComputedNumbers();
  Start();
  peer_.HearLine();
  peer_.Say("next .1.3.1\n");
  // The request and the scheduler.
  clock_->AwaitWaiters(2);
  clock_->Advance(absl::Milliseconds(500) - absl::Nanoseconds(1));
  clock_->AwaitWaiters(2);
  clock_->Advance(absl::Nanoseconds(1));
  EXPECT_EQ(peer_.HearLine(), ".1.3.3 = Integer32 3");
  EXPECT_THAT(log_.Take(),
              ElementsAre("DEADLINE_EXCEEDED: value of .1.3.2: absent: its "
                          "function has not returned yet"));
  // No later request waits for the function.
  EXPECT_EQ(Ask("next .1.3.1"), ".1.3.3 = Integer32 3");
  EXPECT_EQ(Ask("get .1.3.2"), ".1.3.2 = noSuchInstance");
}

TEST_F(AgentTest, WaitsForComputedValuesUpToTheLimit) {
  builder_.SetWaitingLimit(absl::Seconds(2));
  AddComputedNumbers();
  Start();
  peer_.HearLine();
  peer_.Say("get .1.3.2\n");
  clock_->AwaitWaiters(2);
  clock_->Advance(absl::Seconds(2) - absl::Nanoseconds(1));
  clock_->AwaitWaiters(2);
  release_.Notify();
  EXPECT_EQ(peer_.HearLine(), ".1.3.2 = Integer32 2");
  EXPECT_THAT(log_.Take(), IsEmpty());
}

TEST_F(AgentTest, UpdatesContinueAfterRunUntilTheAgentIsDestroyed) {
  std::atomic<int> updates = 0;
  builder_.AddSubtree(Oid{1, 3}, kPeriod, [&](Contents&) {
    ++updates;
    return absl::OkStatus();
  });
  peer_.Close();
  Start();
  EXPECT_THAT(Finish(), IsOk());
  clock_->AwaitWaiters(1);
  clock_->Advance(kPeriod);
  clock_->AwaitWaiters(1);
  EXPECT_EQ(updates, 2);
  agent_.reset();
  clock_->Advance(kPeriod);
  EXPECT_EQ(updates, 2);
}

TEST_F(AgentTest, DestructionWaitsForARunningUpdate) {
  absl::Notification running;
  std::atomic<bool> over = false;
  builder_.SetFirstUpdateTimeout(absl::ZeroDuration())
      .AddSubtree(Oid{1, 3}, kPeriod, [&](Contents&) {
        running.Notify();
        release_.WaitForNotificationWithTimeout(absl::Milliseconds(20));
        over = true;
        return absl::OkStatus();
      });
  peer_.Close();
  Start();
  EXPECT_THAT(Finish(), IsOk());
  running.WaitForNotification();
  agent_.reset();
  EXPECT_TRUE(over);
}

// --- Shutdown and notifications ---

TEST_F(AgentTest, ShutdownByAnotherThreadMakesRunReturn) {
  AddNumber();
  Start();
  peer_.HearLine();
  agent_->Shutdown();
  EXPECT_THAT(Finish(), IsOk());
  agent_->Shutdown();
}

TEST_F(AgentTest, ShutdownBeforeRunMakesItReturnToo) {
  AddNumber();
  Build();
  agent_->Shutdown();
  EXPECT_THAT(agent_->Run(), IsOk());
}

TEST_F(AgentTest, ShutdownDoesNotWaitForFirstUpdatesThatHang) {
  builder_.SetFirstUpdateTimeout(absl::InfiniteDuration());
  AddHangingNumber();
  Start();
  clock_->AwaitWaiters(1);
  agent_->Shutdown();
  EXPECT_THAT(Finish(), IsOk());
  EXPECT_THAT(log_.Take(), IsEmpty());
}

TEST_F(AgentTest, SendsNotificationsToItsPeer) {
  AddNumber();
  Start();
  peer_.HearLine();
  EXPECT_THAT(agent_->Notify({{1, 3, 6}, "", {}}), IsOk());
  EXPECT_EQ(peer_.HearLine(), "trap .1.3.6");
  EXPECT_THAT(agent_->Notify({{1, 3, 6}, "", {{{1}, Integer32{1}}}}),
              StatusIs(absl::StatusCode::kUnimplemented, _));
}

}  // namespace
}  // namespace passpersist
