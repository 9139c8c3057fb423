// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BENCHMARK_BENCHMARK_H_
#define STORE_BENCHMARK_BENCHMARK_H_

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>

#include "absl/time/time.h"

namespace passpersist::benchmark {

// What to measure, and how often.
//
// A value type.
struct Options {
  uint32_t entries = 1000000;
  size_t queries = 200000;  // searches in a round
  int rounds = 7;
  // The time for which the slowest gets are looked for.
  absl::Duration latency_time = absl::Seconds(3);
  // Only rows whose title contains this, of data sets whose title contains
  // that.
  std::string rows;
  std::string data;
};

// Prints a table for each data set: a row for each measurement, a column for
// each subject. A cell is the median of the rounds and, in brackets, the
// quartiles; behind those of a store is how many times better than
// absl::btree_map it is, the median of the ratios in each round.
//
// Every search depends on the one before: the value that was found decides
// which name is next, so that no two searches overlap. Each round has names of
// its own, and takes one subject after the other. Before and after it is
// measured, what a subject answers is compared with what was put, hits and
// misses; a wrong answer ends the program.
void RunBenchmark(const Options& options, std::ostream& out);

}  // namespace passpersist::benchmark

#endif  // STORE_BENCHMARK_BENCHMARK_H_
