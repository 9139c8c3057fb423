// SPDX-License-Identifier: Apache-2.0

#include "store/benchmark/map_subject.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/value.h"
#include "store/benchmark/data_set.h"
#include "store/benchmark/stopwatch.h"

namespace passpersist::benchmark {

void MapSubject::Load(const DataSet& data, Stopwatch* watch) {
  constexpr size_t kArcsInAnOid = 16;
  Map map{map_.get_allocator()};
  suffix_bytes_ = 0;
  data.ForEachRun([&](uint32_t column, const std::vector<uint32_t>& rows,
                      const std::vector<Oid>& suffixes) {
    watch->Start();
    for (size_t i = 0; i < rows.size(); ++i) {
      WithValue({column, rows[i]}, [&](auto value) {
        map.emplace_hint(map.end(), suffixes[i], std::move(value));
      });
    }
    watch->Stop();
    for (const Oid& suffix : suffixes) {
      if (suffix.size() > kArcsInAnOid) {
        suffix_bytes_ += suffix.size() * sizeof(uint32_t);
      }
    }
  });
  watch->Start();
  map_.swap(map);
  map.clear();
  watch->Stop();
}

std::unique_ptr<Iterator> MapSubject::NewIterator() const {
  return std::make_unique<MapIterator>(&map_);
}

void MapSubject::Apply(const Changes& changes) {
  for (const Changes::Change& change : changes.changes()) {
    if (change.value) {
      map_.insert_or_assign(change.suffix, std::get<Value>(*change.value));
    } else {
      map_.erase(change.suffix);
    }
  }
}

}  // namespace passpersist::benchmark
