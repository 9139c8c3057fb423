// SPDX-License-Identifier: Apache-2.0

#include "store/benchmark/store_subject.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/status/status.h"
#include "passpersist/contents.h"
#include "passpersist/oid_store.h"
#include "store/benchmark/data_set.h"
#include "store/benchmark/producers.h"
#include "store/benchmark/stopwatch.h"

namespace passpersist::benchmark {
namespace {

void MustSucceed(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::abort();
}

}  // namespace

void ReplaceAll(OidStore* store, Contents contents) {
  MustSucceed(store->Replace(std::move(contents)));
}

void StoreSubject::Load(const DataSet& data, Stopwatch* watch) {
  Stopwatch making;
  Contents contents = PutEach(data, &making);
  watch->Start();
  ReplaceAll(store_.get(), std::move(contents));
  watch->Stop();
}

void StoreSubject::Apply(const Changes& changes) {
  MustSucceed(store_->Apply(changes));
}

}  // namespace passpersist::benchmark
