// SPDX-License-Identifier: Apache-2.0
//
// Compares the stores with absl::btree_map<Oid, Value>, in one process and in
// turns, and prints tables:
//
//   bazel run -c opt //store/benchmark:store_benchmark -- --entries=1000000
//
// Pin the program to its cores (taskset -c 0,1); the reads during a replace
// need two. --rows=get --data=address prints only some rows and tables.

#include <cstdint>
#include <iostream>
#include <string>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/time/time.h"
#include "store/benchmark/benchmark.h"

ABSL_FLAG(uint32_t, entries, 1000000, "number of entries of each store");
ABSL_FLAG(uint32_t, queries, 200000, "number of searches in each round");
ABSL_FLAG(int, rounds, 7, "number of rounds; the median of them is printed");
ABSL_FLAG(int, latency_seconds, 3, "how long to measure the latencies of gets");
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
