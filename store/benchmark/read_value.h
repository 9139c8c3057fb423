// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BENCHMARK_READ_VALUE_H_
#define STORE_BENCHMARK_READ_VALUE_H_

#include <atomic>
#include <cstddef>
#include <type_traits>
#include <variant>

#include "passpersist/oid_store.h"
#include "passpersist/value.h"
#include "store/benchmark/map_subject.h"

namespace passpersist::benchmark {

// A number made of the value, on which the next search can depend.
inline size_t ReadValue(const Value& value) {
  if (const auto* const v = std::get_if<Counter32>(&value)) return v->value;
  if (const auto* const v = std::get_if<Gauge32>(&value)) return v->value;
  if (const auto* const v = std::get_if<Counter64>(&value)) return v->value;
  if (const auto* const v = std::get_if<OctetString>(&value)) {
    return v->bytes.size();
  }
  return 0;
}

// The same for the entry of an iterator.
template <typename AnyIterator>
size_t ReadValueAt(const AnyIterator& at) {
  if constexpr (std::is_same_v<AnyIterator, MapIterator>) {
    return ReadValue(at.plain_value());
  } else {
    return ReadValue(std::get<Value>(at.value()));
  }
}

// Stores `number`, so that the compiler does not remove the searches.
inline void Use(size_t number) {
  static std::atomic<size_t> sink;
  sink = number;
}

}  // namespace passpersist::benchmark

#endif  // STORE_BENCHMARK_READ_VALUE_H_
