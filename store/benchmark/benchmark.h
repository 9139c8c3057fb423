// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BENCHMARK_BENCHMARK_H_
#define STORE_BENCHMARK_BENCHMARK_H_

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>

#include "absl/time/time.h"

namespace passpersist::benchmark {

// Which measurements to run, and how often.
//
// A value type.
struct Options {
  uint32_t entries = 1000000;
  size_t queries = 200000;  // searches in a round
  int rounds = 7;
  // How long to measure the latencies of gets.
  absl::Duration latency_time = absl::Seconds(3);
  // Print only rows whose title contains `rows`, of data sets whose title
  // contains `data`.
  std::string rows;
  std::string data;
};

// Prints a table for each data set: a row for each measurement, a column for
// each subject. A cell holds the median of the rounds and, in brackets, the
// quartiles. For a store, it also holds how many times better the store is than
// absl::btree_map: the median of the ratios of each round.
//
// Every search depends on the search before: the value that was found decides
// which suffix is next, so that no two searches overlap. Each round has its own
// suffixes, and measures one subject after the other. Before and after the
// measurements, the answers of each subject are compared with the data set, for
// existing and missing suffixes. A wrong answer ends the program.
void RunBenchmark(const Options& options, std::ostream& out);

}  // namespace passpersist::benchmark

#endif  // STORE_BENCHMARK_BENCHMARK_H_
