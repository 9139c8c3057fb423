// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/sets/set_transaction.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "passpersist/agent/mib/subtree.h"
#include "passpersist/base/invoke_user_callback.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/stored_value.h"
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
    const auto* const setter = objects.FindSetter(binding.oid);
    if (setter != nullptr) setters.push_back(setter->second.get());
  }
  return setters;
}

}  // namespace

SetTransaction::SetTransaction(const Shared* shared,
                               absl::Span<const VarBind> bindings)
    : shared_(*shared),
      bindings_(bindings.begin(), bindings.end()),
      setters_(FindSetters(*shared->objects, bindings)),
      changes_(shared->objects) {}

std::vector<Oid> SetTransaction::changed_roots() const {
  MutexLock lock(mutex_);
  return changed_roots_;
}

std::optional<SetTransaction::Result> SetTransaction::Advance(
    Phase phase, const Asker& asker) {
  const Result unavailable = {ErrorStatus::kResourceUnavailable, 0};
  const bool may_wait =
      asker.now < std::max(asker.deadline, asker.grace_deadline);
  bool begins;
  {
    MutexLock lock(mutex_);
    if (late_ && !ending_) {
      // A commit runs. It decides when it returns: see Publish(), EndPhase().
      undo_ = phase == Phase::kUndo;
      return Result{ErrorStatus::kUndoFailed, 0};
    }
    begins = running_ == Phase::kNone && !result_;
    // For a phase that meets the end of a late one.
    if (!begins) waker_ = asker.waker;
  }
  if (begins) {
    // A set that has no time left would be refused after it has changed
    // something.
    if (!may_wait && (phase == Phase::kTest || phase == Phase::kSet)) {
      return unavailable;
    }
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
  if (!ending_) shared_.setter_locks->SetLate(setters_);
  return may_have_changed_ ? Result{ErrorStatus::kUndoFailed, 0} : unavailable;
}

bool SetTransaction::Start(Phase phase, const Asker& asker) {
  begun_ = asker.now;
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
    self->shared_.setter_locks->Run(self->setters_, [self] { self->Finish(); });
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
  bool clean_up;
  {
    MutexLock lock(mutex_);
    if (std::exchange(undo_, false)) return false;
    ending_ = true;
    clean_up = clean_up_;
  }
  if (clean_up) Finish();
  shared_.setter_locks->Release(setters_);

  // Only now, so that the next phase does not find its own setters held.
  std::shared_ptr<Waker> waker;
  bool clean_up_came;
  {
    MutexLock lock(mutex_);
    running_ = Phase::kNone;
    ending_ = false;
    if (!std::exchange(late_, false)) result_ = result;
    waker = std::move(waker_);
    clean_up_came = clean_up_ && !clean_up;
  }
  if (clean_up_came) CleanUp();
  if (waker != nullptr) waker->Wake();
  return true;
}

bool SetTransaction::MayCall(bool changes) {
  MutexLock lock(mutex_);
  if (late_) return false;
  may_have_changed_ = may_have_changed_ || changes;
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
  for (size_t i = 0; i < bindings_.size(); ++i) {
    if (!MayCall(/*changes=*/false)) return {};
    const auto index = static_cast<uint16_t>(i + 1);
    const ErrorStatus error = AddBinding(index);
    if (error != ErrorStatus::kNoError) return {error, index};
  }
  for (Step& step : steps_) {
    if (!MayCall(/*changes=*/false)) return {};
    const Result result = TestOne(&step);
    if (result.error != ErrorStatus::kNoError) return result;
  }
  return {};
}

SetTransaction::Result SetTransaction::CommitAll() {
  while (committed_ < steps_.size() && MayCall(/*changes=*/true)) {
    const Result result = CommitOne(&steps_[committed_]);
    if (result.error != ErrorStatus::kNoError) return result;
  }
  return Publish();
}

SetTransaction::Result SetTransaction::UndoAll() {
  Result result;
  if (committed_ == 0) return result;
  for (; committed_ > 0; --committed_) {
    Step& step = steps_[committed_ - 1];
    const SetResult undone =
        InvokeUserCallback([&] { return step.assignment->Undo(); });
    if (ResultOf(step, undone, 0).error == ErrorStatus::kNoError) {
      changes_.MarkUndone(committed_ - 1);
    } else {
      result = {ErrorStatus::kUndoFailed, step.indexes.front()};
    }
  }
  const absl::Status published = PublishUndo();
  if (published.ok()) return result;
  Report(steps_.front(), 0, published);
  return {ErrorStatus::kUndoFailed, 0};
}

ErrorStatus SetTransaction::AddBinding(uint16_t index) {
  const VarBind& binding = bindings_[index - 1];
  const auto* const setter = shared_.objects->FindSetter(binding.oid);
  const Subtree* const subtree = shared_.objects->Find(binding.oid);
  if (setter == nullptr || subtree == nullptr) {
    return ErrorStatus::kNotWritable;
  }
  const auto& [root, function] = *setter;
  auto step = std::find_if(steps_.begin(), steps_.end(),
                           [&, wanted = function.get()](const Step& s) {
                             return s.setter == wanted;
                           });
  if (step == steps_.end()) {
    steps_.push_back({&root, function.get(), {}, {}, nullptr});
    step = steps_.end() - 1;
  }
  SetBinding of_setter = {Oid(binding.oid.ArcsFrom(root.size())),
                          binding.value};
  const std::optional<StoredValue> current =
      subtree->HasExpired(begun_) ? std::nullopt : subtree->Find(binding.oid);
  if (current) {
    if (HasOtherType(*current, binding.value)) return ErrorStatus::kWrongType;
  } else {
    // A second binding of an absent instance comes after the first one.
    const auto first = std::find_if(
        step->bindings.begin(), step->bindings.end(),
        [&](const SetBinding& b) { return b.suffix == of_setter.suffix; });
    if (first != step->bindings.end()) {
      if (first->value.index() != binding.value.index()) {
        return ErrorStatus::kWrongType;
      }
    } else if (!function->AllowsCreate(of_setter.suffix)) {
      return ErrorStatus::kNoCreation;
    }
  }
  step->indexes.push_back(index);
  step->bindings.push_back(std::move(of_setter));
  return ErrorStatus::kNoError;
}

SetTransaction::Result SetTransaction::TestOne(Step* step) {
  TestResult tested =
      InvokeUserCallback([&] { return step->setter->Test(step->bindings); });
  const Result result = ResultOf(*step, tested.result(), tested.binding());
  if (result.error != ErrorStatus::kNoError) return result;
  step->assignment = tested.TakeAssignment();
  if (step->assignment != nullptr) return {};
  Report(*step, 0, absl::InternalError("the setter made no assignment"));
  return {ErrorStatus::kGenErr, step->indexes.front()};
}

SetTransaction::Result SetTransaction::CommitOne(Step* step) {
  const CommitResult committed =
      InvokeUserCallback([&] { return step->assignment->Commit(); });
  if (const auto& outcome = committed.outcome()) {
    const size_t number = committed_++;
    absl::Status added =
        changes_.Add(number, *step->root, outcome->ChangesFor(step->bindings));
    for (const SetOutcome::Elsewhere& other : outcome->elsewhere()) {
      added.Update(changes_.Add(number, other.root, other.changes));
    }
    step->then_update = outcome->then_update();
    if (!added.ok()) {
      Report(*step, 0, added);
      return {ErrorStatus::kCommitFailed, step->indexes.front()};
    }
  }
  return ResultOf(*step, committed.result(), committed.binding());
}

// Under the mutex: an undo that comes afterwards finds the changes published,
// and one that came before prevents them.
SetTransaction::Result SetTransaction::Publish() {
  size_t failed = 0;
  absl::Status status;
  {
    MutexLock lock(mutex_);
    if (undo_ || committed_ == 0) return {};
    status = changes_.Publish(&failed);
    published_ = status.ok();
    changed_roots_ = changes_.Roots();
  }
  if (!status.ok()) {
    Report(steps_[failed], 0, status);
    return {ErrorStatus::kCommitFailed, steps_[failed].indexes.front()};
  }
  DiscardAnswers();
  StartUpdates();
  return {};
}

absl::Status SetTransaction::PublishUndo() {
  std::set<Oid> overtaken;
  absl::Status status;
  {
    MutexLock lock(mutex_);
    if (published_) {
      status = changes_.TakeBack(&overtaken);
    } else {
      size_t failed;
      status = changes_.Publish(&failed);
      published_ = status.ok();
    }
    changed_roots_ = changes_.Roots();
  }
  DiscardAnswers();
  // An update has replaced what the set had left, and has perhaps read what is
  // undone now.
  for (const Oid& root : overtaken) shared_.start_update(root);
  return status;
}

void SetTransaction::Finish() {
  if (!published_) Publish();
  steps_.clear();
}

void SetTransaction::DiscardAnswers() {
  for (const VarBind& binding : bindings_) {
    shared_.computed_values->Discard(binding.oid);
  }
  for (const Oid& name : changes_.Names()) {
    shared_.computed_values->Discard(name);
  }
}

void SetTransaction::StartUpdates() {
  for (const Step& step : steps_) {
    if (!step.then_update) continue;
    shared_.start_update(shared_.objects->Find(*step.root)->root());
  }
}

SetTransaction::Result SetTransaction::ResultOf(const Step& step,
                                                const SetResult& result,
                                                size_t binding) {
  if (result.ok() && *result == ErrorStatus::kNoError) return {};
  if (binding >= step.indexes.size()) binding = 0;
  if (result.ok()) return {*result, step.indexes[binding]};
  Report(step, binding, result.status());
  return {AnswerTo(result.status()), step.indexes[binding]};
}

void SetTransaction::Report(const Step& step, size_t binding,
                            const absl::Status& error) {
  bool is_secret = false;
  for (const uint16_t index : step.indexes) {
    is_secret |= shared_.objects->IsSecret(bindings_[index - 1].oid);
  }
  shared_.errors->Report(absl::Status(
      error.code(),
      absl::StrCat("set of ",
                   bindings_[step.indexes[binding] - 1].oid.ToString(), ": ",
                   is_secret ? "failed; the object is secret, so the setter's "
                               "message is left out"
                             : error.message())));
}

}  // namespace passpersist::internal
