// SPDX-License-Identifier: Apache-2.0

#include "passpersist/setter.h"

#include <utility>

namespace passpersist {
namespace {

// The function outlives the assignment: the setter owns the function, and the
// agent owns the setter.
class FunctionAssignment : public Assignment {
 public:
  FunctionAssignment(SetFunction* set, Oid suffix, Value value)
      : set_(set), suffix_(std::move(suffix)), value_(std::move(value)) {}

  SetResult Commit() override { return (*set_)(suffix_, value_); }
  SetResult Undo() override { return ErrorStatus::kUndoFailed; }

 private:
  SetFunction* const set_;
  const Oid suffix_;
  const Value value_;
};

class FunctionSetter : public Setter {
 public:
  FunctionSetter(SetFunction set, SetterOptions options)
      : set_(std::move(set)), options_(options) {}

  bool AllowsCreate(const Oid&) const override { return options_.allow_create; }

  SetResult Test(const Oid& suffix, const Value& value,
                 std::unique_ptr<Assignment>* assignment) override {
    *assignment = std::make_unique<FunctionAssignment>(&set_, suffix, value);
    return ErrorStatus::kNoError;
  }

 private:
  SetFunction set_;
  const SetterOptions options_;
};

}  // namespace

std::unique_ptr<Setter> MakeSetter(SetFunction set, SetterOptions options) {
  if (set == nullptr) return nullptr;
  return std::make_unique<FunctionSetter>(std::move(set), options);
}

}  // namespace passpersist
