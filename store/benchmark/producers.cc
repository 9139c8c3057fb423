// SPDX-License-Identifier: Apache-2.0

#include "store/benchmark/producers.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/table_builder.h"
#include "passpersist/value.h"
#include "store/benchmark/data_set.h"
#include "store/benchmark/stopwatch.h"

namespace passpersist::benchmark {
namespace {

template <typename T>
std::vector<T> FullColumn(const DataSet& data, uint32_t column) {
  std::vector<T> values;
  values.reserve(data.rows());
  for (uint32_t row = 0; row < data.rows(); ++row) {
    values.push_back(std::get<T>(ValueIn({column, row})));
  }
  return values;
}

template <typename T>
std::vector<std::optional<T>> SparseColumn(const DataSet& data,
                                           uint32_t column) {
  std::vector<std::optional<T>> values(data.rows());
  for (uint32_t row = 0; row < data.rows(); ++row) {
    const Cell cell = {column, row};
    if (data.Has(cell)) values[row] = std::get<T>(ValueIn(cell));
  }
  return values;
}

template <typename T>
absl::AnyInvocable<void(Contents*)> PutColumnOf(const DataSet& data,
                                                uint32_t column,
                                                std::vector<T> values) {
  return [column, rows = data.row_index(),
          values = std::move(values)](Contents* contents) mutable {
    contents->PutColumn({1, column}, rows, std::move(values));
  };
}

}  // namespace

Contents PutEach(const DataSet& data, Stopwatch* watch) {
  Contents contents;
  data.ForEachRun([&](uint32_t column, const std::vector<uint32_t>& rows,
                      const std::vector<Oid>& suffixes) {
    watch->Start();
    for (size_t i = 0; i < rows.size(); ++i) {
      WithValue({column, rows[i]}, [&](auto value) {
        contents.Put(suffixes[i], std::move(value));
      });
    }
    watch->Stop();
  });
  return contents;
}

RowProducer::RowProducer(const DataSet* data) : data_(*data) {
  for (uint32_t first = 1; first < data_.columns(); first += 5) {
    fives_.push_back({first, table_.AddColumn<Counter64>(first),
                      table_.AddColumn<Gauge32>(first + 1),
                      table_.AddColumn<OctetString>(first + 2),
                      table_.AddColumn<Counter32>(first + 3),
                      table_.AddColumn<Counter32>(first + 4)});
  }
}

Contents RowProducer::Make() {
  for (uint32_t row = 0; row < data_.rows(); ++row) {
    TableBuilder::Row cells = table_.AddRow(data_.index(row));
    const auto set = [&](uint32_t column, auto place, auto value_in) {
      const Cell cell = {column, row};
      if (data_.Has(cell)) cells.Set(place, value_in(cell));
    };
    for (const Five& five : fives_) {
      set(five.first, five.counter64, Counter64In);
      set(five.first + 1, five.gauge32, Gauge32In);
      set(five.first + 2, five.text, TextIn);
      set(five.first + 3, five.counter32, Counter32In);
      set(five.first + 4, five.another, Counter32In);
    }
  }
  Contents contents;
  contents.PutTable({1}, table_);
  return contents;
}

ColumnProducer::ColumnProducer(const DataSet& data, Which which) {
  for (uint32_t column = 1; column <= data.columns(); ++column) {
    WithValue({column, 0}, [&](const auto& sample) {
      using T = std::decay_t<decltype(sample)>;
      if (which == kNumbers && std::is_same_v<T, OctetString>) return;
      for (uint32_t row = 0; row < data.rows(); ++row) {
        if (data.Has({column, row})) ++size_;
      }
      columns_.push_back(
          data.is_sparse()
              ? PutColumnOf(data, column, SparseColumn<T>(data, column))
              : PutColumnOf(data, column, FullColumn<T>(data, column)));
    });
  }
}

Contents ColumnProducer::Make() && {
  Contents contents;
  for (auto& put : columns_) put(&contents);
  return contents;
}

}  // namespace passpersist::benchmark
