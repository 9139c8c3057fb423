// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_TESTING_SET_TRANSACTION_FIXTURE_H_
#define PASSPERSIST_AGENT_TESTING_SET_TRANSACTION_FIXTURE_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "passpersist/agent/calls/computed_value_runner.h"
#include "passpersist/agent/calls/waker.h"
#include "passpersist/agent/errors/error_reporter.h"
#include "passpersist/agent/mib/mib_tree.h"
#include "passpersist/agent/sets/set_transaction.h"
#include "passpersist/agent/sets/setter_locks.h"
#include "passpersist/agent/testing/make_mib_tree.h"
#include "passpersist/agent/testing/task_queue.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/setter.h"
#include "passpersist/stored_value.h"
#include "passpersist/testing/error_log.h"
#include "passpersist/testing/fake_setter.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/testing/response_text.h"
#include "passpersist/testing/simulated_clock.h"
#include "passpersist/value.h"

namespace passpersist::internal {

// Allows only the instance at its root to be created, and makes no assignment.
class EmptyHandedSetter : public Setter {
 public:
  bool AllowsCreate(const Oid& suffix) const override { return suffix.empty(); }
  TestResult Test(absl::Span<const SetBinding>) override {
    return ErrorStatus::kNoError;
  }
};

// A subtree at .1.3, where each of .1.3.1, .1.3.5 and .1.3.6 has a
// passpersist_testing::FakeSetter, and a subtree at .1.5 without a setter.
class SetTransactionTest : public testing::Test {
 protected:
  std::string Test(const std::vector<VarBind>& bindings) {
    transaction_ = NewTransaction(bindings);
    return ResultText(transaction_->Test(asker_));
  }
  std::string Commit() { return ResultText(transaction_->Commit(asker_)); }
  std::string Undo() { return ResultText(transaction_->Undo(asker_)); }
  void CleanUp() { std::exchange(transaction_, nullptr)->CleanUp(); }

  // Ends the last transaction first: it may hold the same setters.
  std::shared_ptr<SetTransaction> NewTransaction(
      const std::vector<VarBind>& bindings) {
    if (transaction_ != nullptr) CleanUp();
    return std::make_shared<SetTransaction>(&shared_, bindings);
  }

  static std::string ResultText(
      const std::optional<SetTransaction::Result>& result) {
    if (!result) return "waits";
    return absl::StrCat(ErrorStatusName(result->error), " ", result->index);
  }

  std::string Get(const Oid& oid) {
    ResponseVarBind found = {oid, Exception::kNoSuchInstance};
    if (const auto stored = objects_.Find(oid)->Find(oid)) {
      const auto* const computed = std::get_if<ComputedValue>(&*stored);
      found.value = computed == nullptr ? std::get<Value>(*stored)
                                        : (*computed)().value();
    }
    return passpersist_testing::Text(found);
  }

  // The calls of the setter since the last TakeSteps().
  passpersist_testing::FakeSetter::Log TakeSteps() {
    return std::exchange(steps_, {});
  }

  MibTree::Setters MakeSetters() {
    MibTree::Setters setters;
    for (const Oid& root : {Oid{1, 3, 1}, Oid{1, 3, 5}, Oid{1, 3, 6}}) {
      auto setter = std::make_unique<passpersist_testing::FakeSetter>(
          &steps_, [this](const std::string& step) { return outcome_(step); });
      fake_setters_[root] = setter.get();
      setters[root] = std::move(setter);
    }
    setters[Oid{1, 3, 2}] =
        MakeSetter([this](const Oid& suffix, const Value& value) {
          if (suffix == function_error_) return ErrorStatus::kWrongValue;
          steps_.push_back(
              absl::StrCat("set ", passpersist_testing::Text({suffix, value})));
          return ErrorStatus::kNoError;
        });
    setters[Oid{1, 3, 9}] = std::make_unique<EmptyHandedSetter>();
    return setters;
  }

  passpersist_testing::FakeSetter::Log steps_;
  std::map<Oid, passpersist_testing::FakeSetter*> fake_setters_;
  passpersist_testing::FakeSetter::Outcome outcome_ = [](const std::string&) {
    return ErrorStatus::kNoError;
  };
  const std::shared_ptr<passpersist_testing::FakeStore> store_ =
      std::make_shared<passpersist_testing::FakeStore>(
          passpersist_testing::FakeStore::Entries{
              {{1, 1}, Integer32{1}},
              {{1, 2}, OctetString{"two"}},
              {{1, 3}, Counter64{3}},
              {{1, 4}, Opaque::FromFloat(4)},
              {{2, 0}, Integer32{5}},
              {{4, 0}, Integer32{5}},
              {{5, 2}, OctetString{"two"}},
          });
  const std::shared_ptr<passpersist_testing::FakeStore> other_store_ =
      std::make_shared<passpersist_testing::FakeStore>();
  std::optional<Oid> function_error_;  // rejected by the setter of .1.3.2
  const MibTree objects_ =
      MakeMibTree({{Oid{1, 3}, store_}, {Oid{1, 5}, other_store_}},
                  MakeSetters(), /*is_updated=*/true);
  passpersist_testing::SimulatedClock clock_;
  passpersist_testing::ErrorLog log_;
  ErrorReporter errors_{log_.Hook()};
  ComputedValueRunner computed_values_{&clock_, {}, RunInline()};
  SetterLocks setter_locks_;
  const SetTransaction::Shared shared_{
      &objects_,
      &errors_,
      &computed_values_,
      &setter_locks_,
      RunInline(),
      [this](const Oid& root) { started_.push_back(root.ToString()); }};
  // A request that may wait as long as a function takes.
  SetTransaction::Asker asker_ = [this] {
    SetTransaction::Asker asker;
    asker.deadline = absl::InfiniteDuration();
    asker.waker = std::make_shared<Waker>(&clock_, nullptr);
    return asker;
  }();
  std::shared_ptr<SetTransaction> transaction_;
  std::vector<std::string> started_;  // updates: the roots of their subtrees
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_TESTING_SET_TRANSACTION_FIXTURE_H_
