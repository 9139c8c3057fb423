#include "store/btree_store.h"

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/contents.h"
#include "passpersist/oid_store.h"
#include "passpersist/row_set.h"
#include "passpersist/table_rows.h"
#include "passpersist/value.h"
#include "store/store_conformance_test_lib.h"

namespace passpersist_testing {
namespace {

using passpersist::BtreeStore;
using passpersist::Changes;
using passpersist::Contents;
using passpersist::Counter32;
using passpersist::Counter64;
using passpersist::Integer32;
using passpersist::NoSuchInstance;
using passpersist::OctetString;
using passpersist::OidStore;
using passpersist::RowSet;
using passpersist::Snapshot;
using passpersist::StoreFactory;
using passpersist::TableRows;
using testing::ElementsAre;
using testing::IsEmpty;

INSTANTIATE_TEST_SUITE_P(BtreeStore, StoreConformanceTest, testing::Values([] {
                           return std::make_unique<BtreeStore>();
                         }));

TEST(BtreeStoreTest, ItsFactoryMakesAnEmptyStoreEachTime) {
  const StoreFactory factory = BtreeStore::Factory();
  const std::unique_ptr<OidStore> first = factory();
  Contents contents;
  contents.Put({1}, Integer32{1});
  ASSERT_TRUE(first->Replace(std::move(contents)).ok());
  EXPECT_THAT(ReadRows(*first->snapshot()),
              ElementsAre(StoreRow{{1}, Integer32{1}, ""}));
  EXPECT_THAT(ReadRows(*factory()->snapshot()), IsEmpty());
}

TEST(BtreeStoreTest, GivesTheSameSnapshotUntilSomethingIsWritten) {
  BtreeStore store;
  const std::shared_ptr<const Snapshot> before = store.snapshot();
  EXPECT_EQ(store.snapshot(), before);
  ASSERT_TRUE(store.Replace(Contents()).ok());
  EXPECT_NE(store.snapshot(), before);
}

TEST(BtreeStoreTest, KeepsItsSnapshotAfterAMistake) {
  BtreeStore store;
  const std::shared_ptr<const Snapshot> before = store.snapshot();
  Changes changes;
  changes.Put({1, 2}, NoSuchInstance());
  EXPECT_EQ(
      store.Apply(changes),
      absl::InvalidArgumentError(".1.2: noSuchInstance is no value to keep"));
  EXPECT_EQ(store.snapshot(), before);
}

TEST(BtreeStoreTest, TakesLittleMemoryForFewEntries) {
  BtreeStore store;
  EXPECT_LT(store.ApproximateMemory(), 1000);
  Contents contents;
  for (uint32_t i = 1; i <= 20; ++i) {
    contents.Put({i, 0}, OctetString{"a text of usual length"}, "label");
  }
  ASSERT_TRUE(store.Replace(std::move(contents)).ok());
  EXPECT_LT(store.ApproximateMemory(), 4 << 10);
}

TEST(BtreeStoreTest, TakesAboutTheMemoryThatItsContentsTook) {
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

TEST(BtreeStoreTest, HoldsTheCellsOfColumnsAndOfTables) {
  Contents contents;
  TableRows table;
  const auto name = table.AddColumn<OctetString>(1);
  const auto size = table.AddColumn<Counter32>(2);
  table.AddRow({2}).Set(name, OctetString{"b"});
  table.AddRow({1}).Set(name, OctetString{"a"}).Set(size, Counter32{5});
  contents.PutTable({1}, table);
  contents.PutColumn({1, 3}, RowSet::UpTo(2), std::vector<Integer32>{{6}, {7}});
  contents.Put({1, 2, 3}, Integer32{8}, "apart");
  BtreeStore store;
  ASSERT_TRUE(store.Replace(std::move(contents)).ok());
  EXPECT_THAT(ReadRows(*store.snapshot()),
              ElementsAre(StoreRow{{1, 1, 1}, OctetString{"a"}, ""},
                          StoreRow{{1, 1, 2}, OctetString{"b"}, ""},
                          StoreRow{{1, 2, 1}, Counter32{5}, ""},
                          StoreRow{{1, 2, 3}, Integer32{8}, "apart"},
                          StoreRow{{1, 3, 1}, Integer32{6}, ""},
                          StoreRow{{1, 3, 2}, Integer32{7}, ""}));
}

}  // namespace
}  // namespace passpersist_testing
