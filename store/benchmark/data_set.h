// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BENCHMARK_DATA_SET_H_
#define STORE_BENCHMARK_DATA_SET_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "passpersist/oid.h"
#include "passpersist/row_index.h"
#include "passpersist/value.h"

namespace passpersist::benchmark {

// A place in a table. Columns count from 1, rows from 0.
//
// A value type.
struct Cell {
  uint32_t column;
  uint32_t row;
};

// Values like those of a table: one type in a column, 5.6 bytes on average (of
// five columns, three hold 4 bytes, one 8 bytes, and one a text of 8 bytes on
// average).
inline Counter64 Counter64In(Cell cell) {
  return {uint64_t{cell.row} << 20 | cell.column};
}
inline Gauge32 Gauge32In(Cell cell) { return {cell.row}; }
inline Counter32 Counter32In(Cell cell) { return {cell.row}; }
inline OctetString TextIn(Cell cell) {
  return {std::string(4 + cell.row % 9, 'a')};
}

// Calls `use` with the value of a cell, in the type of its column.
template <typename Use>
void WithValue(Cell cell, const Use& use) {
  switch (cell.column % 5) {
    case 1:
      return use(Counter64In(cell));
    case 2:
      return use(Gauge32In(cell));
    case 3:
      return use(TextIn(cell));
    default:
      return use(Counter32In(cell));
  }
}

Value ValueIn(Cell cell);

// The data to store: a table of cells with the suffixes 1.column.index. Cells
// may be missing. A DataSet keeps only the indexes and computes suffixes and
// values on demand, so that ten million entries take memory in the stores only.
//
// Immutable, so safe for concurrent use.
class DataSet {
 public:
  // 100 columns over integer rows.
  static DataSet InterfaceLike(uint32_t entries);

  // The same, with 5 % of the cells missing at random.
  static DataSet Sparse(uint32_t entries);

  // 5 columns over random indexes of 4 to 20 arcs of a byte each.
  static DataSet AddressLike(uint32_t entries);

  const std::string& title() const { return title_; }

  // A multiple of five, so that each type of value has as many columns.
  uint32_t columns() const { return columns_; }
  uint32_t rows() const { return static_cast<uint32_t>(indexes_.size()); }
  const Oid& index(uint32_t row) const { return indexes_[row]; }
  const std::shared_ptr<const RowIndex>& row_index() const {
    return row_index_;
  }

  // The number of existing cells, and the mean size of their values in bytes.
  size_t size() const { return size_; }
  double value_bytes() const { return value_bytes_; }

  bool is_sparse() const { return is_sparse_; }
  bool Has(Cell cell) const { return !is_sparse_ || !IsMissing(cell); }
  Oid SuffixOf(Cell cell) const;

  // Moves to the next cell in OID order; false after the last one.
  bool Next(Cell* cell) const;

  // A random existing cell.
  Cell RandomCell(std::mt19937* random) const;

  // Suffixes of existing cells, in random order and in contiguous memory.
  std::vector<Oid> RandomSuffixes(size_t count, uint32_t seed) const;

  // Calls `use` for all cells in OID order, with several adjacent cells at a
  // time: a column, some of its rows, and the suffixes of these cells.
  void ForEachRun(
      absl::FunctionRef<void(uint32_t column, const std::vector<uint32_t>& rows,
                             const std::vector<Oid>& suffixes)>
          use) const;

 private:
  DataSet(std::string title, uint32_t columns, std::vector<Oid> indexes,
          bool is_sparse);

  static bool IsMissing(Cell cell);

  std::string title_;
  uint32_t columns_;
  std::vector<Oid> indexes_;  // in order
  std::shared_ptr<const RowIndex> row_index_;
  bool is_sparse_;
  size_t size_ = 0;
  double value_bytes_ = 0;
};

}  // namespace passpersist::benchmark

#endif  // STORE_BENCHMARK_DATA_SET_H_
