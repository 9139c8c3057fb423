// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_STORED_VALUE_H_
#define PASSPERSIST_STORED_VALUE_H_

#include <functional>
#include <memory>
#include <utility>
#include <variant>

#include "absl/status/statusor.h"
#include "passpersist/value.h"

namespace passpersist {

// A value that is found when it is asked for, by a function that may fail.
//
// A value type; copies share the function, which may be called from several
// threads at once: one for each connection of the agent. Those threads answer
// no requests themselves, unless the agent waits for lazy values without a
// limit (AgentBuilder::SetComputedValueTimeout()).
class ComputedValue {
 public:
  using Function = std::function<absl::StatusOr<Value>()>;

  explicit ComputedValue(Function function)
      : function_(std::make_shared<const Function>(std::move(function))) {}

  absl::StatusOr<Value> operator()() const { return (*function_)(); }

 private:
  std::shared_ptr<const Function> function_;
};

// What a store keeps under a name.
using StoredValue = std::variant<Value, ComputedValue>;

}  // namespace passpersist

#endif  // PASSPERSIST_STORED_VALUE_H_
