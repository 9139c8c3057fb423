// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BENCHMARK_MAP_SUBJECT_H_
#define STORE_BENCHMARK_MAP_SUBJECT_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/stored_value.h"
#include "passpersist/value.h"
#include "store/benchmark/data_set.h"
#include "store/benchmark/stopwatch.h"
#include "store/benchmark/subject.h"

namespace passpersist::benchmark {

// Adds the bytes that a container allocates to a number of the caller.
//
// A value type.
template <typename T>
class CountingAllocator {
 public:
  using value_type = T;

  explicit CountingAllocator(size_t* bytes) : bytes_(bytes) {}
  template <typename U>
  // NOLINTNEXTLINE(google-explicit-constructor): allocators convert.
  CountingAllocator(const CountingAllocator<U>& other)
      : bytes_(other.bytes()) {}

  T* allocate(size_t n) {
    *bytes_ += n * sizeof(T);
    return std::allocator<T>().allocate(n);
  }
  void deallocate(T* p, size_t n) {
    *bytes_ -= n * sizeof(T);
    std::allocator<T>().deallocate(p, n);
  }

  size_t* bytes() const { return bytes_; }
  friend bool operator==(CountingAllocator a, CountingAllocator b) {
    return a.bytes_ == b.bytes_;
  }
  friend bool operator!=(CountingAllocator a, CountingAllocator b) {
    return !(a == b);
  }

 private:
  size_t* bytes_;
};

// The map that a program would use without the stores. It has no snapshots, so
// reads during a replace are not measured.
//
// Used by one thread at a time.
class MapSubject : public Subject {
 public:
  using Map = absl::btree_map<Oid, Value, std::less<Oid>,
                              CountingAllocator<std::pair<const Oid, Value>>>;

  absl::string_view name() const override { return "absl::btree_map"; }
  void Load(const DataSet& data, Stopwatch* watch) override;
  std::unique_ptr<Iterator> NewIterator() const override;
  void Apply(const Changes& changes) override;
  size_t memory() const override { return bytes_ + suffix_bytes_; }
  const OidStore* store() const override { return nullptr; }
  std::unique_ptr<OidStore> NewStore() const override { return nullptr; }

 private:
  size_t bytes_ = 0;
  size_t suffix_bytes_ = 0;  // of suffixes that do not fit into an Oid object
  Map map_{Map::allocator_type(&bytes_)};
};

// Final, and used by its type in the measurements, so that the map is not
// charged for virtual calls.
//
// Used by one thread at a time.
class MapIterator final : public Iterator {
 public:
  explicit MapIterator(const MapSubject::Map* map)
      : map_(*map), at_(map->end()) {}

  bool Valid() const override { return at_ != map_.end(); }
  void SeekToFirst() override { at_ = map_.begin(); }
  void Seek(const Oid& suffix) override { at_ = map_.lower_bound(suffix); }
  void Next() override { ++at_; }
  const Oid& suffix() const override { return at_->first; }
  absl::string_view label() const override { return {}; }
  const Value& plain_value() const { return at_->second; }

  // Not used in the measurements of the map.
  const StoredValue& value() const override {
    stored_ = at_->second;
    return stored_;
  }

 private:
  const MapSubject::Map& map_;
  MapSubject::Map::const_iterator at_;
  mutable StoredValue stored_;
};

}  // namespace passpersist::benchmark

#endif  // STORE_BENCHMARK_MAP_SUBJECT_H_
