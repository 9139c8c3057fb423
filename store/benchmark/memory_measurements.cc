// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "passpersist/oid_store.h"
#include "store/benchmark/measurement.h"
#include "store/benchmark/producers.h"
#include "store/benchmark/store_subject.h"

namespace passpersist::benchmark {
namespace {

constexpr int kOnce = 1000;

double PerEntry(const Scene& scene, size_t bytes) {
  return static_cast<double>(bytes) / static_cast<double>(scene.data.size());
}

double ByPut(const Scene& scene) {
  return PerEntry(scene, scene.subject.memory());
}

std::optional<double> ByPutColumn(const Scene& scene) {
  if (scene.subject.store() == nullptr) return std::nullopt;
  const std::unique_ptr<OidStore> store = scene.subject.NewStore();
  ReplaceAll(store.get(),
             ColumnProducer(scene.data, ColumnProducer::kAllColumns).Make());
  return PerEntry(scene, store->ApproximateMemory());
}

}  // namespace

std::vector<Measurement> MemoryMeasurements() {
  return {
      {"bytes an entry, by Put()", ByPut, kOnce},
      {"bytes an entry, by PutColumn()", ByPutColumn, kOnce},
  };
}

}  // namespace passpersist::benchmark
