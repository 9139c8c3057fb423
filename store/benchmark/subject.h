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

// Something to search, to walk and to change: a store, or what stores are
// compared with.
//
// Used by one thread at a time; NewIterator() of a store by several.
class Subject {
 public:
  virtual ~Subject() = default;

  virtual absl::string_view name() const = 0;

  // Puts `data` in the place of everything. `watch` runs while the subject
  // works, not while what it is given is made.
  virtual void Load(const DataSet& data, Stopwatch* watch) = 0;

  virtual std::unique_ptr<Iterator> NewIterator() const = 0;

  virtual void Apply(const Changes& changes) = 0;

  // The bytes that it takes.
  virtual size_t memory() const = 0;

  // The store; none, if it isn't one.
  virtual const OidStore* store() const = 0;

  // An empty one of the same kind. Requires a store.
  virtual std::unique_ptr<OidStore> NewStore() const = 0;
};

// absl::btree_map, with which the others are compared, then the stores of this
// project. All are empty.
std::vector<std::unique_ptr<Subject>> MakeSubjects();

}  // namespace passpersist::benchmark

#endif  // STORE_BENCHMARK_SUBJECT_H_
