// SPDX-License-Identifier: Apache-2.0
//
// Measures the stores against absl::btree_map<Oid, Value>, in one process and
// in turns, and prints tables:
//
//   bazel run -c opt //store/benchmark:store_benchmark -- --entries=1000000
//
// Pin the program to the cores that it is to have (taskset -c 0,1); two are
// needed for the reads during a replace. --rows=get --data=address prints a
// part of it.

#include <cstdint>
#include <iostream>
#include <string>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/time/time.h"
#include "store/benchmark/benchmark.h"

ABSL_FLAG(uint32_t, entries, 1000000, "entries of each store");
ABSL_FLAG(uint32_t, queries, 200000, "searches in each round");
ABSL_FLAG(int, rounds, 7, "rounds, of which the median counts");
ABSL_FLAG(int, latency_seconds, 3,
          "time for which the slowest gets are looked for");
ABSL_FLAG(std::string, rows, "", "only rows whose title contains this");
ABSL_FLAG(std::string, data, "", "only data sets whose title contains this");

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  passpersist::benchmark::Options options;
  options.entries = absl::GetFlag(FLAGS_entries);
  options.queries = absl::GetFlag(FLAGS_queries);
  options.rounds = absl::GetFlag(FLAGS_rounds);
  options.latency_time = absl::Seconds(absl::GetFlag(FLAGS_latency_seconds));
  options.rows = absl::GetFlag(FLAGS_rows);
  options.data = absl::GetFlag(FLAGS_data);
  passpersist::benchmark::RunBenchmark(options, std::cout);
}
