// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BENCHMARK_STORE_SUBJECT_H_
#define STORE_BENCHMARK_STORE_SUBJECT_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "passpersist/contents.h"
#include "passpersist/oid_store.h"
#include "store/benchmark/data_set.h"
#include "store/benchmark/stopwatch.h"
#include "store/benchmark/subject.h"

namespace passpersist::benchmark {

// Replaces all entries of `store`. Ends the program if that fails.
void ReplaceAll(OidStore* store, Contents contents);

// A store, filled by Contents::Put().
//
// Used by one thread at a time; NewIterator() by several.
class StoreSubject : public Subject {
 public:
  StoreSubject(absl::string_view name, StoreFactory factory)
      : name_(name), factory_(std::move(factory)), store_(factory_()) {}

  absl::string_view name() const override { return name_; }
  void Load(const DataSet& data, Stopwatch* watch) override;
  std::unique_ptr<Iterator> NewIterator() const override {
    return store_->snapshot()->NewIterator();
  }
  void Apply(const Changes& changes) override;
  size_t memory() const override { return store_->ApproximateMemory(); }
  const OidStore* store() const override { return store_.get(); }
  std::unique_ptr<OidStore> NewStore() const override { return factory_(); }

 private:
  const std::string name_;
  const StoreFactory factory_;
  const std::unique_ptr<OidStore> store_;
};

}  // namespace passpersist::benchmark

#endif  // STORE_BENCHMARK_STORE_SUBJECT_H_
