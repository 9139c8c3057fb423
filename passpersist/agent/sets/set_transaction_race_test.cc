// SPDX-License-Identifier: Apache-2.0
//
// A manager gives up a set at the moment at which its setter returns. The
// thread sanitizer runs this test, too.

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent/calls/waker.h"
#include "passpersist/agent/sets/set_transaction.h"
#include "passpersist/agent/testing/make_mib_tree.h"
#include "passpersist/agent/testing/run_together.h"
#include "passpersist/agent/testing/set_transaction_fixture.h"
#include "passpersist/agent/testing/task_queue.h"
#include "passpersist/pdu.h"
#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

using testing::AnyOf;

constexpr int kRounds = 256;

// The other thread runs the function of the setter of .1.3.1.1, which is 1 and
// is set to 6.
class SetTransactionRaceTest : public SetTransactionTest {
 protected:
  void SetUp() override { Begin(); }

  void Begin() {
    set_ = std::make_shared<SetTransaction>(&late_, kBindings);
    asker_.now = absl::ZeroDuration();
    BeginRequest();
  }
  void BeginRequest() { asker_.deadline = asker_.now + absl::Seconds(1); }
  void PassDeadline() { asker_.now = asker_.deadline; }

  // Ends the set, and what it has left to do. Returns the calls of the setter.
  std::vector<std::string> End() {
    set_->CleanUp();
    tasks_.RunAll();
    set_ = nullptr;
    return TakeSteps();
  }

  // The last request has not been answered before.
  std::string Await(
      const std::function<std::optional<SetTransaction::Result>()>& advance) {
    std::string result = ResultText(advance());
    while (result == "waits") {
      tasks_.RunAll();
      std::this_thread::yield();
      result = ResultText(advance());
    }
    return result;
  }

  static size_t Count(const std::vector<std::string>& steps,
                      const std::string& name) {
    return std::count_if(steps.begin(), steps.end(), [&](const auto& step) {
      return absl::StartsWith(step, name);
    });
  }

  // Neither setter nor value are different from those of a new agent.
  void ExpectNoTrace(const std::string& value) {
    EXPECT_EQ(Get({1, 3, 1, 1}), ".1.3.1.1 = Integer32 " + value);
    Begin();
    EXPECT_EQ(Await([&] { return set_->Test(asker_); }), "noError 0");
    End();
    EXPECT_TRUE(PublishSet(objects_, {1, 3, 1, 1}, Integer32{1}));
  }

  const std::vector<VarBind> kBindings = {{{1, 3, 1, 1}, Integer32{6}}};
  TaskQueue tasks_;
  const SetTransaction::Shared late_{&objects_,          &errors_,
                                     &computed_values_,  &setter_locks_,
                                     tasks_.AsRunTask(), nullptr};
  std::shared_ptr<SetTransaction> set_;
};

TEST_F(SetTransactionRaceTest, ALateTestAndItsCleanUp) {
  for (int round = 0; round < kRounds; ++round) {
    Begin();
    EXPECT_EQ(ResultText(set_->Test(asker_)), "waits");
    RunTogether(
        round, [&] { tasks_.RunOne(); },
        [&] {
          PassDeadline();
          EXPECT_THAT(ResultText(set_->Test(asker_)),
                      AnyOf("noError 0", "resourceUnavailable 0"));
          set_->CleanUp();
        });
    tasks_.RunAll();
    const std::vector<std::string> steps = TakeSteps();
    EXPECT_EQ(Count(steps, "clean up"), Count(steps, "test"));
    EXPECT_EQ(Count(steps, "commit"), 0u);
    ExpectNoTrace("1");
  }
}

TEST_F(SetTransactionRaceTest, ALateSetAndItsReturn) {
  for (int round = 0; round < kRounds; ++round) {
    Begin();
    EXPECT_EQ(ResultText(set_->Set(asker_)), "waits");
    std::string result;
    RunTogether(
        round, [&] { tasks_.RunOne(); },
        [&] {
          PassDeadline();
          result = ResultText(set_->Set(asker_));
          set_->CleanUp();
        });
    tasks_.RunAll();
    const std::vector<std::string> steps = TakeSteps();
    const bool committed = result != "resourceUnavailable 0";
    if (committed) {
      EXPECT_THAT(result, AnyOf("noError 0", "undoFailed 0"));
    }
    EXPECT_EQ(Count(steps, "commit"), committed ? 1u : 0u);
    EXPECT_EQ(Count(steps, "undo"), 0u);
    EXPECT_EQ(Count(steps, "clean up"), Count(steps, "test"));
    ExpectNoTrace(committed ? "6" : "1");
  }
}

TEST_F(SetTransactionRaceTest, ALateCommitAndItsUndo) {
  for (int round = 0; round < kRounds; ++round) {
    Begin();
    EXPECT_EQ(Await([&] { return set_->Test(asker_); }), "noError 0");
    EXPECT_EQ(ResultText(set_->Commit(asker_)), "waits");
    std::string undone;
    RunTogether(
        round, [&] { tasks_.RunOne(); },
        [&] {
          PassDeadline();
          // Only a manager whose set has failed undoes it, or one whose set of
          // another agent has.
          EXPECT_THAT(
              ResultText(set_->Commit(asker_)),
              AnyOf("noError 0", "undoFailed 0", "resourceUnavailable 0"));
          BeginRequest();
          undone = ResultText(set_->Undo(asker_));
        });
    if (undone == "waits") {
      EXPECT_EQ(Await([&] { return set_->Undo(asker_); }), "noError 0");
    } else {
      EXPECT_EQ(undone, "undoFailed 0");
    }
    const std::vector<std::string> steps = End();
    EXPECT_EQ(Count(steps, "undo"), Count(steps, "commit"));
    EXPECT_EQ(Count(steps, "clean up"), 1u);
    ExpectNoTrace("1");
  }
}

// Each of two connections waits for the setter that the other one uses.
TEST_F(SetTransactionRaceTest, TwoSetsOfOneSetter) {
  const std::vector<VarBind> bindings = {{{1, 3, 1, 1}, Integer32{7}}};
  for (int round = 0; round < kRounds; ++round) {
    Begin();
    const auto other = std::make_shared<SetTransaction>(&late_, bindings);
    SetTransaction::Asker other_asker = asker_;
    other_asker.waker = std::make_shared<Waker>(&clock_, nullptr);
    const auto await = [](TaskQueue* tasks, auto advance) {
      std::optional<SetTransaction::Result> result = advance();
      while (!result) {
        // Runs the function of either.
        tasks->TryRunOne();
        std::this_thread::yield();
        result = advance();
      }
      EXPECT_EQ(ResultText(result), "noError 0");
    };
    RunTogether(
        round, [&] { await(&tasks_, [&] { return other->Set(other_asker); }); },
        [&] { await(&tasks_, [&] { return set_->Set(asker_); }); });
    other->CleanUp();
    const std::vector<std::string> steps = End();
    // One after the other.
    ASSERT_EQ(steps.size(), 6u);
    EXPECT_EQ(steps[3].substr(0, 4), "test");
    EXPECT_EQ(Get({1, 3, 1, 1}), steps[3].substr(5).insert(0, ".1.3.1"));
  }
}

}  // namespace
}  // namespace passpersist::internal
