// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/set_transaction.h"

#include <cstddef>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "passpersist/base/invoke_user_callback.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

// The ErrorStatus that the manager gets for an error of the setter's code.
ErrorStatus AnswerTo(const absl::Status& error) {
  return absl::IsUnavailable(error) || absl::IsResourceExhausted(error)
             ? ErrorStatus::kResourceUnavailable
             : ErrorStatus::kGenErr;
}

}  // namespace

SetTransaction::SetTransaction(const MibTree* objects, ErrorReporter* errors)
    : objects_(*objects), errors_(*errors) {}

SetTransaction::~SetTransaction() {
  // The destructor of an assignment may use its setter.
  MutexLock lock(objects_.setter_mutex());
  steps_.clear();
}

SetTransaction::Result SetTransaction::Test(absl::Span<const VarBind> bindings,
                                            MibReader* reader) {
  MutexLock lock(objects_.setter_mutex());
  for (const VarBind& binding : bindings) {
    const ErrorStatus error = TestOne(binding, reader);
    if (error != ErrorStatus::kNoError) {
      return {error, static_cast<uint16_t>(steps_.size() + 1)};
    }
  }
  return {};
}

SetTransaction::Result SetTransaction::Commit() {
  MutexLock lock(objects_.setter_mutex());
  while (committed_ < steps_.size()) {
    const ErrorStatus error = CommitOne(&steps_[committed_]);
    if (error != ErrorStatus::kNoError) {
      return {error, static_cast<uint16_t>(committed_ + 1)};
    }
    ++committed_;
  }
  return {};
}

SetTransaction::Result SetTransaction::Undo() {
  MutexLock lock(objects_.setter_mutex());
  Result result;
  for (; committed_ > 0; --committed_) {
    if (!UndoOne(&steps_[committed_ - 1])) {
      result = {ErrorStatus::kUndoFailed, static_cast<uint16_t>(committed_)};
    }
  }
  return result;
}

// The type of a computed value is known only after a read; a value that cannot
// be read has no type.
bool SetTransaction::HasOtherType(const std::optional<StoredValue>& current,
                                  const VarBind& binding, MibReader* reader) {
  if (!current) return false;
  const size_t type = binding.value.index();
  if (const Value* const value = std::get_if<Value>(&*current)) {
    return value->index() != type;
  }
  ResponseVarBind found;
  found.oid = binding.oid;
  reader->Get(&found);
  const Value* const value = std::get_if<Value>(&found.value);
  return value != nullptr && value->index() != type;
}

ErrorStatus SetTransaction::TestOne(const VarBind& binding, MibReader* reader) {
  Subtree* const subtree = objects_.Find(binding.oid);
  Setter* const setter = objects_.FindSetter(binding.oid);
  if (subtree == nullptr || setter == nullptr) {
    return ErrorStatus::kNotWritable;
  }
  std::optional<StoredValue> current = subtree->Find(binding.oid);
  if (HasOtherType(current, binding, reader)) {
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

ErrorStatus SetTransaction::CallSetter(
    const VarBind& binding, absl::FunctionRef<SetResult()> function) {
  const SetResult result = InvokeUserCallback(function);
  if (result.ok()) return *result;
  Report(binding, result.status());
  return AnswerTo(result.status());
}

ErrorStatus SetTransaction::CommitOne(Step* step) {
  const ErrorStatus error =
      CallSetter(step->binding, [&] { return step->assignment->Commit(); });
  if (error != ErrorStatus::kNoError) return error;
  const absl::Status published =
      step->subtree->Write(step->binding.oid, step->binding.value);
  if (published.ok()) return ErrorStatus::kNoError;
  Report(step->binding, published);
  return UndoAssignment(step) ? ErrorStatus::kCommitFailed
                              : ErrorStatus::kUndoFailed;
}

bool SetTransaction::UndoAssignment(Step* step) {
  return CallSetter(step->binding, [&] { return step->assignment->Undo(); }) ==
         ErrorStatus::kNoError;
}

bool SetTransaction::UndoOne(Step* step) {
  if (!UndoAssignment(step)) return false;
  const absl::Status published =
      step->subtree->Write(step->binding.oid, step->before);
  Report(step->binding, published);
  return published.ok();
}

// Omits the value, which may be a password: reports go to logs.
void SetTransaction::Report(const VarBind& binding, const absl::Status& error) {
  if (error.ok()) return;
  errors_.Report(absl::Status(
      error.code(),
      absl::StrCat("set of ", binding.oid.ToString(), ": ", error.message())));
}

}  // namespace passpersist::internal
