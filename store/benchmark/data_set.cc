// SPDX-License-Identifier: Apache-2.0

#include "store/benchmark/data_set.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "passpersist/oid.h"
#include "passpersist/row_index.h"
#include "passpersist/value.h"

namespace passpersist::benchmark {
namespace {

constexpr uint32_t kInterfaceColumns = 100;
constexpr uint32_t kAddressColumns = 5;

std::vector<Oid> NumberedRows(uint32_t entries) {
  std::vector<Oid> indexes;
  const uint32_t rows = std::max(entries / kInterfaceColumns, 1u);
  for (uint32_t row = 1; row <= rows; ++row) indexes.push_back({row});
  return indexes;
}

}  // namespace

Value ValueIn(Cell cell) {
  Value value;
  WithValue(cell, [&](auto typed) { value = std::move(typed); });
  return value;
}

DataSet::DataSet(std::string title, uint32_t columns, std::vector<Oid> indexes,
                 bool is_sparse)
    : title_(std::move(title)),
      columns_(columns),
      indexes_(std::move(indexes)),
      row_index_(RowIndex::Make(indexes_).value()),
      is_sparse_(is_sparse) {
  size_t bytes = 0;
  for (Cell cell = {1, 0}; cell.column <= columns_; ++cell.column) {
    for (cell.row = 0; cell.row < rows(); ++cell.row) {
      if (!Has(cell)) continue;
      ++size_;
      WithValue(cell, [&](const auto& value) {
        if constexpr (std::is_same_v<decltype(value), const OctetString&>) {
          bytes += value.bytes.size();
        } else {
          bytes += sizeof value;
        }
      });
    }
  }
  value_bytes_ = static_cast<double>(bytes) / static_cast<double>(size_);
}

DataSet DataSet::InterfaceLike(uint32_t entries) {
  return {"interface-like: 100 columns, integer rows", kInterfaceColumns,
          NumberedRows(entries), false};
}

DataSet DataSet::Sparse(uint32_t entries) {
  return {"sparse: interface-like, 5 % of the cells missing at random",
          kInterfaceColumns, NumberedRows(entries), true};
}

DataSet DataSet::AddressLike(uint32_t entries) {
  std::mt19937 random(1);
  std::vector<Oid> indexes(std::max(entries / kAddressColumns, 1u));
  for (Oid& index : indexes) {
    for (size_t size = 4 + random() % 17; size > 0; --size) {
      index.Append(static_cast<uint32_t>(random() % 256));
    }
  }
  std::sort(indexes.begin(), indexes.end());
  indexes.erase(std::unique(indexes.begin(), indexes.end()), indexes.end());
  return {"address-like: 5 columns, indexes of 4 to 20 arcs", kAddressColumns,
          std::move(indexes), false};
}

// A hash, so that the same cells are missing each time.
bool DataSet::IsMissing(Cell cell) {
  uint32_t hash = cell.row * 2654435761u + cell.column * 2246822519u;
  hash = (hash ^ hash >> 15) * 3266489917u;
  return (hash ^ hash >> 13) % 20 == 0;
}

Oid DataSet::SuffixOf(Cell cell) const {
  return Concat({1, cell.column}, index(cell.row));
}

bool DataSet::Next(Cell* cell) const {
  do {
    if (++cell->row < rows()) continue;
    cell->row = 0;
    if (++cell->column > columns()) return false;
  } while (!Has(*cell));
  return true;
}

Cell DataSet::RandomCell(std::mt19937* random) const {
  for (;;) {
    const Cell cell = {static_cast<uint32_t>(1 + (*random)() % columns()),
                       static_cast<uint32_t>((*random)() % rows())};
    if (Has(cell)) return cell;
  }
}

std::vector<Oid> DataSet::RandomSuffixes(size_t count, uint32_t seed) const {
  std::mt19937 random(seed);
  std::vector<Oid> suffixes;
  suffixes.reserve(count);
  while (suffixes.size() < count)
    suffixes.push_back(SuffixOf(RandomCell(&random)));
  return suffixes;
}

void DataSet::ForEachRun(
    absl::FunctionRef<void(uint32_t column, const std::vector<uint32_t>& rows,
                           const std::vector<Oid>& suffixes)>
        use) const {
  constexpr size_t kRange = 1000;
  std::vector<uint32_t> run;
  std::vector<Oid> suffixes;
  for (uint32_t column = 1; column <= columns(); ++column) {
    for (uint32_t row = 0; row < rows(); ++row) {
      if (Has({column, row})) {
        run.push_back(row);
        suffixes.push_back(SuffixOf({column, row}));
      }
      if (run.size() < kRange && row + 1 < rows()) continue;
      use(column, run, suffixes);
      run.clear();
      suffixes.clear();
    }
  }
}

}  // namespace passpersist::benchmark
