#include "passpersist/internal/set_transaction.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "passpersist/internal/call_user_code.h"

namespace passpersist::internal {
namespace {

// Runs a step of a setter; what it throws is a genErr and an error to report.
template <typename Function>
absl::StatusOr<ErrorStatus> CallSetter(Function function) {
  return CallUserCode(
      [&]() -> absl::StatusOr<ErrorStatus> { return function(); });
}

}  // namespace

SetTransaction::SetTransaction(const ManagedObjects* objects,
                               ErrorReporter* errors)
    : objects_(*objects), errors_(*errors) {}

SetTransaction::Result SetTransaction::Test(absl::Span<const VarBind> bindings,
                                            TreeReader* reader) {
  absl::MutexLock lock(&objects_.setter_mutex());
  for (const VarBind& binding : bindings) {
    const ErrorStatus error = TestOne(binding, reader);
    if (error != ErrorStatus::kNoError) {
      return {error, static_cast<uint16_t>(steps_.size() + 1)};
    }
  }
  return {};
}

SetTransaction::Result SetTransaction::Commit() {
  absl::MutexLock lock(&objects_.setter_mutex());
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
  absl::MutexLock lock(&objects_.setter_mutex());
  Result result;
  for (; committed_ > 0; --committed_) {
    if (!UndoOne(&steps_[committed_ - 1])) {
      result = {ErrorStatus::kUndoFailed, static_cast<uint16_t>(committed_)};
    }
  }
  return result;
}

ErrorStatus SetTransaction::TestOne(const VarBind& binding,
                                    TreeReader* reader) {
  Subtree* const subtree = objects_.Find(binding.oid);
  Setter* const setter = objects_.FindSetter(binding.oid);
  if (subtree == nullptr || setter == nullptr) {
    return ErrorStatus::kNotWritable;
  }
  VarBind present = {binding.oid, NoSuchInstance()};
  reader->Get(&present);
  if (IsException(binding.value) ||
      (!IsException(present.value) &&
       present.value.index() != binding.value.index())) {
    return ErrorStatus::kWrongType;
  }
  std::unique_ptr<Assignment> assignment;
  const absl::StatusOr<ErrorStatus> error =
      CallSetter([&] { return setter->Test(binding, &assignment); });
  if (!error.ok()) {
    Report(binding, error.status());
    return ErrorStatus::kGenErr;
  }
  if (*error != ErrorStatus::kNoError) return *error;
  if (assignment == nullptr) {
    Report(binding, absl::InternalError("the setter made no assignment"));
    return ErrorStatus::kGenErr;
  }
  steps_.push_back(
      {subtree, binding, std::move(present.value), std::move(assignment)});
  return ErrorStatus::kNoError;
}

ErrorStatus SetTransaction::CommitOne(Step* step) {
  const absl::StatusOr<ErrorStatus> error =
      CallSetter([&] { return step->assignment->Commit(); });
  if (!error.ok()) {
    Report(step->binding, error.status());
    return ErrorStatus::kGenErr;
  }
  if (*error != ErrorStatus::kNoError) return *error;
  const absl::Status published =
      step->subtree->Write(step->binding.oid, step->binding.value);
  if (published.ok()) return ErrorStatus::kNoError;
  Report(step->binding, published);
  UndoOne(step);
  return ErrorStatus::kCommitFailed;
}

bool SetTransaction::UndoOne(Step* step) {
  const absl::StatusOr<ErrorStatus> error =
      CallSetter([&] { return step->assignment->Undo(); });
  if (!error.ok()) Report(step->binding, error.status());
  if (!error.ok() || *error != ErrorStatus::kNoError) return false;
  const absl::Status published =
      step->subtree->Write(step->binding.oid, step->before);
  Report(step->binding, published);
  return published.ok();
}

void SetTransaction::Report(const VarBind& binding, const absl::Status& error) {
  if (error.ok()) return;
  errors_.Report(absl::Status(
      error.code(),
      absl::StrCat("set of ", binding.oid.ToString(), " to ",
                   ToString(binding.value), ": ", error.message())));
}

}  // namespace passpersist::internal
