// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_MONITORING_LATENCY_HISTOGRAM_H_
#define PASSPERSIST_MONITORING_LATENCY_HISTOGRAM_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"
#include "passpersist/base/relaxed_counter.h"

namespace passpersist {

// A histogram of durations. Memory and error are bounded: each power of two is
// divided into four buckets,
//
//   0  1  2  3  4  5  6  7  8  10  12  14  16  20  24  28  32  40 …  ns
//
// so a percentile is at most a quarter too high. A negative duration counts as
// zero, a duration over an hour counts as an hour.
//
// A value type. Add() and copying are safe for concurrent use: the agent counts
// requests without a lock. A copy that is made during Add() may lack parts of
// that duration.
class LatencyHistogram {
 public:
  void Add(absl::Duration duration) {
    AddNanoseconds(absl::ToInt64Nanoseconds(duration));
  }
  void AddNanoseconds(int64_t nanoseconds);

  uint64_t count() const;

  // The sum of all durations, each rounded down to nanoseconds.
  absl::Duration total() const;

  // Zero if count() is zero.
  absl::Duration Mean() const;
  absl::Duration max() const;

  // The duration that `fraction` of all durations do not exceed, rounded up to
  // the upper bound of its bucket, but at most max(). Zero if count() is zero.
  // Requires 0 <= fraction <= 1.
  absl::Duration Percentile(double fraction) const;

 private:
  // Four buckets for each power of two up to 2^42 ns, which is over an hour.
  static constexpr size_t kBuckets = 4 * 42;

  static size_t BucketOf(uint64_t nanoseconds);
  static uint64_t UpperBoundOf(size_t bucket);

  std::array<internal::RelaxedCounter, kBuckets> buckets_;
  internal::RelaxedCounter total_;  // nanoseconds
  internal::RelaxedCounter max_;    // nanoseconds
};

}  // namespace passpersist

#endif  // PASSPERSIST_MONITORING_LATENCY_HISTOGRAM_H_
