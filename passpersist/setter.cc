// SPDX-License-Identifier: Apache-2.0

#include "passpersist/setter.h"

#include <utility>

namespace passpersist {
namespace {

// The function outlives the assignment: the setter owns the function, and the
// agent owns the setter.
class FunctionAssignment : public Assignment {
 public:
  FunctionAssignment(SetFunction* set, VarBind binding)
      : set_(set), binding_(std::move(binding)) {}

  SetResult Commit() override { return (*set_)(binding_); }
  SetResult Undo() override { return ErrorStatus::kUndoFailed; }

 private:
  SetFunction* const set_;
  const VarBind binding_;
};

class FunctionSetter : public Setter {
 public:
  FunctionSetter(SetFunction set, SetterOptions options)
      : set_(std::move(set)), options_(options) {}

  bool AllowsCreate(const Oid&) const override { return options_.allow_create; }

  SetResult Test(const VarBind& binding,
                 std::unique_ptr<Assignment>* assignment) override {
    *assignment = std::make_unique<FunctionAssignment>(&set_, binding);
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
