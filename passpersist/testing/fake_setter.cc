// SPDX-License-Identifier: Apache-2.0

#include "passpersist/testing/fake_setter.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "passpersist/testing/response_text.h"

namespace passpersist_testing {

using passpersist::Assignment;
using passpersist::ErrorStatus;
using passpersist::Oid;
using passpersist::SetResult;
using passpersist::Value;

namespace {

SetResult LogStep(const std::string& step, FakeSetter::Log* log,
                  const FakeSetter::Outcome& outcome) {
  log->push_back(step);
  if (outcome == nullptr) return ErrorStatus::kNoError;
  return outcome(step);
}

class FakeAssignment : public Assignment {
 public:
  FakeAssignment(std::string what, FakeSetter::Log* log,
                 FakeSetter::Outcome outcome)
      : what_(std::move(what)), log_(log), outcome_(std::move(outcome)) {}

  ~FakeAssignment() override {
    LogStep(absl::StrCat("clean up ", what_), log_, outcome_).IgnoreError();
  }

  SetResult Commit() override {
    return LogStep(absl::StrCat("commit ", what_), log_, outcome_);
  }

  SetResult Undo() override {
    return LogStep(absl::StrCat("undo ", what_), log_, outcome_);
  }

 private:
  const std::string what_;
  FakeSetter::Log* const log_;
  const FakeSetter::Outcome outcome_;
};

}  // namespace

FakeSetter::FakeSetter(Log* log, Outcome outcome)
    : log_(log), outcome_(std::move(outcome)) {}

SetResult FakeSetter::Test(const Oid& suffix, const Value& value,
                           std::unique_ptr<Assignment>* assignment) {
  const std::string what = Text({suffix, value});
  const SetResult result = LogStep(absl::StrCat("test ", what), log_, outcome_);
  if (result.ok() && *result == ErrorStatus::kNoError) {
    *assignment = std::make_unique<FakeAssignment>(what, log_, outcome_);
  }
  return result;
}

FakeSetter::Outcome FailAt(std::string step, ErrorStatus error) {
  return [step = std::move(step), error](const std::string& line) {
    return absl::StartsWith(line, step) ? error : ErrorStatus::kNoError;
  };
}

}  // namespace passpersist_testing
