// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_STORED_VALUE_H_
#define PASSPERSIST_STORED_VALUE_H_

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "passpersist/converted.h"
#include "passpersist/value.h"

namespace passpersist {

// What the function of a computed value returns while it has no value: the
// instance is absent. Any other error is also reported.
absl::Status NoValueError();
bool IsNoValueError(const absl::Status& status);

// A value that a function computes at each request. The function may fail.
//
// A value type; copies share the function. Several threads may call the
// function at once.
class ComputedValue {
 public:
  // What a call returns. A function may return a type of value.h, a Value, a
  // Status, a StatusOr of these, or a Converted: then a number that was
  // saturated is served, and reported once.
  struct Result {
    template <typename T,
              std::enable_if_t<std::is_convertible_v<T, absl::StatusOr<Value>>,
                               bool> = true>
    Result(T result) : value(std::move(result)) {}  // NOLINT: implicit

    template <typename T>
    Result(const Converted<T>& number)  // NOLINT: implicit
        : value(number),
          inexact(number.has_value() ? number.status() : absl::OkStatus()) {}

    absl::StatusOr<Value> value;
    // See Converted::status(); OK without a value, and for an exact one.
    absl::Status inexact;
  };

  using Function = std::function<Result()>;

  // What a call costs.
  enum class Cost {
    // The function may block. A thread of the scheduler calls it, which costs
    // about 10 us, and a request waits for it no longer than
    // AgentBuilder::SetWaitingLimit().
    kMayBlock,
    // The function returns at once; it reads an atomic counter, for example.
    // The thread that answers the request calls it. A function that blocks
    // nevertheless blocks snmpd.
    kCheap,
  };

  explicit ComputedValue(Function function, Cost cost = Cost::kMayBlock)
      : shared_(
            std::make_shared<const Shared>(Shared{std::move(function), cost})) {
  }

  Result Call() const { return shared_->function(); }
  absl::StatusOr<Value> operator()() const { return Call().value; }

  Cost cost() const { return shared_->cost; }

  // True for copies of one object.
  friend bool operator==(const ComputedValue& a, const ComputedValue& b) {
    return a.shared_ == b.shared_;
  }
  friend bool operator!=(const ComputedValue& a, const ComputedValue& b) {
    return !(a == b);
  }

 private:
  struct Shared {
    Function function;
    Cost cost;
  };

  std::shared_ptr<const Shared> shared_;
};

// A value in a store: fixed or computed.
using StoredValue = std::variant<Value, ComputedValue>;

}  // namespace passpersist

#endif  // PASSPERSIST_STORED_VALUE_H_
