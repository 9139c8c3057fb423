// SPDX-License-Identifier: Apache-2.0

#include "passpersist/row_index.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "passpersist/testing/status_matchers.h"

namespace passpersist {
namespace {

using passpersist_testing::StatusIs;

constexpr uint32_t kMaxArc = std::numeric_limits<uint32_t>::max();

std::vector<Oid> IndexesOf(const RowIndex& rows) {
  std::vector<Oid> indexes;
  for (size_t row = 0; row < rows.size(); ++row) {
    indexes.push_back(rows.index(row));
  }
  return indexes;
}

TEST(RowIndexTest, ReturnsItsIndexes) {
  for (const std::vector<Oid>& indexes : std::vector<std::vector<Oid>>{
           {},
           {{}},
           {{5}},
           {{1}, {2}, {3}},
           {{246}, {247}, {248}, {249}},
           {{1271}, {1272}, {1273}, {1275}},
           {{kMaxArc - 1}, {kMaxArc}},
           {{kMaxArc}, {kMaxArc, 0}},
           {{1}, {2}, {2, 1}, {3}},
           {{}, {1}, {2}},
           {{10, 0, 0, 1}, {10, 0, 0, 2}, {10, 0, 1, 300}},
       }) {
    const auto rows = RowIndex::Make(indexes);
    ASSERT_TRUE(rows.ok()) << rows.status();
    EXPECT_EQ((*rows)->size(), indexes.size());
    EXPECT_EQ(IndexesOf(**rows), indexes);
  }
}

TEST(RowIndexTest, FromNumbersMakesIndexesOfOneArc) {
  const auto rows = RowIndex::FromNumbers({1, 2, 7, 70000});
  ASSERT_TRUE(rows.ok());
  EXPECT_EQ(IndexesOf(**rows), (std::vector<Oid>{{1}, {2}, {7}, {70000}}));
}

TEST(RowIndexTest, UpToCountsFromOne) {
  EXPECT_EQ(IndexesOf(*RowIndex::UpTo(3)), (std::vector<Oid>{{1}, {2}, {3}}));
  EXPECT_EQ(RowIndex::UpTo(0)->size(), 0u);
}

TEST(RowIndexTest, ConsecutiveIndexesTakeNoMemoryForARow) {
  std::vector<uint32_t> indexes;
  for (uint32_t i = 100; i < 10100; ++i) indexes.push_back(i);
  const auto rows = RowIndex::FromNumbers(indexes).value();
  EXPECT_LT(rows->MemoryUsage(), 100u);
  EXPECT_LT(RowIndex::UpTo(1000000)->MemoryUsage(), 100u);
}

TEST(RowIndexTest, RejectsIndexesThatAreNotInOrder) {
  EXPECT_THAT(RowIndex::Make(std::vector<Oid>{{1, 2}, {1, 300}, {1, 299}}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "row .1.299 is not in order"));
  EXPECT_THAT(
      RowIndex::FromNumbers({1, 2, 1}),
      StatusIs(absl::StatusCode::kInvalidArgument, "row .1 is not in order"));
  EXPECT_THAT(
      RowIndex::FromNumbers({kMaxArc, 0}),
      StatusIs(absl::StatusCode::kInvalidArgument, "row .0 is not in order"));
}

TEST(RowIndexTest, RejectsIndexesThatOccurTwice) {
  EXPECT_THAT(
      RowIndex::Make(std::vector<Oid>{{1, 2}, {1, 3}, {1, 3}}),
      StatusIs(absl::StatusCode::kAlreadyExists, "row .1.3 occurs twice"));
  EXPECT_THAT(
      RowIndex::FromNumbers({1, 2, 2}),
      StatusIs(absl::StatusCode::kAlreadyExists, "row .2 occurs twice"));
}

TEST(RowIndexTest, EqualIndexesMakeEqualObjects) {
  const auto equal = [](const std::vector<Oid>& a, const std::vector<Oid>& b) {
    return *RowIndex::Make(a).value() == *RowIndex::Make(b).value();
  };
  EXPECT_TRUE(equal({}, {}));
  EXPECT_TRUE(equal({{1}, {2}}, {{1}, {2}}));
  EXPECT_TRUE(equal({{1}, {5}}, {{1}, {5}}));
  EXPECT_FALSE(equal({{1}, {2}}, {{1}, {2}, {3}}));
  EXPECT_FALSE(equal({{1}, {2}}, {{2}, {3}}));
  EXPECT_FALSE(equal({{1}, {5}}, {{1}, {6}}));
  EXPECT_FALSE(equal({{1}, {5}}, {{1, 5}}));
  EXPECT_TRUE(*RowIndex::UpTo(2) == *RowIndex::FromNumbers({1, 2}).value());
  EXPECT_TRUE(*RowIndex::UpTo(2) != *RowIndex::UpTo(3));
}

}  // namespace
}  // namespace passpersist
