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

TEST(DeliverContentsTest, NamesTheOidThatWasPutTwiceInTwoRuns) {
  class Sink : public ContentsSink {
   public:
    void OnEntry(const PackedEntry&) override { ++entries; }
    size_t entries = 0;
  };
  constexpr uint32_t kEntries = 2 * EntrySorter::kMaxUnsorted;
  Contents contents;
  for (uint32_t i = kEntries; i > 0; --i) contents.Put({i}, Gauge32{i});
  Sink sink;
  EXPECT_THAT(DeliverContents(contents, &sink), IsOk());
  EXPECT_EQ(sink.entries, size_t{kEntries});
  contents.Put({7}, Gauge32{7});
  EXPECT_THAT(DeliverContents(contents, &sink),
              StatusIs(absl::StatusCode::kAlreadyExists, ".7: put twice"));
}

}  // namespace
}  // namespace passpersist::internal
