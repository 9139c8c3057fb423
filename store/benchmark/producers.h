// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BENCHMARK_PRODUCERS_H_
#define STORE_BENCHMARK_PRODUCERS_H_

#include <cstdint>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "passpersist/contents.h"
#include "passpersist/table_builder.h"
#include "passpersist/value.h"
#include "store/benchmark/data_set.h"
#include "store/benchmark/stopwatch.h"

namespace passpersist::benchmark {

// The ways in which a program may fill Contents with a data set.

// Value by value, in OID order. `watch` runs while values are put, not while
// their suffixes are made.
Contents PutEach(const DataSet& data, Stopwatch* watch);

// Row by row, with a TableBuilder that is reused by each update.
//
// Used by one thread at a time.
class RowProducer {
 public:
  explicit RowProducer(const DataSet* data);

  Contents Make();

 private:
  // Columns of each type, in the order of WithValue().
  struct Five {
    uint32_t first;
    TableBuilder::Column<Counter64> counter64;
    TableBuilder::Column<Gauge32> gauge32;
    TableBuilder::Column<OctetString> text;
    TableBuilder::Column<Counter32> counter32;
    TableBuilder::Column<Counter32> another;
  };

  const DataSet& data_;
  TableBuilder table_;
  std::vector<Five> fives_;
};

// Column by column. The vectors are made in advance, and the RowIndex is always
// the same.
//
// Used by one thread at a time.
class ColumnProducer {
 public:
  enum Which { kAllColumns, kNumbers };

  ColumnProducer(const DataSet& data, Which which);

  // Call it once.
  Contents Make() &&;

  // The number of cells.
  size_t size() const { return size_; }

 private:
  std::vector<absl::AnyInvocable<void(Contents*)>> columns_;
  size_t size_ = 0;
};

}  // namespace passpersist::benchmark

#endif  // STORE_BENCHMARK_PRODUCERS_H_
