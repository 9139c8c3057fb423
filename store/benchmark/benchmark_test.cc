// SPDX-License-Identifier: Apache-2.0

#include "store/benchmark/benchmark.h"

#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace passpersist::benchmark {
namespace {

using testing::ElementsAreArray;

// The titles of the lines that have figures of both stores.
std::vector<std::string> Titles(absl::string_view table) {
  std::vector<std::string> titles;
  for (const absl::string_view line : absl::StrSplit(table, '\n')) {
    if (line.find('[') != line.rfind('[')) {
      titles.emplace_back(line.substr(0, line.find("  ")));
    }
  }
  return titles;
}

TEST(BenchmarkTest, PrintsEveryRowForEveryDataSet) {
  const std::vector<std::string> memory = {
      "bytes an entry, by Put()",
      "bytes an entry, by PutColumn()",
  };
  std::vector<std::string> all = {
      "get, ns",
      "getnext, ns",
      "walk step, ns",
      "snapshot(), ns",
      "a miss in its bytes, ns",
      "get, in such misses",
      "replace, sorted, ns an entry",
      "Put(), ns an entry",
      "PutTable() + replace, ns a cell",
      "PutColumn() + replace, ns a value",
      "the same, only numbers",
      "one-value Apply(), ns",
      "one entry erased and put, ns",
      "row erased and put, ns a cell",
  };
  all.insert(all.end(), memory.begin(), memory.end());
  all.push_back("99.9 % of gets, ns");
  all.push_back("the same while replaced, ns");

  std::vector<std::string> expected = all;                  // interface-like
  expected.insert(expected.end(), all.begin(), all.end());  // address-like
  expected.insert(expected.end(), memory.begin(), memory.end());  // sparse

  Options options;
  options.entries = 2000;
  options.queries = 1000;
  options.rounds = 1;
  options.latency_time = absl::ZeroDuration();
  std::ostringstream out;
  RunBenchmark(options, out);
  EXPECT_THAT(Titles(out.str()), ElementsAreArray(expected)) << out.str();
}

}  // namespace
}  // namespace passpersist::benchmark
