// SPDX-License-Identifier: Apache-2.0

#include "store/benchmark/verify.h"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <variant>

#include "absl/strings/str_cat.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/value.h"
#include "store/benchmark/data_set.h"
#include "store/benchmark/subject.h"

namespace passpersist::benchmark {
namespace {

void Expect(bool is_right, const Oid& suffix, const Subject& subject) {
  if (is_right) return;
  std::fprintf(
      stderr, "%s\n",
      absl::StrCat(subject.name(), ": wrong answer to ", suffix.ToString())
          .c_str());
  std::abort();
}

}  // namespace

void Verify(const DataSet& data, const Subject& subject) {
  const std::unique_ptr<Iterator> at = subject.NewIterator();
  std::mt19937 random(4);
  for (int i = 0; i < 10000; ++i) {
    Cell cell = data.RandomCell(&random);
    Oid suffix = data.SuffixOf(cell);
    at->Seek(suffix);
    Expect(at->Valid() && at->suffix() == suffix &&
               std::get<Value>(at->value()) == ValueIn(cell),
           suffix, subject);
    suffix.Append(0);
    at->Seek(suffix);
    const bool is_last = !data.Next(&cell);
    Expect(is_last ? !at->Valid()
                   : at->Valid() && at->suffix() == data.SuffixOf(cell),
           suffix, subject);
  }
}

}  // namespace passpersist::benchmark
