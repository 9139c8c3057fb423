// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <optional>
#include <vector>

#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "store/benchmark/map_subject.h"
#include "store/benchmark/measurement.h"
#include "store/benchmark/read_value.h"
#include "store/benchmark/stopwatch.h"

namespace passpersist::benchmark {
namespace {

// Query `i` or its neighbour, depending on the last value.
const Oid& QueryAfter(size_t last, size_t i, const std::vector<Oid>& queries) {
  return queries[i ^ (last & 1)];
}

// Calls `measure` with an iterator. That of the map has its final type, so that
// the map is not charged for virtual calls.
template <typename Measure>
double WithIterator(const Scene& scene, const Measure& measure) {
  const std::unique_ptr<Iterator> iterator = scene.subject.NewIterator();
  if (auto* const own = dynamic_cast<MapIterator*>(iterator.get())) {
    return measure(own);
  }
  return measure(iterator.get());
}

double Get(const Scene& scene) {
  return WithIterator(scene, [&](auto* at) {
    Stopwatch watch;
    watch.Start();
    size_t last = 0;
    for (size_t i = 0; i < scene.queries.size(); ++i) {
      at->Seek(QueryAfter(last, i, scene.queries));
      last = ReadValueAt(*at);
    }
    watch.Stop();
    Use(last);
    return watch.Per(scene.queries.size());
  });
}

double GetNext(const Scene& scene) {
  return WithIterator(scene, [&](auto* at) {
    Stopwatch watch;
    watch.Start();
    size_t last = 0;
    for (size_t i = 0; i < scene.queries.size(); ++i) {
      const Oid& suffix = QueryAfter(last, i, scene.queries);
      at->Seek(suffix);
      if (at->Valid() && at->suffix() == suffix) at->Next();
      last = at->Valid() ? ReadValueAt(*at) + at->suffix().back() : 0;
    }
    watch.Stop();
    Use(last);
    return watch.Per(scene.queries.size());
  });
}

double WalkStep(const Scene& scene) {
  return WithIterator(scene, [&](auto* at) {
    Stopwatch watch;
    watch.Start();
    size_t sum = 0;
    size_t steps = 0;
    for (at->SeekToFirst(); at->Valid(); at->Next(), ++steps) {
      sum += at->suffix().back() + ReadValueAt(*at);
    }
    watch.Stop();
    Use(sum);
    if (steps != scene.data.size()) std::abort();
    return watch.Per(steps);
  });
}

std::optional<double> TakeSnapshot(const Scene& scene) {
  const OidStore* const store = scene.subject.store();
  if (store == nullptr) return std::nullopt;
  Stopwatch watch;
  watch.Start();
  size_t sum = 0;
  for (size_t i = 0; i < scene.queries.size(); ++i) {
    sum += store->snapshot()->size();
  }
  watch.Stop();
  Use(sum);
  return watch.Per(scene.queries.size());
}

double Miss(const Scene& scene) {
  return scene.chase.Run(scene.queries.size());
}

}  // namespace

std::vector<Measurement> ReadMeasurements() {
  return {
      {"get, ns", Get, 1},
      {"getnext, ns", GetNext, 1},
      {"walk step, ns", WalkStep, 1},
      {"snapshot(), ns", TakeSnapshot, 1},
      {"a miss in its bytes, ns", Miss, 1, false},
      {"get, in such misses",
       [](const Scene& scene) { return Get(scene) / Miss(scene); }, 1, false},
  };
}

}  // namespace passpersist::benchmark
