// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BENCHMARK_POINTER_CHASE_H_
#define STORE_BENCHMARK_POINTER_CHASE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace passpersist::benchmark {

// Measures the lower bound of the machine: dependent reads of memory, each at
// an address that only the read before it returns. All cache lines of the given
// memory are on one random ring:
//
//   line   0    1    2    3    4    5
//        [ 3 ][ 4 ][ 1 ][ 2 ][ 5 ][ 0 ]      0 -> 3 -> 2 -> 1 -> 4 -> 5 -> 0
//
// Used by one thread at a time.
class PointerChase {
 public:
  explicit PointerChase(size_t bytes);

  // Does `steps` reads, and returns the nanoseconds of one read.
  double Run(size_t steps);

 private:
  struct alignas(64) Line {
    uint32_t next;
  };

  std::vector<Line> lines_;
  uint32_t at_ = 0;
};

}  // namespace passpersist::benchmark

#endif  // STORE_BENCHMARK_POINTER_CHASE_H_
