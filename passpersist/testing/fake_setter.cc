// SPDX-License-Identifier: Apache-2.0

#include "passpersist/testing/fake_setter.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "passpersist/testing/response_text.h"

namespace passpersist_testing {

using passpersist::Assignment;
using passpersist::CommitResult;
using passpersist::ErrorStatus;
using passpersist::SetBinding;
using passpersist::SetOutcome;
using passpersist::SetResult;
using passpersist::TestResult;

namespace {

SetResult LogStep(const std::string& step, FakeSetter::Log* log,
                  const FakeSetter::Outcome& outcome) {
  log->push_back(step);
  if (outcome == nullptr) return ErrorStatus::kNoError;
  return outcome(step);
}

bool IsSuccess(const SetResult& result) {
  return result.ok() && *result == ErrorStatus::kNoError;
}

class FakeAssignment : public Assignment {
 public:
  FakeAssignment(std::string what, FakeSetter::Log* log,
                 FakeSetter::Outcome outcome, SetOutcome left)
      : what_(std::move(what)),
        log_(log),
        outcome_(std::move(outcome)),
        left_(std::move(left)) {}

  ~FakeAssignment() override {
    LogStep(absl::StrCat("clean up ", what_), log_, outcome_).IgnoreError();
  }

  CommitResult Commit() override {
    const SetResult result =
        LogStep(absl::StrCat("commit ", what_), log_, outcome_);
    return IsSuccess(result) ? CommitResult(left_) : CommitResult(result);
  }

  SetResult Undo() override {
    return LogStep(absl::StrCat("undo ", what_), log_, outcome_);
  }

 private:
  const std::string what_;
  FakeSetter::Log* const log_;
  const FakeSetter::Outcome outcome_;
  const SetOutcome left_;
};

}  // namespace

FakeSetter::FakeSetter(Log* log, Outcome outcome)
    : log_(log), outcome_(std::move(outcome)) {}

TestResult FakeSetter::Test(absl::Span<const SetBinding> bindings) {
  const std::string what = absl::StrJoin(
      bindings, "; ", [](std::string* out, const SetBinding& binding) {
        absl::StrAppend(out, Text({binding.suffix, binding.value}));
      });
  const SetResult result = LogStep(absl::StrCat("test ", what), log_, outcome_);
  if (!IsSuccess(result)) return result;
  return std::make_unique<FakeAssignment>(what, log_, outcome_, left_);
}

FakeSetter::Outcome FailAt(std::string step, ErrorStatus error) {
  return [step = std::move(step), error](const std::string& line) {
    return absl::StartsWith(line, step) ? error : ErrorStatus::kNoError;
  };
}

}  // namespace passpersist_testing
