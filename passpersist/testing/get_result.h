// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TESTING_GET_RESULT_H_
#define PASSPERSIST_TESTING_GET_RESULT_H_

#include <optional>
#include <ostream>
#include <type_traits>
#include <utility>
#include <variant>

#include "passpersist/pdu.h"
#include "passpersist/value.h"

namespace passpersist_testing {

// What a get of an instance has found: a value, or the exception that says why
// there is none. Compares with values, with the types of value.h, with
// exceptions, and with std::nullopt for any absence:
//
//   EXPECT_EQ(agent.Get(oid), Integer32{5});
//   EXPECT_EQ(agent.Get(other), std::nullopt);
//
// A value type.
class GetResult {
 public:
  // The absent instance.
  GetResult() : found_(passpersist::Exception::kNoSuchInstance) {}

  explicit GetResult(passpersist::ValueOrException found)
      : found_(std::move(found)) {}

  bool has_value() const { return !passpersist::IsException(found_); }

  // Requires has_value().
  const passpersist::Value& value() const {
    return std::get<passpersist::Value>(found_);
  }

  friend bool operator==(const GetResult& a, const GetResult& b) {
    return a.found_ == b.found_;
  }
  friend bool operator!=(const GetResult& a, const GetResult& b) {
    return !(a == b);
  }
  friend bool operator==(const GetResult& result, std::nullopt_t) {
    return !result.has_value();
  }

  // `T` is Exception, Value, or a type that a Value holds.
  template <typename T,
            std::enable_if_t<std::is_same_v<T, passpersist::Exception> ||
                                 std::is_convertible_v<T, passpersist::Value>,
                             bool> = true>
  friend bool operator==(const GetResult& result, const T& other) {
    if constexpr (std::is_same_v<T, passpersist::Exception>) {
      return result.found_ == passpersist::ValueOrException(other);
    } else {
      return result.has_value() && result.value() == passpersist::Value(other);
    }
  }
  template <typename T>
  friend auto operator!=(const GetResult& result, const T& other)
      -> decltype(!(result == other)) {
    return !(result == other);
  }

  // Writes "Counter32 42" or "noSuchInstance".
  friend std::ostream& operator<<(std::ostream& os, const GetResult& result) {
    return os << passpersist::ToString(result.found_);
  }

 private:
  passpersist::ValueOrException found_;
};

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TESTING_GET_RESULT_H_
