// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TABLE_SCALAR_H_
#define PASSPERSIST_TABLE_SCALAR_H_

#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "passpersist/converted.h"
#include "passpersist/stored_value.h"
#include "passpersist/table/column.h"
#include "passpersist/table/snmp_type.h"

namespace passpersist {

// A scalar object; see AgentBuilder::AddScalar().
//
// A value type. Several threads may call the function at once.
struct Scalar {
  // Reads the value. The argument is the time at which sysUpTime was 0.
  std::function<ComputedValue::Result(absl::Time sys_up_time_zero)> read;
  ComputedValue::Cost cost;
};

namespace table_internal {

// Reads the C++ value of a scalar.
template <typename Function>
struct ScalarReader {
  static_assert(std::is_invocable_v<Function&>,
                "a scalar is a function without parameters, or a pointer to a "
                "std::atomic");
  static constexpr auto kCost = ComputedValue::Cost::kMayBlock;
  static auto Read(Function& function) { return function(); }
};
template <typename T>
struct ScalarReader<std::atomic<T>*> {
  static constexpr auto kCost = ComputedValue::Cost::kCheap;
  static T Read(const std::atomic<T>* value) { return value->load(); }
};

// Turn the result of any Encode() into that of a computed value.
template <typename Wire>
ComputedValue::Result ToResult(const Converted<Wire>& number) {
  return number;
}
template <typename Encoded>
ComputedValue::Result ToResult(const Encoded& encoded) {
  return snmp_type_internal::ToValue(encoded);
}

template <typename P, typename T>
ComputedValue::Result ReadScalar(const T& value, const EncodeContext& context) {
  return ToResult(snmp_type_internal::Encode<P>(value, context));
}
template <typename P, typename T>
ComputedValue::Result ReadScalar(const std::optional<T>& value,
                                 const EncodeContext& context) {
  if (!value.has_value()) return NoValueError();
  return ReadScalar<P>(*value, context);
}
template <typename P, typename T>
ComputedValue::Result ReadScalar(const absl::StatusOr<T>& value,
                                 const EncodeContext& context) {
  if (!value.ok()) return value.status();
  return ReadScalar<P>(*value, context);
}

// `P` is void if the type of the value decides.
template <typename P, typename Source>
Scalar MakeScalarOf(Source source, size_t octets) {
  using Reader = ScalarReader<Source>;
  return {[source = std::move(source),
           octets](absl::Time sys_up_time_zero) mutable {
            using T = std::decay_t<decltype(Reader::Read(source))>;
            using Type = std::conditional_t<std::is_void_v<P>,
                                            typename Unwrapped<T>::Type, P>;
            return ReadScalar<Type>(Reader::Read(source),
                                    {sys_up_time_zero, octets});
          },
          Reader::kCost};
}

}  // namespace table_internal

template <typename Source>
Scalar MakeScalar(Source source) {
  return table_internal::MakeScalarOf<void>(std::move(source), 0);
}
template <typename P, typename Source>
Scalar MakeScalar(ColumnOf<P, Source> source) {
  return table_internal::MakeScalarOf<P>(std::move(source.accessor),
                                         source.octets);
}

}  // namespace passpersist

#endif  // PASSPERSIST_TABLE_SCALAR_H_
