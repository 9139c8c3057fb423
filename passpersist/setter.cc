// SPDX-License-Identifier: Apache-2.0

#include "passpersist/setter.h"

#include "passpersist/base/invoke_user_callback.h"

namespace passpersist {
namespace {

bool IsSuccess(const SetResult& result) {
  return result.ok() && *result == ErrorStatus::kNoError;
}

// The function outlives the assignment: the setter owns the function, and the
// agent owns the setter.
class FunctionAssignment : public Assignment {
 public:
  FunctionAssignment(SetFunction* set, absl::Span<const SetBinding> bindings)
      : set_(*set), bindings_(bindings) {}

  CommitResult Commit() override {
    SetOutcome left = SetOutcome::WrittenBySetter();
    for (size_t i = 0; i < bindings_.size(); ++i) {
      const CommitResult result = internal::InvokeUserCallback(
          [&] { return set_(bindings_[i].suffix, bindings_[i].value); });
      if (result.outcome()) {
        left.Append(*result.outcome(), bindings_.subspan(i, 1));
      }
      if (IsSuccess(result.result())) continue;
      // What the calls before have stored stays, since it cannot be undone.
      return i == 0 && !result.outcome()
                 ? CommitResult(result.result())
                 : CommitResult::Partial(std::move(left), result.result(), i);
    }
    return left;
  }

  SetResult Undo() override { return ErrorStatus::kUndoFailed; }

 private:
  SetFunction& set_;
  const absl::Span<const SetBinding> bindings_;
};

class FunctionSetter : public Setter {
 public:
  FunctionSetter(SetFunction set, SetterOptions options)
      : set_(std::move(set)), options_(std::move(options)) {}

  bool AllowsCreate(const Oid&) const override { return options_.allow_create; }
  bool IsDurable() const override { return options_.durable; }

  TestResult Test(absl::Span<const SetBinding> bindings) override {
    for (size_t i = 0; options_.test != nullptr && i < bindings.size(); ++i) {
      SetResult tested = options_.test(bindings[i].suffix, bindings[i].value);
      if (!IsSuccess(tested)) return {std::move(tested), i};
    }
    return std::make_unique<FunctionAssignment>(&set_, bindings);
  }

 private:
  SetFunction set_;
  SetterOptions options_;
};

}  // namespace

SetOutcome SetOutcome::Holds(Value value) {
  SetOutcome outcome(Kind::kValue);
  outcome.value_ = std::move(value);
  return outcome;
}

SetOutcome SetOutcome::Erased() { return SetOutcome(Kind::kErased); }

SetOutcome SetOutcome::Changed(Changes changes) {
  SetOutcome outcome(Kind::kChanges);
  outcome.changes_ = std::move(changes);
  return outcome;
}

SetOutcome& SetOutcome::Also(Oid root, Changes changes) {
  elsewhere_.push_back({std::move(root), std::move(changes)});
  return *this;
}

void SetOutcome::Append(const SetOutcome& other,
                        absl::Span<const SetBinding> bindings) {
  changes_.Append(other.ChangesFor(bindings));
  elsewhere_.insert(elsewhere_.end(), other.elsewhere_.begin(),
                    other.elsewhere_.end());
  then_update_ = then_update_ || other.then_update_;
}

Changes SetOutcome::ChangesFor(absl::Span<const SetBinding> bindings) const {
  if (kind_ == Kind::kChanges) return changes_;
  Changes changes;
  for (const SetBinding& binding : bindings) {
    if (kind_ == Kind::kErased) {
      changes.Erase(binding.suffix);
    } else {
      changes.Put(binding.suffix, value_.value_or(binding.value));
    }
  }
  return changes;
}

CommitResult::CommitResult(SetResult result, size_t binding)
    : result_(std::move(result)), binding_(binding) {
  if (IsSuccess(result_)) outcome_.emplace();
}

CommitResult CommitResult::Partial(SetOutcome outcome, SetResult error,
                                   size_t binding) {
  CommitResult result(std::move(error), binding);
  result.outcome_ = std::move(outcome);
  return result;
}

std::unique_ptr<Setter> MakeSetter(SetFunction set, SetterOptions options) {
  if (set == nullptr) return nullptr;
  return std::make_unique<FunctionSetter>(std::move(set), std::move(options));
}

}  // namespace passpersist
