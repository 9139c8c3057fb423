// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_BASE_NANOSECONDS_H_
#define PASSPERSIST_BASE_NANOSECONDS_H_

#include <cstdint>
#include <limits>

#include "absl/time/time.h"

namespace passpersist::internal {

// A duration, or a time of the agent's clock, as a number of nanoseconds: what
// each request compares and adds. An addition of absl::Duration costs ten times
// as much. Infinite durations, and sums beyond 292 years, are infinite, and
// stay so when a finite duration is subtracted.
//
// A value type.
class Nanoseconds {
 public:
  constexpr Nanoseconds() = default;  // zero
  // NOLINTNEXTLINE(google-explicit-constructor)
  Nanoseconds(absl::Duration duration)
      : count_(absl::ToInt64Nanoseconds(duration)) {}

  static constexpr Nanoseconds FromCount(int64_t count) {
    return Nanoseconds(count);
  }

  static constexpr Nanoseconds Infinite() { return Nanoseconds(kMax); }

  static constexpr Nanoseconds Milliseconds(int64_t count) {
    return Nanoseconds(count * 1'000'000);
  }

  constexpr int64_t count() const { return count_; }

  absl::Duration ToDuration() const {
    if (count_ == kMax) return absl::InfiniteDuration();
    if (count_ == kMin) return -absl::InfiniteDuration();
    return absl::Nanoseconds(count_);
  }

  friend constexpr Nanoseconds operator+(Nanoseconds a, Nanoseconds b) {
    int64_t sum = 0;
    if (__builtin_add_overflow(a.count_, b.count_, &sum)) {
      return Nanoseconds(a.count_ < 0 ? kMin : kMax);
    }
    return Nanoseconds(sum);
  }
  friend constexpr Nanoseconds operator-(Nanoseconds a, Nanoseconds b) {
    int64_t difference = 0;
    if (a.count_ == kMax || a.count_ == kMin) return a;
    if (__builtin_sub_overflow(a.count_, b.count_, &difference)) {
      return Nanoseconds(a.count_ < 0 ? kMin : kMax);
    }
    return Nanoseconds(difference);
  }
  Nanoseconds& operator+=(Nanoseconds other) { return *this = *this + other; }
  Nanoseconds& operator-=(Nanoseconds other) { return *this = *this - other; }

  friend constexpr bool operator==(Nanoseconds a, Nanoseconds b) {
    return a.count_ == b.count_;
  }
  friend constexpr bool operator!=(Nanoseconds a, Nanoseconds b) {
    return a.count_ != b.count_;
  }
  friend constexpr bool operator<(Nanoseconds a, Nanoseconds b) {
    return a.count_ < b.count_;
  }
  friend constexpr bool operator>(Nanoseconds a, Nanoseconds b) {
    return a.count_ > b.count_;
  }
  friend constexpr bool operator<=(Nanoseconds a, Nanoseconds b) {
    return a.count_ <= b.count_;
  }
  friend constexpr bool operator>=(Nanoseconds a, Nanoseconds b) {
    return a.count_ >= b.count_;
  }

 private:
  static constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  static constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

  constexpr explicit Nanoseconds(int64_t count) : count_(count) {}

  int64_t count_ = 0;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_BASE_NANOSECONDS_H_
