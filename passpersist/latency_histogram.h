// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_LATENCY_HISTOGRAM_H_
#define PASSPERSIST_LATENCY_HISTOGRAM_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"

namespace passpersist {

// How often which duration was seen. Memory and error are bounded: the bounds
// of the buckets grow by a quarter of a power of two,
//
//   0  1  2  3  4  5  6  7  8  10  12  14  16  20  24  28  32  40 …  ns
//
// so that a percentile is at most a quarter too high. Durations below zero
// count as zero, those above an hour as an hour.
//
// A value type.
class LatencyHistogram {
 public:
  void Add(absl::Duration duration);

  uint64_t count() const { return count_; }

  // The sum of all; exact.
  absl::Duration total() const { return total_; }

  // Zero if there are none.
  absl::Duration Mean() const;
  absl::Duration max() const { return max_; }

  // The duration that `fraction` of all did not exceed, rounded up to the
  // bound of its bucket but never above max(); zero if there are none. Requires
  // 0 <= fraction <= 1.
  absl::Duration Percentile(double fraction) const;

 private:
  // Four for each power of two up to 2^42 ns, which is more than an hour.
  static constexpr size_t kBuckets = 4 * 42;

  static size_t BucketOf(uint64_t nanoseconds);
  static uint64_t LastOf(size_t bucket);

  std::array<uint64_t, kBuckets> buckets_ = {};
  uint64_t count_ = 0;
  absl::Duration total_;
  absl::Duration max_;
};

}  // namespace passpersist

#endif  // PASSPERSIST_LATENCY_HISTOGRAM_H_
