// SPDX-License-Identifier: Apache-2.0

#include "passpersist/setter.h"

#include <utility>

namespace passpersist {
namespace {

// The function outlives the assignment: it belongs to the setter, which belongs
// to the agent.
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
  FunctionSetter(SetFunction set, bool creates)
      : set_(std::move(set)), creates_(creates) {}

  bool AllowsCreate(const Oid&) const override { return creates_; }

  SetResult Test(const VarBind& binding,
                 std::unique_ptr<Assignment>* assignment) override {
    *assignment = std::make_unique<FunctionAssignment>(&set_, binding);
    return ErrorStatus::kNoError;
  }

 private:
  SetFunction set_;
  const bool creates_;
};

std::unique_ptr<Setter> Make(SetFunction set, bool creates) {
  if (set == nullptr) return nullptr;
  return std::make_unique<FunctionSetter>(std::move(set), creates);
}

}  // namespace

std::unique_ptr<Setter> MakeSetter(SetFunction set) {
  return Make(std::move(set), /*creates=*/false);
}

std::unique_ptr<Setter> MakeCreatingSetter(SetFunction set) {
  return Make(std::move(set), /*creates=*/true);
}

}  // namespace passpersist
