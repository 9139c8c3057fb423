// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "store/benchmark/data_set.h"
#include "store/benchmark/measurement.h"
#include "store/benchmark/producers.h"
#include "store/benchmark/stopwatch.h"
#include "store/benchmark/store_subject.h"

namespace passpersist::benchmark {
namespace {

double Replace(const Scene& scene) {
  Stopwatch watch;
  scene.subject.Load(scene.data, &watch);
  return watch.Per(scene.data.size());
}

std::optional<double> PutEntry(const Scene& scene) {
  if (scene.subject.store() == nullptr) return std::nullopt;
  Stopwatch watch;
  PutEach(scene.data, &watch);
  return watch.Per(scene.data.size());
}

// The second update, which is like all later ones: the store knows the rows.
std::optional<double> PutRows(const Scene& scene) {
  if (scene.subject.store() == nullptr) return std::nullopt;
  const std::unique_ptr<OidStore> store = scene.subject.NewStore();
  RowProducer producer(&scene.data);
  ReplaceAll(store.get(), producer.Make());
  Stopwatch watch;
  watch.Start();
  ReplaceAll(store.get(), producer.Make());
  watch.Stop();
  return watch.Per(scene.data.size());
}

std::optional<double> PutColumns(const Scene& scene,
                                 ColumnProducer::Which which) {
  if (scene.subject.store() == nullptr) return std::nullopt;
  const std::unique_ptr<OidStore> store = scene.subject.NewStore();
  ReplaceAll(store.get(), ColumnProducer(scene.data, which).Make());
  ColumnProducer producer(scene.data, which);
  Stopwatch watch;
  watch.Start();
  ReplaceAll(store.get(), std::move(producer).Make());
  watch.Stop();
  return watch.Per(producer.size());
}

double ApplyEach(const std::vector<Changes>& all, size_t cells,
                 Subject* subject) {
  Stopwatch watch;
  watch.Start();
  for (const Changes& changes : all) subject->Apply(changes);
  watch.Stop();
  return watch.Per(cells);
}

// Half of the changes put other values, the other half the first values again.
double ApplyOneValue(const Scene& scene) {
  constexpr size_t kCells = 1000;
  std::mt19937 random(3);
  std::vector<Changes> all(2 * kCells);
  for (size_t i = 0; i < kCells; ++i) {
    const Cell cell = scene.data.RandomCell(&random);
    const Oid suffix = scene.data.SuffixOf(cell);
    all[i].Put(suffix, ValueIn({cell.column, cell.row + 1}));
    all[kCells + i].Put(suffix, ValueIn(cell));
  }
  return ApplyEach(all, all.size(), &scene.subject);
}

// One Apply() erases a cell, and another puts it again.
double ApplyEntry(const Scene& scene) {
  constexpr size_t kCells = 500;
  std::mt19937 random(6);
  std::vector<Changes> all;
  for (size_t i = 0; i < kCells; ++i) {
    const Cell cell = scene.data.RandomCell(&random);
    all.emplace_back().Erase(scene.data.SuffixOf(cell));
    all.emplace_back().Put(scene.data.SuffixOf(cell), ValueIn(cell));
  }
  return ApplyEach(all, all.size(), &scene.subject);
}

// One Apply() erases a row in all columns, and another puts it again.
double ApplyRow(const Scene& scene) {
  constexpr size_t kRows = 100;
  std::mt19937 random(4);
  std::vector<Changes> all(2 * kRows);
  for (size_t i = 0; i < kRows; ++i) {
    const uint32_t row = scene.data.RandomCell(&random).row;
    for (Cell cell = {1, row}; cell.column <= scene.data.columns();
         ++cell.column) {
      all[2 * i].Erase(scene.data.SuffixOf(cell));
      all[2 * i + 1].Put(scene.data.SuffixOf(cell), ValueIn(cell));
    }
  }
  return ApplyEach(all, all.size() * scene.data.columns(), &scene.subject);
}

}  // namespace

std::vector<Measurement> WriteMeasurements() {
  return {
      {"replace, sorted, ns an entry", Replace, 2},
      {"Put(), ns an entry", PutEntry, 2},
      {"PutTable() + replace, ns a cell", PutRows, 2},
      {"PutColumn() + replace, ns a value",
       [](const Scene& scene) {
         return PutColumns(scene, ColumnProducer::kAllColumns);
       },
       2},
      {"the same, only numbers",
       [](const Scene& scene) {
         return PutColumns(scene, ColumnProducer::kNumbers);
       },
       2},
      {"one-value Apply(), ns", ApplyOneValue, 2},
      {"one entry erased and put, ns", ApplyEntry, 2},
      {"row erased and put, ns a cell", ApplyRow, 2},
  };
}

}  // namespace passpersist::benchmark
