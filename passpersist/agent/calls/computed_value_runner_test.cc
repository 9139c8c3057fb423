// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/calls/computed_value_runner.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "passpersist/agent/calls/waker.h"
#include "passpersist/agent/testing/task_queue.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/oid.h"
#include "passpersist/stored_value.h"
#include "passpersist/testing/simulated_clock.h"
#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

using passpersist_testing::SimulatedClock;
using Asker = ComputedValueRunner::Asker;

constexpr absl::Duration kLate = absl::Milliseconds(500);
constexpr char kNotYet[] =
    "DEADLINE_EXCEEDED: absent: its function has not returned yet";

const Oid kOid = {1, 3, 1};
const Oid kOther = {1, 3, 2};

// Functions hang until the test runs their tasks. They count their calls.
class ComputedValueRunnerTest : public testing::Test {
 protected:
  Asker NewAsker(absl::Duration limit = kLate) {
    Asker asker;
    asker.now = clock_.Now();
    asker.deadline = asker.now + limit;
    asker.grace_deadline = asker.deadline;
    asker.waker = waker_;
    return asker;
  }

  // "waits", or the answer.
  std::string Ask(const Oid& oid, Asker* asker, size_t subtree = 0) {
    asker->now = clock_.Now();
    const auto answer = runner_.Ask(subtree, oid, counting_, asker);
    if (!answer) return "waits";
    return answer->value.ok()
               ? absl::StrCat(std::get<Integer32>(*answer->value).value)
               : answer->value.status().ToString();
  }
  // A request of its own.
  std::string Ask(const Oid& oid, size_t subtree = 0) {
    Asker asker = NewAsker();
    return Ask(oid, &asker, subtree);
  }

  bool Begin(const Oid& oid) {
    return runner_.Begin(0, oid, counting_, clock_.Now());
  }

  // A function that was called, and is late.
  void MakeLate(const Oid& oid) {
    ASSERT_EQ(Ask(oid), "waits");
    clock_.Advance(kLate + absl::Milliseconds(1));
  }

  int32_t calls_ = 0;
  const ComputedValue counting_{[this] { return Integer32{++calls_}; }};
  SimulatedClock clock_;
  const std::shared_ptr<Waker> waker_ =
      std::make_shared<Waker>(&clock_, nullptr);
  TaskQueue tasks_;
  ComputedValueRunner runner_{
      &clock_, {kLate, absl::Seconds(30), 3}, tasks_.AsRunTask()};
};

// --- Calls in time ---

TEST_F(ComputedValueRunnerTest, ARequestWaitsForTheFunction) {
  Asker asker = NewAsker();
  EXPECT_EQ(Ask(kOid, &asker), "waits");
  EXPECT_EQ(Ask(kOid, &asker), "waits");
  EXPECT_EQ(tasks_.size(), 1u);
  tasks_.RunAll();
  // Returns at once, since it was woken.
  waker_->WaitUntil(absl::InfiniteDuration());
  EXPECT_EQ(Ask(kOid, &asker), "1");
}

TEST_F(ComputedValueRunnerTest, ARequestCallsAFunctionOnce) {
  Asker asker = NewAsker();
  EXPECT_EQ(Ask(kOid, &asker), "waits");
  tasks_.RunAll();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Ask(kOid, &asker), "1");
  EXPECT_EQ(tasks_.size(), 0u);
}

TEST_F(ComputedValueRunnerTest, EachRequestCallsTheFunctionAgain) {
  for (int i = 1; i <= 3; ++i) {
    Asker asker = NewAsker();
    EXPECT_EQ(Ask(kOid, &asker), "waits");
    tasks_.RunAll();
    EXPECT_EQ(Ask(kOid, &asker), absl::StrCat(i));
  }
}

TEST_F(ComputedValueRunnerTest, RequestsForTheSameInstanceShareACall) {
  Asker first = NewAsker();
  Asker second = NewAsker();
  second.waker = std::make_shared<Waker>(&clock_, nullptr);
  EXPECT_EQ(Ask(kOid, &first), "waits");
  EXPECT_EQ(Ask(kOid, &second), "waits");
  tasks_.RunAll();
  waker_->WaitUntil(absl::InfiniteDuration());
  second.waker->WaitUntil(absl::InfiniteDuration());
  EXPECT_EQ(Ask(kOid, &first), "1");
  EXPECT_EQ(Ask(kOid, &second), "1");
}

TEST_F(ComputedValueRunnerTest, ErrorsAndExceptionsAreAnswers) {
  const auto ask = [this](ComputedValue::Function function) {
    ComputedValueRunner runner(&clock_, {}, RunInline());
    Asker asker = NewAsker();
    return runner.Ask(0, kOid, ComputedValue(std::move(function)), &asker)
        ->value.status()
        .ToString();
  };
  EXPECT_EQ(ask([]() -> absl::StatusOr<Value> {
              return absl::NotFoundError("no sensor");
            }),
            "NOT_FOUND: no sensor");
  EXPECT_EQ(ask([]() -> absl::StatusOr<Value> {
              throw std::runtime_error("no such file");
            }),
            "INTERNAL: exception: no such file");
}

TEST_F(ComputedValueRunnerTest, ATaskDestroysItsFunctionBeforeItAnswers) {
  auto held = std::make_shared<int>(7);
  const std::weak_ptr<int> watched = held;
  Asker asker = NewAsker();
  runner_.Ask(0, kOid, ComputedValue([held] { return Integer32{*held}; }),
              &asker);
  held.reset();
  EXPECT_FALSE(watched.expired());
  tasks_.RunAll();
  EXPECT_TRUE(watched.expired());
}

// --- Late calls ---

TEST_F(ComputedValueRunnerTest, ARequestLeavesAFunctionAtItsDeadline) {
  Asker asker = NewAsker();
  EXPECT_EQ(Ask(kOid, &asker), "waits");
  clock_.Advance(kLate - absl::Milliseconds(1));
  EXPECT_EQ(Ask(kOid, &asker), "waits");
  clock_.Advance(absl::Milliseconds(1));
  EXPECT_EQ(Ask(kOid, &asker), kNotYet);
}

TEST_F(ComputedValueRunnerTest, NobodyWaitsForALateFunction) {
  MakeLate(kOid);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Ask(kOid), kNotYet);
  EXPECT_EQ(tasks_.size(), 1u);
  EXPECT_EQ(Ask(kOther), "waits");
}

// A value that always takes longer is served from the second request on.
TEST_F(ComputedValueRunnerTest, ALateAnswerIsServedAndTheNextCallBegins) {
  MakeLate(kOid);
  for (int i = 1; i <= 3; ++i) {
    tasks_.RunAll();
    clock_.Advance(absl::Seconds(2));
    EXPECT_EQ(Ask(kOid), absl::StrCat(i));
    EXPECT_EQ(tasks_.size(), 1u);
    clock_.Advance(absl::Seconds(2));
    EXPECT_EQ(Ask(kOid), absl::StrCat(i));
    EXPECT_EQ(tasks_.size(), 1u);
  }
}

TEST_F(ComputedValueRunnerTest, AKeptAnswerIsNotServedWhenItIsOld) {
  MakeLate(kOid);
  tasks_.RunAll();
  clock_.Advance(absl::Seconds(30));
  EXPECT_EQ(Ask(kOid), "1");
  clock_.Advance(absl::Milliseconds(1));
  EXPECT_EQ(Ask(kOid), kNotYet);
}

TEST_F(ComputedValueRunnerTest, AFunctionThatIsInTimeAgainIsWaitedForAgain) {
  MakeLate(kOid);
  tasks_.RunAll();
  clock_.Advance(absl::Seconds(2));
  EXPECT_EQ(Ask(kOid), "1");
  tasks_.RunAll();
  clock_.Advance(absl::Seconds(2));
  Asker asker = NewAsker();
  EXPECT_EQ(Ask(kOid, &asker), "waits");
  tasks_.RunAll();
  EXPECT_EQ(Ask(kOid, &asker), "3");
}

// The update of a table makes new functions for the same instances.
TEST_F(ComputedValueRunnerTest, AnInstanceIsIdentifiedByItsName) {
  MakeLate(kOid);
  Asker asker = NewAsker();
  const auto answer =
      runner_.Ask(0, kOid, ComputedValue([] { return Integer32{7}; }), &asker);
  EXPECT_EQ(answer->value.status().ToString(), kNotYet);
}

TEST_F(ComputedValueRunnerTest, LateFunctionsOfASubtreeAreBounded) {
  for (uint32_t i = 0; i < 3; ++i) {
    ASSERT_EQ(Ask({1, 4, i}), "waits");
  }
  // Late before, but not running.
  ASSERT_EQ(Ask(kOid), "waits");
  clock_.Advance(absl::Seconds(1));
  tasks_.RunOne(3);
  clock_.Advance(absl::Seconds(2));
  EXPECT_EQ(Ask(kOid), "1");
  EXPECT_EQ(tasks_.size(), 3u);
  // Functions that were not late are called, a few at a time.
  for (uint32_t i = 0; i < 4; ++i) {
    EXPECT_EQ(Ask({1, 5, i}), "waits");
  }
  EXPECT_EQ(Ask({1, 5, 4}),
            "RESOURCE_EXHAUSTED: absent: the functions of 3 other computed "
            "values of the subtree have not returned yet");
  // Another subtree.
  EXPECT_EQ(Ask({1, 6}, 1), "waits");
  tasks_.RunAll();
  EXPECT_EQ(Ask(kOid), "1");
  EXPECT_EQ(tasks_.size(), 1u);
}

TEST_F(ComputedValueRunnerTest, AFunctionWithoutAThreadIsAnError) {
  tasks_.set_full(true);
  EXPECT_EQ(Ask(kOid),
            "RESOURCE_EXHAUSTED: absent: there is no thread to compute it on");
  EXPECT_FALSE(Begin(kOid));
  tasks_.set_full(false);
  EXPECT_EQ(Ask(kOid), "waits");
}

// --- Requests that cannot wait ---

TEST_F(ComputedValueRunnerTest, ARequestThatCannotWaitGetsTheKeptAnswer) {
  Asker first = NewAsker();
  ASSERT_EQ(Ask(kOid, &first), "waits");
  tasks_.RunAll();
  ASSERT_EQ(Ask(kOid, &first), "1");
  for (int i = 1; i <= 3; ++i) {
    Asker hasty = NewAsker(absl::ZeroDuration());
    EXPECT_EQ(Ask(kOid, &hasty), absl::StrCat(i));
    EXPECT_EQ(tasks_.size(), 1u);
    tasks_.RunAll();
    clock_.Advance(absl::Seconds(2));
  }
}

TEST_F(ComputedValueRunnerTest, ARequestWaitsForAYoungCallUntilTheGrace) {
  Asker asker = NewAsker(absl::ZeroDuration());
  asker.grace_deadline = absl::Milliseconds(50);
  EXPECT_EQ(Ask(kOid, &asker), "waits");
  clock_.Advance(ComputedValueRunner::kMoment.ToDuration() -
                 absl::Milliseconds(1));
  EXPECT_EQ(Ask(kOid, &asker), "waits");
  clock_.Advance(absl::Milliseconds(1));
  EXPECT_EQ(Ask(kOid, &asker), kNotYet);
}

// --- Calls for requests to come ---

TEST_F(ComputedValueRunnerTest, ABegunCallServesTheNextRequest) {
  EXPECT_TRUE(Begin(kOid));
  EXPECT_FALSE(Begin(kOid));
  tasks_.RunAll();
  EXPECT_FALSE(Begin(kOid));
  EXPECT_EQ(Ask(kOid), "1");
  EXPECT_EQ(tasks_.size(), 0u);
  EXPECT_EQ(Ask(kOid), "waits");
}

TEST_F(ComputedValueRunnerTest, TheAnswerOfABegunCallIsNewForASecond) {
  EXPECT_TRUE(Begin(kOid));
  tasks_.RunAll();
  clock_.Advance(absl::Seconds(1));
  EXPECT_TRUE(Begin(kOid));
  tasks_.RunAll();
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Ask(kOid), "waits");
}

// --- Sets ---

TEST_F(ComputedValueRunnerTest, AnAnswerFromBeforeASetIsNotServed) {
  Asker asker = NewAsker();
  EXPECT_EQ(Ask(kOid, &asker), "waits");
  runner_.Discard(kOid);
  tasks_.RunAll();
  EXPECT_EQ(Ask(kOid, &asker), "waits");
  tasks_.RunAll();
  EXPECT_EQ(Ask(kOid, &asker), "2");

  MakeLate(kOther);
  tasks_.RunAll();
  runner_.Discard(kOther);
  clock_.Advance(absl::Seconds(2));
  EXPECT_EQ(Ask(kOther), kNotYet);
}

// --- Many threads ---

TEST(ComputedValueRunnerThreadsTest, ServesManyThreadsAtOnce) {
  SimulatedClock clock;
  std::vector<std::thread> workers;
  absl::Mutex mutex;
  ComputedValueRunner runner(&clock, {}, [&](auto task) {
    MutexLock lock(mutex);
    workers.emplace_back(std::move(task));
    return true;
  });
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      const auto waker = std::make_shared<Waker>(&clock, nullptr);
      for (uint32_t i = 0; i < 100; ++i) {
        Asker asker;
        asker.deadline = absl::InfiniteDuration();
        asker.waker = waker;
        std::optional<ComputedValue::Result> answer;
        while (!(answer = runner.Ask(0, {1, i % 3},
                                     ComputedValue([] { return Integer32{7}; }),
                                     &asker))) {
          waker->WaitUntil(absl::InfiniteDuration());
        }
        EXPECT_EQ(answer->value.value(), Value(Integer32{7}));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::thread& worker : workers) worker.join();
}

}  // namespace
}  // namespace passpersist::internal
