// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/computed_value_runner.h"

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/oid.h"
#include "passpersist/stored_value.h"
#include "passpersist/testing/simulated_clock.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/testing/thread_shortage.h"
#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

using passpersist_testing::IsOk;
using passpersist_testing::SimulatedClock;
using passpersist_testing::StatusIs;
using passpersist_testing::ThreadShortage;
using testing::HasSubstr;

constexpr absl::Duration kLimit = absl::Milliseconds(500);
constexpr absl::string_view kNotYet =
    "absent: the function that finds it has not returned yet";

const Oid kOid = {1, 3, 1};
const Oid kOther = {1, 3, 2};

ComputedValue Seven() {
  return ComputedValue([] { return Integer32{7}; });
}

class ComputedValueRunnerTest : public testing::Test {
 protected:
  ~ComputedValueRunnerTest() override {
    if (!release_.HasBeenNotified()) release_.Notify();
  }

  // Waits for release_ and is 8 then.
  ComputedValue Hanging() {
    return ComputedValue([this] {
      release_.WaitForNotification();
      MutexLock lock(mutex_);
      ++returned_;
      return Integer32{8};
    });
  }

  // Calls a function that hangs, and lets the limit pass.
  absl::StatusOr<Value> CallLate(const Oid& oid) {
    absl::StatusOr<Value> answer;
    std::thread request([&] { answer = caller_.Call(oid, Hanging()); });
    clock_.AwaitWaiters(1);
    clock_.Advance(kLimit);
    request.join();
    return answer;
  }

  void ReleaseAndAwait(int count) {
    release_.Notify();
    MutexLock lock(mutex_);
    const auto all_returned = [this, count]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(
                                  mutex_) { return returned_ == count; };
    mutex_.Await(absl::Condition(&all_returned));
  }

  // Asks until the worker that was late has come back, as a manager would.
  absl::StatusOr<Value> CallUntilThere(const Oid& oid,
                                       const ComputedValue& lazy) {
    while (true) {
      absl::StatusOr<Value> answer = caller_.Call(oid, lazy);
      if (!absl::IsDeadlineExceeded(answer.status()) &&
          !absl::IsResourceExhausted(answer.status())) {
        return answer;
      }
      std::this_thread::yield();
    }
  }

  absl::Notification release_;
  absl::Mutex mutex_;
  int returned_ ABSL_GUARDED_BY(mutex_) = 0;
  SimulatedClock clock_;
  ComputedValueRunner caller_{&clock_, kLimit};
};

TEST_F(ComputedValueRunnerTest, ReturnsWhatTheFunctionReturns) {
  EXPECT_EQ(caller_.Call(kOid, Seven()).value(), Value(Integer32{7}));
  EXPECT_THAT(caller_.Call(kOid, ComputedValue([]() -> absl::StatusOr<Value> {
                             return absl::NotFoundError("no sensor");
                           })),
              StatusIs(absl::StatusCode::kNotFound, "no sensor"));
}

TEST_F(ComputedValueRunnerTest, MakesAnErrorOfAnException) {
  EXPECT_THAT(caller_.Call(kOid, ComputedValue([]() -> absl::StatusOr<Value> {
                             throw std::runtime_error("no such file");
                           })),
              StatusIs(absl::StatusCode::kInternal, "exception: no such file"));
}

TEST_F(ComputedValueRunnerTest, CallsAllFunctionsThatAreInTimeOnOneThread) {
  std::thread::id first;
  std::thread::id second;
  const auto note = [](std::thread::id* id) {
    return ComputedValue([id] {
      *id = std::this_thread::get_id();
      return Integer32{1};
    });
  };
  ASSERT_THAT(caller_.Call(kOid, note(&first)), IsOk());
  ASSERT_THAT(caller_.Call(kOther, note(&second)), IsOk());
  EXPECT_EQ(first, second);
  EXPECT_NE(first, std::this_thread::get_id());
}

TEST_F(ComputedValueRunnerTest, CallsOnTheThreadThatAsksIfThereIsNoLimit) {
  ComputedValueRunner caller(&clock_, absl::InfiniteDuration());
  std::thread::id id;
  ASSERT_THAT(caller.Call(kOid, ComputedValue([&id] {
                            id = std::this_thread::get_id();
                            return Integer32{1};
                          })),
              IsOk());
  EXPECT_EQ(id, std::this_thread::get_id());
}

TEST_F(ComputedValueRunnerTest, GivesUpAFunctionThatIsLate) {
  EXPECT_THAT(CallLate(kOid), StatusIs(absl::StatusCode::kDeadlineExceeded,
                                       HasSubstr("not there within 500ms")));
}

// A clock that stands still: nothing waits, or the test would hang.
TEST_F(ComputedValueRunnerTest,
       WaitsForNoInstanceASecondTimeWhileItsFunctionHangs) {
  ASSERT_FALSE(CallLate(kOid).ok());
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(caller_.Call(kOid, Hanging()),
                StatusIs(absl::StatusCode::kDeadlineExceeded, kNotYet));
  }
}

// The update of a table makes new functions for the same instances.
TEST_F(ComputedValueRunnerTest, KnowsALateInstanceByItsNameNotByItsFunction) {
  ASSERT_FALSE(CallLate(kOid).ok());
  EXPECT_THAT(caller_.Call(kOid, Seven()),
              StatusIs(absl::StatusCode::kDeadlineExceeded, kNotYet));
}

TEST_F(ComputedValueRunnerTest, FindsOtherValuesWhileOneIsLate) {
  ASSERT_FALSE(CallLate(kOid).ok());
  EXPECT_EQ(caller_.Call(kOther, Seven()).value(), Value(Integer32{7}));
}

TEST_F(ComputedValueRunnerTest, DropsWhatComesLateAndAsksAgain) {
  ASSERT_FALSE(CallLate(kOid).ok());
  ReleaseAndAwait(1);
  EXPECT_EQ(CallUntilThere(kOid, Seven()).value(), Value(Integer32{7}));
}

TEST_F(ComputedValueRunnerTest, LeavesAloneAtMostSixteenThreads) {
  static_assert(ComputedValueRunner::kMaxLate == 16);
  for (uint32_t i = 0; i < ComputedValueRunner::kMaxLate; ++i) {
    ASSERT_THAT(CallLate({1, 4, i}),
                StatusIs(absl::StatusCode::kDeadlineExceeded, testing::_));
  }
  EXPECT_THAT(caller_.Call(kOid, Seven()),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       "absent: the functions of 16 other lazy values have not "
                       "returned yet"));
  ReleaseAndAwait(ComputedValueRunner::kMaxLate);
  EXPECT_EQ(CallUntilThere(kOid, Seven()).value(), Value(Integer32{7}));
}

TEST_F(ComputedValueRunnerTest,
       FindsNoValueWhileThereIsNoThreadForItsFunction) {
  {
    const ThreadShortage shortage;
    for (int i = 0; i < 2; ++i) {
      EXPECT_THAT(caller_.Call(kOid, Seven()),
                  StatusIs(absl::StatusCode::kResourceExhausted,
                           "absent: cannot start a thread: Resource "
                           "temporarily unavailable"));
    }
  }
  EXPECT_EQ(caller_.Call(kOid, Seven()).value(), Value(Integer32{7}));
  // The worker that is there now does.
  const ThreadShortage shortage;
  EXPECT_EQ(caller_.Call(kOther, Seven()).value(), Value(Integer32{7}));
}

TEST_F(ComputedValueRunnerTest, LetsGoOfAFunctionBeforeItAnswers) {
  auto held = std::make_shared<int>(7);
  const std::weak_ptr<int> watched = held;
  ASSERT_THAT(
      caller_.Call(kOid, ComputedValue([held] { return Integer32{*held}; })),
      IsOk());
  held.reset();
  EXPECT_TRUE(watched.expired());
}

TEST_F(ComputedValueRunnerTest, ServesManyThreadsAtOnce) {
  std::vector<std::thread> threads;
  for (int32_t thread = 0; thread < 4; ++thread) {
    threads.emplace_back([this, thread] {
      for (int32_t i = 0; i < 500; ++i) {
        EXPECT_EQ(caller_
                      .Call(kOid, ComputedValue([thread, i] {
                              return Integer32{thread * 1000 + i};
                            }))
                      .value(),
                  Value(Integer32{thread * 1000 + i}));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(ComputedValueRunnerEndTest, WaitsForFunctionsUnderWay) {
  SimulatedClock clock;
  absl::Notification release;
  bool returned = false;
  auto caller = std::make_unique<ComputedValueRunner>(&clock, kLimit);
  std::thread request([&] {
    EXPECT_FALSE(caller
                     ->Call(kOid, ComputedValue([&] {
                              release.WaitForNotification();
                              returned = true;
                              return Integer32{8};
                            }))
                     .ok());
  });
  clock.AwaitWaiters(1);
  clock.Advance(kLimit);
  request.join();
  std::thread releaser([&] { release.Notify(); });
  caller = nullptr;
  EXPECT_TRUE(returned);
  releaser.join();
}

}  // namespace
}  // namespace passpersist::internal
