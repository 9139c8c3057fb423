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

// A value that a function computes at each request. The function may fail.
//
// A value type; copies share the function. Several threads may call the
// function at once, one for each connection of the agent. They are threads of
// their own; only if AgentBuilder::SetComputedValueTimeout() is infinite, the
// thread that answers the request calls the function.
class ComputedValue {
 public:
  using Function = std::function<absl::StatusOr<Value>()>;

  explicit ComputedValue(Function function)
      : function_(std::make_shared<const Function>(std::move(function))) {}

  absl::StatusOr<Value> operator()() const { return (*function_)(); }

 private:
  std::shared_ptr<const Function> function_;
};

// A value in a store: fixed or computed.
using StoredValue = std::variant<Value, ComputedValue>;

}  // namespace passpersist

#endif  // PASSPERSIST_STORED_VALUE_H_
