// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TABLE_SCALAR_H_
#define PASSPERSIST_TABLE_SCALAR_H_

#include <atomic>
#include <optional>
#include <type_traits>
#include <utility>

#include "absl/status/statusor.h"
#include "passpersist/stored_value.h"
#include "passpersist/table/column.h"
#include "passpersist/table/operations.h"
#include "passpersist/value.h"

namespace passpersist {

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

template <typename P, typename Source>
ComputedValue MakeScalarOf(Source source) {
  using Reader = ScalarReader<Source>;
  return ComputedValue(
      [source = std::move(source)]() mutable -> absl::StatusOr<Value> {
        using T = std::decay_t<decltype(Reader::Read(source))>;
        using Type = std::conditional_t<std::is_void_v<P>,
                                        typename Unwrapped<T>::Type, P>;
        CellValue value = GetCell<Type>(Reader::Read(source), {});
        if (!value.ok()) return value.status();
        if (value->has_value()) return **std::move(value);
        return NoValueError();
      },
      Reader::kCost);
}

}  // namespace table_internal

// Makes the value of a scalar object; see AgentBuilder::AddScalar().
template <typename Source>
ComputedValue MakeScalar(Source source) {
  return table_internal::MakeScalarOf<void>(std::move(source));
}
template <typename P, typename Source>
ComputedValue MakeScalar(ColumnOf<P, Source> source) {
  return table_internal::MakeScalarOf<P>(std::move(source.accessor));
}

}  // namespace passpersist

#endif  // PASSPERSIST_TABLE_SCALAR_H_
