// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BENCHMARK_SUBJECT_H_
#define STORE_BENCHMARK_SUBJECT_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "absl/strings/string_view.h"
#include "passpersist/contents.h"
#include "passpersist/oid_store.h"
#include "store/benchmark/data_set.h"
#include "store/benchmark/stopwatch.h"

namespace passpersist::benchmark {

// A container to search, to walk and to change: a store, or the map that stores
// are compared with.
//
// Used by one thread at a time; NewIterator() of a store by several.
class Subject {
 public:
  virtual ~Subject() = default;

  virtual absl::string_view name() const = 0;

  // Replaces all entries by `data`. `watch` runs while the subject works, not
  // while its input is made.
  virtual void Load(const DataSet& data, Stopwatch* watch) = 0;

  virtual std::unique_ptr<Iterator> NewIterator() const = 0;

  virtual void Apply(const Changes& changes) = 0;

  // The bytes of memory of the subject.
  virtual size_t memory() const = 0;

  // The store; null if the subject is not a store.
  virtual const OidStore* store() const = 0;

  // A new empty store of the same type. Requires that the subject is a store.
  virtual std::unique_ptr<OidStore> NewStore() const = 0;
};

// absl::btree_map, with which the others are compared, then the stores of this
// project. All of them are empty.
std::vector<std::unique_ptr<Subject>> MakeSubjects();

}  // namespace passpersist::benchmark

#endif  // STORE_BENCHMARK_SUBJECT_H_
