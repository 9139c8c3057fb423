// SPDX-License-Identifier: Apache-2.0

#include "store/btree_store.h"

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "passpersist/contents.h"
#include "passpersist/oid_store.h"
#include "passpersist/value.h"
#include "store/testing/store_conformance_test_lib.h"

namespace passpersist_testing {
namespace {

using passpersist::BtreeStore;
using passpersist::Changes;
using passpersist::Contents;
using passpersist::Counter32;
using passpersist::Counter64;
using passpersist::OctetString;
using passpersist::Snapshot;

INSTANTIATE_TEST_SUITE_P(BtreeStore, StoreConformanceTest,
                         testing::Values(BtreeStore::Factory()));

TEST(BtreeStoreTest, ReturnsTheSameSnapshotUntilTheNextWrite) {
  BtreeStore store;
  const std::shared_ptr<const Snapshot> before = store.snapshot();
  EXPECT_EQ(store.snapshot(), before);
  ASSERT_TRUE(store.Replace(Contents()).ok());
  EXPECT_NE(store.snapshot(), before);
}

TEST(BtreeStoreTest, TakesAboutTheMemoryOfItsContents) {
  constexpr uint32_t kRows = 5000;
  constexpr uint32_t kColumns = 20;
  Contents contents;
  for (uint32_t column = 1; column <= kColumns; ++column) {
    for (uint32_t row = 1; row <= kRows; ++row) {
      if (column == 1) {
        contents.Put({1, column, row}, OctetString{absl::StrCat("port ", row)},
                     "name");
      } else if (column % 5 == 0) {
        contents.Put({1, column, row}, Counter64{row});
      } else {
        contents.Put({1, column, row}, Counter32{row});
      }
    }
  }
  const auto contents_memory =
      static_cast<double>(contents.ApproximateMemory());
  BtreeStore store;
  ASSERT_TRUE(store.Replace(std::move(contents)).ok());
  EXPECT_EQ(store.snapshot()->size(), kRows * kColumns);
  EXPECT_LT(contents_memory,
            1.1 * static_cast<double>(store.ApproximateMemory()));
}

}  // namespace
}  // namespace passpersist_testing
