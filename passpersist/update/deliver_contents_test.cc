// SPDX-License-Identifier: Apache-2.0

#include "passpersist/update/deliver_contents.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/contents.h"
#include "passpersist/encoding/entry_sorter.h"
#include "passpersist/encoding/oid_encoding.h"
#include "passpersist/encoding/packed_contents.h"
#include "passpersist/oid.h"
#include "passpersist/row_index.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/update/contents_sink.h"
#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;
using testing::ElementsAre;

TEST(DeliverContentsTest, PassesColumnsWithTheirRowsToASink) {
  class Sink : public ContentsSink {
   public:
    void OnEntry(const PackedEntry&) override { ++entries; }
    bool OnColumn(const PackedColumn& column) override {
      numbers.push_back(column.cells.numbers().data());
      rows.push_back(column.rows);
      return true;
    }
    size_t entries = 0;
    std::vector<const void*> numbers;
    std::vector<std::shared_ptr<const RowIndex>> rows;
  };
  const auto rows = RowIndex::UpTo(3);
  std::vector<Gauge32> values(3);
  const void* const address = values.data();
  Contents contents;
  contents.Put({1, 0}, Integer32{0});
  contents.PutColumn({1}, rows, std::move(values));
  Sink sink;
  EXPECT_THAT(DeliverContents(contents, &sink), IsOk());
  EXPECT_EQ(sink.entries, 1u);
  EXPECT_THAT(sink.rows, ElementsAre(rows));
  EXPECT_THAT(sink.numbers, ElementsAre(address)) << "copied";
}

// Counts the entries, and keeps the number at .7.
class CountingSink : public ContentsSink {
 public:
  void OnEntry(const PackedEntry& entry) override {
    ++entries;
    if (UnpackKey(entry.key) == Oid{7}) number = entry.value.number;
  }
  size_t entries = 0;
  uint64_t number = 0;
};

// Contents with .7 in the first run and in the last one.
Contents PutTwice(bool is_strict) {
  constexpr uint32_t kEntries = 2 * EntrySorter::kMaxUnsorted;
  Contents contents(std::make_unique<PackedContents>(Oid(), is_strict));
  contents.Put({7}, Gauge32{1});
  for (uint32_t i = kEntries; i > 7; --i) contents.Put({i}, Gauge32{i});
  contents.Put({7}, Gauge32{2});
  contents.Put({7, 1}, Gauge32{3});
  contents.Put({6}, Gauge32{4});
  return contents;
}

TEST(DeliverContentsTest, OfAnOidInTwoRunsTheLaterValueCounts) {
  const Contents contents = PutTwice(/*is_strict=*/false);
  CountingSink sink;
  EXPECT_THAT(DeliverContents(contents, &sink), IsOk());
  EXPECT_EQ(sink.entries, contents.size() - 1);
  EXPECT_EQ(sink.number, 2u);
  EXPECT_THAT(
      contents.errors(),
      ElementsAre(StatusIs(absl::StatusCode::kAlreadyExists, ".7: put twice")));
}

TEST(DeliverContentsTest, AnOidInTwoRunsIsAnErrorOfStrictContents) {
  const Contents contents = PutTwice(/*is_strict=*/true);
  CountingSink sink;
  EXPECT_THAT(DeliverContents(contents, &sink),
              StatusIs(absl::StatusCode::kAlreadyExists, ".7: put twice"));
}

}  // namespace
}  // namespace passpersist::internal
