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
    "absent: its function has not returned yet";

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

  // Waits for release_, then returns 8.
  ComputedValue Hanging() {
    return ComputedValue([this] {
      release_.WaitForNotification();
      MutexLock lock(mutex_);
      ++returned_;
      return Integer32{8};
    });
  }

  // Calls a function that hangs until the limit has passed.
  absl::StatusOr<Value> CallLate(const Oid& oid) {
    absl::StatusOr<Value> answer;
    std::thread request([&] { answer = runner_.Call(oid, Hanging()); });
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

  // Retries until the late worker is idle again, as a manager does.
  absl::StatusOr<Value> CallUntilThere(const Oid& oid,
                                       const ComputedValue& computed) {
    while (true) {
      absl::StatusOr<Value> answer = runner_.Call(oid, computed);
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
  ComputedValueRunner runner_{&clock_, kLimit};
};

TEST_F(ComputedValueRunnerTest, ReturnsWhatTheFunctionReturns) {
  EXPECT_EQ(runner_.Call(kOid, Seven()).value(), Value(Integer32{7}));
  EXPECT_THAT(runner_.Call(kOid, ComputedValue([]() -> absl::StatusOr<Value> {
                             return absl::NotFoundError("no sensor");
                           })),
              StatusIs(absl::StatusCode::kNotFound, "no sensor"));
}

TEST_F(ComputedValueRunnerTest, TurnsAnExceptionIntoAnError) {
  EXPECT_THAT(runner_.Call(kOid, ComputedValue([]() -> absl::StatusOr<Value> {
                             throw std::runtime_error("no such file");
                           })),
              StatusIs(absl::StatusCode::kInternal, "exception: no such file"));
}

TEST_F(ComputedValueRunnerTest, CallsFunctionsThatAreInTimeOnOneThread) {
  std::thread::id first;
  std::thread::id second;
  const auto store_id = [](std::thread::id* id) {
    return ComputedValue([id] {
      *id = std::this_thread::get_id();
      return Integer32{1};
    });
  };
  ASSERT_THAT(runner_.Call(kOid, store_id(&first)), IsOk());
  ASSERT_THAT(runner_.Call(kOther, store_id(&second)), IsOk());
  EXPECT_EQ(first, second);
  EXPECT_NE(first, std::this_thread::get_id());
}

TEST_F(ComputedValueRunnerTest, CallsOnTheCallingThreadIfThereIsNoLimit) {
  ComputedValueRunner runner(&clock_, absl::InfiniteDuration());
  std::thread::id id;
  ASSERT_THAT(runner.Call(kOid, ComputedValue([&id] {
                            id = std::this_thread::get_id();
                            return Integer32{1};
                          })),
              IsOk());
  EXPECT_EQ(id, std::this_thread::get_id());
}

TEST_F(ComputedValueRunnerTest, AbandonsAFunctionThatIsLate) {
  EXPECT_THAT(CallLate(kOid), StatusIs(absl::StatusCode::kDeadlineExceeded,
                                       HasSubstr("not computed within 500ms")));
}

// The clock stands still, so a wait would hang the test.
TEST_F(ComputedValueRunnerTest,
       DoesNotWaitAgainForAnInstanceWhoseFunctionHangs) {
  ASSERT_FALSE(CallLate(kOid).ok());
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(runner_.Call(kOid, Hanging()),
                StatusIs(absl::StatusCode::kDeadlineExceeded, kNotYet));
  }
}

// The update of a table makes new functions for the same instances.
TEST_F(ComputedValueRunnerTest,
       IdentifiesALateInstanceByItsOidNotByItsFunction) {
  ASSERT_FALSE(CallLate(kOid).ok());
  EXPECT_THAT(runner_.Call(kOid, Seven()),
              StatusIs(absl::StatusCode::kDeadlineExceeded, kNotYet));
}

TEST_F(ComputedValueRunnerTest, ComputesOtherValuesWhileOneIsLate) {
  ASSERT_FALSE(CallLate(kOid).ok());
  EXPECT_EQ(runner_.Call(kOther, Seven()).value(), Value(Integer32{7}));
}

TEST_F(ComputedValueRunnerTest, DropsALateResultAndCallsAgain) {
  ASSERT_FALSE(CallLate(kOid).ok());
  ReleaseAndAwait(1);
  EXPECT_EQ(CallUntilThere(kOid, Seven()).value(), Value(Integer32{7}));
}

TEST_F(ComputedValueRunnerTest, AbandonsAtMostSixteenThreads) {
  static_assert(ComputedValueRunner::kMaxLate == 16);
  for (uint32_t i = 0; i < ComputedValueRunner::kMaxLate; ++i) {
    ASSERT_THAT(CallLate({1, 4, i}),
                StatusIs(absl::StatusCode::kDeadlineExceeded, testing::_));
  }
  EXPECT_THAT(
      runner_.Call(kOid, Seven()),
      StatusIs(absl::StatusCode::kResourceExhausted,
               "absent: the functions of 16 other computed values have not "
               "returned yet"));
  ReleaseAndAwait(ComputedValueRunner::kMaxLate);
  EXPECT_EQ(CallUntilThere(kOid, Seven()).value(), Value(Integer32{7}));
}

TEST_F(ComputedValueRunnerTest,
       ReturnsAnErrorWhileThereIsNoThreadForTheFunction) {
  {
    const ThreadShortage shortage;
    for (int i = 0; i < 2; ++i) {
      EXPECT_THAT(runner_.Call(kOid, Seven()),
                  StatusIs(absl::StatusCode::kResourceExhausted,
                           "absent: cannot start a thread: Resource "
                           "temporarily unavailable"));
    }
  }
  EXPECT_EQ(runner_.Call(kOid, Seven()).value(), Value(Integer32{7}));
  // The idle worker needs no new thread.
  const ThreadShortage shortage;
  EXPECT_EQ(runner_.Call(kOther, Seven()).value(), Value(Integer32{7}));
}

TEST_F(ComputedValueRunnerTest, DestroysAFunctionBeforeItAnswers) {
  auto held = std::make_shared<int>(7);
  const std::weak_ptr<int> watched = held;
  ASSERT_THAT(
      runner_.Call(kOid, ComputedValue([held] { return Integer32{*held}; })),
      IsOk());
  held.reset();
  EXPECT_TRUE(watched.expired());
}

TEST_F(ComputedValueRunnerTest, ServesManyThreadsAtOnce) {
  std::vector<std::thread> threads;
  for (int32_t thread = 0; thread < 4; ++thread) {
    threads.emplace_back([this, thread] {
      for (int32_t i = 0; i < 500; ++i) {
        EXPECT_EQ(runner_
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

TEST(ComputedValueRunnerEndTest, WaitsForRunningFunctions) {
  SimulatedClock clock;
  absl::Notification release;
  bool returned = false;
  auto runner = std::make_unique<ComputedValueRunner>(&clock, kLimit);
  std::thread request([&] {
    EXPECT_FALSE(runner
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
  runner = nullptr;
  EXPECT_TRUE(returned);
  releaser.join();
}

}  // namespace
}  // namespace passpersist::internal
