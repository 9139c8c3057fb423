// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BENCHMARK_MEASUREMENT_H_
#define STORE_BENCHMARK_MEASUREMENT_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "passpersist/oid.h"
#include "store/benchmark/data_set.h"
#include "store/benchmark/pointer_chase.h"
#include "store/benchmark/subject.h"

namespace passpersist::benchmark {

// The input of a measurement: a subject that holds `data`. After the
// measurement, the subject holds `data` again.
//
// A value type that borrows all that it refers to.
struct Scene {
  const DataSet& data;
  const std::vector<Oid>& queries;  // an even number
  Subject& subject;
  PointerChase& chase;  // over as many bytes as the subject takes
  absl::Duration latency_time;
};

// A row of the table.
//
// A value type.
struct Measurement {
  std::string title;
  // nullopt if the measurement does not apply to the subject.
  std::function<std::optional<double>(const Scene&)> run;
  // 1: runs in each round; n: in every n-th round.
  int period;
  bool is_compared = true;  // with absl::btree_map
};

// Each returns its rows in the order in which they are printed.
std::vector<Measurement> ReadMeasurements();
std::vector<Measurement> WriteMeasurements();
std::vector<Measurement> MemoryMeasurements();
std::vector<Measurement> LatencyMeasurements();

}  // namespace passpersist::benchmark

#endif  // STORE_BENCHMARK_MEASUREMENT_H_
