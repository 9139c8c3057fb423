// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/sets/set_transaction.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "passpersist/base/invoke_user_callback.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/oid.h"
#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

// The ErrorStatus that the manager gets for an error of the setter's code.
ErrorStatus AnswerTo(const absl::Status& error) {
  return absl::IsUnavailable(error) || absl::IsResourceExhausted(error)
             ? ErrorStatus::kResourceUnavailable
             : ErrorStatus::kGenErr;
}

// The type of a computed value is known only after a call; a value that cannot
// be computed has no type.
bool HasOtherType(const StoredValue& current, const Value& wanted) {
  if (const Value* const value = std::get_if<Value>(&current)) {
    return value->index() != wanted.index();
  }
  const absl::StatusOr<Value> computed =
      InvokeUserCallback(std::get<ComputedValue>(current));
  return computed.ok() && computed->index() != wanted.index();
}

std::vector<Setter*> FindSetters(const MibTree& objects,
                                 absl::Span<const VarBind> bindings) {
  std::vector<Setter*> setters;
  for (const VarBind& binding : bindings) {
    Setter* const setter = objects.FindSetter(binding.oid);
    if (setter != nullptr) setters.push_back(setter);
  }
  return setters;
}

}  // namespace

SetTransaction::SetTransaction(const Shared* shared,
                               absl::Span<const VarBind> bindings)
    : shared_(*shared),
      bindings_(bindings.begin(), bindings.end()),
      setters_(FindSetters(*shared->objects, bindings)) {}

std::optional<SetTransaction::Result> SetTransaction::Advance(
    Phase phase, const Asker& asker) {
  const Result unavailable = {ErrorStatus::kResourceUnavailable, 0};
  const bool may_wait =
      asker.now < std::max(asker.deadline, asker.grace_deadline);
  bool begins;
  {
    MutexLock lock(mutex_);
    if (late_) {
      // A commit runs. It decides when it returns: see Publish(), EndPhase().
      undo_ = phase == Phase::kUndo;
      return Result{ErrorStatus::kUndoFailed, 0};
    }
    begins = running_ == Phase::kNone && !result_;
  }
  if (begins) {
    const SetterLocks::Outcome outcome =
        shared_.setter_locks->Acquire(setters_, asker.waker);
    if (outcome == SetterLocks::Outcome::kBusy && may_wait) return std::nullopt;
    if (outcome != SetterLocks::Outcome::kAcquired) return unavailable;
    if (!Start(phase, asker)) {
      shared_.setter_locks->Release(setters_);
      return unavailable;
    }
  }
  MutexLock lock(mutex_);
  if (result_) return std::exchange(result_, std::nullopt);
  if (may_wait) return std::nullopt;
  late_ = true;
  shared_.setter_locks->SetLate(setters_);
  return changes_ ? Result{ErrorStatus::kUndoFailed, 0} : unavailable;
}

bool SetTransaction::Start(Phase phase, const Asker& asker) {
  {
    MutexLock lock(mutex_);
    running_ = phase;
    waker_ = asker.waker;
  }
  if (shared_.run_task(
          [self = shared_from_this(), phase] { self->Run(phase); })) {
    return true;
  }
  MutexLock lock(mutex_);
  running_ = Phase::kNone;
  return false;
}

void SetTransaction::CleanUp() {
  {
    MutexLock lock(mutex_);
    clean_up_ = true;
    // EndPhase() cleans up.
    if (running_ != Phase::kNone) return;
  }
  if (steps_.empty()) return;
  // The destructor of an assignment is user code, too.
  const auto clean_up = [self = shared_from_this()] {
    self->shared_.setter_locks->Run(self->setters_,
                                    [self] { self->steps_.clear(); });
  };
  if (!shared_.run_task(clean_up)) clean_up();
}

// --- On the other thread ---

void SetTransaction::Run(Phase phase) {
  const Result result = RunPhase(phase);
  // A set in one message has no later phase.
  if (phase == Phase::kSet) steps_.clear();
  while (!EndPhase(result)) UndoAll();
}

bool SetTransaction::EndPhase(const Result& result) {
  std::shared_ptr<Waker> waker;
  bool clean_up;
  {
    MutexLock lock(mutex_);
    if (std::exchange(undo_, false)) return false;
    running_ = Phase::kNone;
    if (!std::exchange(late_, false)) {
      result_ = result;
      waker = std::move(waker_);
    }
    clean_up = clean_up_;
  }
  if (clean_up) steps_.clear();
  shared_.setter_locks->Release(setters_);
  if (waker != nullptr) waker->Wake();
  return true;
}

bool SetTransaction::MayCall(bool changes) {
  MutexLock lock(mutex_);
  if (late_) return false;
  changes_ = changes_ || changes;
  return true;
}

SetTransaction::Result SetTransaction::RunPhase(Phase phase) {
  if (phase == Phase::kCommit) return CommitAll();
  if (phase == Phase::kUndo) return UndoAll();
  Result result = TestAll();
  if (phase == Phase::kTest || result.error != ErrorStatus::kNoError) {
    return result;
  }
  result = CommitAll();
  if (result.error != ErrorStatus::kNoError &&
      (UndoAll().error != ErrorStatus::kNoError ||
       result.error == ErrorStatus::kUndoFailed)) {
    result = {ErrorStatus::kUndoFailed, 0};
  }
  return result;
}

SetTransaction::Result SetTransaction::TestAll() {
  for (const VarBind& binding : bindings_) {
    if (!MayCall(/*changes=*/false)) break;
    const ErrorStatus error = TestOne(binding);
    if (error != ErrorStatus::kNoError) {
      return {error, static_cast<uint16_t>(steps_.size() + 1)};
    }
  }
  return {};
}

SetTransaction::Result SetTransaction::CommitAll() {
  while (committed_ < steps_.size() && MayCall(/*changes=*/true)) {
    const ErrorStatus error = CommitOne(&steps_[committed_]);
    if (error != ErrorStatus::kNoError) {
      return {error, static_cast<uint16_t>(committed_ + 1)};
    }
    ++committed_;
  }
  return {};
}

SetTransaction::Result SetTransaction::UndoAll() {
  Result result;
  for (; committed_ > 0; --committed_) {
    if (!UndoOne(&steps_[committed_ - 1])) {
      result = {ErrorStatus::kUndoFailed, static_cast<uint16_t>(committed_)};
    }
  }
  return result;
}

ErrorStatus SetTransaction::TestOne(const VarBind& binding) {
  Subtree* const subtree = shared_.objects->Find(binding.oid);
  Setter* const setter = shared_.objects->FindSetter(binding.oid);
  if (subtree == nullptr || setter == nullptr) {
    return ErrorStatus::kNotWritable;
  }
  std::optional<StoredValue> current = subtree->Find(binding.oid);
  if (current && HasOtherType(*current, binding.value)) {
    return ErrorStatus::kWrongType;
  }
  const Oid suffix(binding.oid.ArcsFrom(subtree->root().size()));
  if (!current && !setter->AllowsCreate(suffix)) {
    return ErrorStatus::kNoCreation;
  }
  std::unique_ptr<Assignment> assignment;
  const ErrorStatus error = CallSetter(binding, [&] {
    return setter->Test(suffix, binding.value, &assignment);
  });
  if (error != ErrorStatus::kNoError) return error;
  if (assignment == nullptr) {
    Report(binding, absl::InternalError("the setter made no assignment"));
    return ErrorStatus::kGenErr;
  }
  steps_.push_back(
      {subtree, binding, std::move(current), std::move(assignment)});
  return ErrorStatus::kNoError;
}

ErrorStatus SetTransaction::CommitOne(Step* step) {
  const ErrorStatus error =
      CallSetter(step->binding, [&] { return step->assignment->Commit(); });
  if (error != ErrorStatus::kNoError) return error;
  const absl::Status published = Publish(*step);
  if (published.ok()) return ErrorStatus::kNoError;
  Report(step->binding, published);
  return UndoAssignment(step) ? ErrorStatus::kCommitFailed
                              : ErrorStatus::kUndoFailed;
}

bool SetTransaction::UndoOne(Step* step) {
  if (!UndoAssignment(step)) return false;
  const absl::Status published = Write(*step, step->before);
  Report(step->binding, published);
  return published.ok();
}

bool SetTransaction::UndoAssignment(Step* step) {
  return CallSetter(step->binding, [&] { return step->assignment->Undo(); }) ==
         ErrorStatus::kNoError;
}

ErrorStatus SetTransaction::CallSetter(
    const VarBind& binding, absl::FunctionRef<SetResult()> function) {
  const SetResult result = InvokeUserCallback(function);
  if (result.ok()) return *result;
  Report(binding, result.status());
  return AnswerTo(result.status());
}

// Under the mutex: an undo that comes afterwards finds the value published, and
// one that came before prevents it.
absl::Status SetTransaction::Publish(const Step& step) {
  MutexLock lock(mutex_);
  return undo_ ? absl::OkStatus() : Write(step, step.binding.value);
}

absl::Status SetTransaction::Write(const Step& step,
                                   const std::optional<StoredValue>& value) {
  absl::Status status = step.subtree->Write(step.binding.oid, value);
  shared_.computed_values->Discard(step.binding.oid);
  return status;
}

// Omits the value, which may be a password: reports go to logs.
void SetTransaction::Report(const VarBind& binding, const absl::Status& error) {
  if (error.ok()) return;
  shared_.errors->Report(absl::Status(
      error.code(),
      absl::StrCat("set of ", binding.oid.ToString(), ": ", error.message())));
}

}  // namespace passpersist::internal
