// SPDX-License-Identifier: Apache-2.0

#include "passpersist/monitoring/latency_histogram.h"

#include <algorithm>
#include <cmath>

#include "absl/numeric/bits.h"

namespace passpersist {
namespace {

absl::Duration ToDuration(const internal::RelaxedCounter& nanoseconds) {
  return absl::Nanoseconds(static_cast<int64_t>(nanoseconds.value()));
}

}  // namespace

void LatencyHistogram::AddNanoseconds(int64_t nanoseconds) {
  constexpr int64_t kHour = int64_t{3600} * 1'000'000'000;
  const auto counted =
      static_cast<uint64_t>(std::clamp(nanoseconds, int64_t{0}, kHour));
  buckets_[BucketOf(counted)].Add(1);
  total_.Add(counted);
  max_.RaiseTo(counted);
}

// Not a counter of its own: Add() is called for each request, this is not.
uint64_t LatencyHistogram::count() const {
  uint64_t count = 0;
  for (const internal::RelaxedCounter& bucket : buckets_) {
    count += bucket.value();
  }
  return count;
}

absl::Duration LatencyHistogram::total() const { return ToDuration(total_); }

absl::Duration LatencyHistogram::max() const { return ToDuration(max_); }

absl::Duration LatencyHistogram::Mean() const {
  const uint64_t number = count();
  if (number == 0) return absl::ZeroDuration();
  return total() / static_cast<double>(number);
}

absl::Duration LatencyHistogram::Percentile(double fraction) const {
  const uint64_t number = count();
  if (number == 0) return absl::ZeroDuration();
  const auto rank = std::max<uint64_t>(
      1,
      static_cast<uint64_t>(std::ceil(fraction * static_cast<double>(number))));
  uint64_t seen = 0;
  for (size_t bucket = 0; bucket < kBuckets; ++bucket) {
    seen += buckets_[bucket].value();
    if (seen < rank) continue;
    return std::min(
        max(), absl::Nanoseconds(static_cast<int64_t>(UpperBoundOf(bucket))));
  }
  return max();
}

// The two bits after the leading 1 bit select the quarter of the power of two.
// Numbers up to 3 have fewer than two such bits: each has its own bucket.
size_t LatencyHistogram::BucketOf(uint64_t nanoseconds) {
  if (nanoseconds < 4) return static_cast<size_t>(nanoseconds);
  const int shift = absl::bit_width(nanoseconds) - 3;
  return static_cast<size_t>(4 * shift) +
         static_cast<size_t>(nanoseconds >> shift);
}

// The greatest number of nanoseconds that is counted in `bucket`.
uint64_t LatencyHistogram::UpperBoundOf(size_t bucket) {
  if (bucket < 4) return bucket;
  const size_t shift = bucket / 4 - 1;
  const uint64_t quarters = 4 + bucket % 4 + 1;
  return (quarters << shift) - 1;
}

}  // namespace passpersist
