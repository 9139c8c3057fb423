// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_BASE_RELAXED_COUNTER_H_
#define PASSPERSIST_BASE_RELAXED_COUNTER_H_

#include <atomic>
#include <cstdint>

namespace passpersist::internal {

// A number that threads change and read without a lock. Several counters that
// are read together may show different moments.
//
// Safe for concurrent use, except for assignment.
class RelaxedCounter {
 public:
  RelaxedCounter() = default;
  RelaxedCounter(const RelaxedCounter& other) : value_(other.value()) {}
  RelaxedCounter& operator=(const RelaxedCounter& other) {
    value_.store(other.value(), std::memory_order_relaxed);
    return *this;
  }

  uint64_t value() const { return value_.load(std::memory_order_relaxed); }

  void Add(uint64_t number) {
    value_.fetch_add(number, std::memory_order_relaxed);
  }

  // Makes the value at least `number`.
  void RaiseTo(uint64_t number) {
    uint64_t old = value();
    while (old < number && !value_.compare_exchange_weak(
                               old, number, std::memory_order_relaxed)) {
    }
  }

 private:
  std::atomic<uint64_t> value_ = 0;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_BASE_RELAXED_COUNTER_H_
