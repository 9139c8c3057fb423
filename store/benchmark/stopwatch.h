// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BENCHMARK_STOPWATCH_H_
#define STORE_BENCHMARK_STOPWATCH_H_

#include <time.h>

#include <cstddef>
#include <cstdint>

namespace passpersist::benchmark {

// Adds up the processor time of this thread from Start() to Stop(), so that
// other processes on the machine do not count.
//
// Used by one thread at a time.
class Stopwatch {
 public:
  void Start() { begin_ = Now(); }
  void Stop() { elapsed_ += Now() - begin_; }

  // The nanoseconds divided by `times`.
  double Per(size_t times) const {
    return static_cast<double>(elapsed_) / static_cast<double>(times);
  }

 private:
  static int64_t Now() {
    timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
  }

  int64_t begin_ = 0;
  int64_t elapsed_ = 0;
};

}  // namespace passpersist::benchmark

#endif  // STORE_BENCHMARK_STOPWATCH_H_
