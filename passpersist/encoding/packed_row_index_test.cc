// SPDX-License-Identifier: Apache-2.0

#include "passpersist/encoding/packed_row_index.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "passpersist/encoding/oid_encoding.h"
#include "passpersist/oid.h"
#include "passpersist/testing/status_matchers.h"

namespace passpersist::internal {
namespace {

using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;

PackedRowIndex Make(const std::vector<Oid>& indexes) {
  PackedRowIndex rows;
  for (const Oid& index : indexes) {
    EXPECT_THAT(rows.Add(EncodedOid(index).bytes()), IsOk());
  }
  return rows;
}

TEST(PackedRowIndexTest, KeepsTheBytesOfEachIndex) {
  for (const std::vector<Oid>& indexes : std::vector<std::vector<Oid>>{
           {}, {{}}, {{7}, {8}, {9}}, {{247}, {248}, {249}}, {{7}, {7, 300}}}) {
    const PackedRowIndex rows = Make(indexes);
    ASSERT_EQ(rows.size(), indexes.size());
    for (size_t row = 0; row < rows.size(); ++row) {
      char scratch[kMaxPackedArcSize];
      EXPECT_EQ(rows.Get(row, scratch), EncodedOid(indexes[row]).bytes());
    }
  }
}

TEST(PackedRowIndexTest, KnowsConsecutiveIndexes) {
  EXPECT_TRUE(Make({{100}, {101}, {102}}).is_consecutive());
  EXPECT_EQ(Make({{100}, {101}, {102}}).first_arc(), 100u);
  EXPECT_TRUE(PackedRowIndex::UpTo(5).is_consecutive());
  EXPECT_FALSE(Make({{100}, {102}}).is_consecutive());
  EXPECT_FALSE(Make({{100}, {101}, {101, 0}}).is_consecutive());
}

TEST(PackedRowIndexTest, IsUnchangedAfterAnError) {
  PackedRowIndex rows = Make({{5}, {6}});
  EXPECT_THAT(
      rows.Add(EncodedOid({6}).bytes()),
      StatusIs(absl::StatusCode::kAlreadyExists, "row .6 occurs twice"));
  EXPECT_TRUE(rows == Make({{5}, {6}}));
}

}  // namespace
}  // namespace passpersist::internal
