#include "store/btree_store.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/contents.h"
#include "passpersist/oid_store.h"
#include "passpersist/value.h"
#include "store/store_conformance_test_lib.h"

namespace passpersist_testing {
namespace {

using passpersist::BtreeStore;
using passpersist::Changes;
using passpersist::Contents;
using passpersist::Integer32;
using passpersist::NoSuchInstance;
using passpersist::OidStore;
using passpersist::Snapshot;
using passpersist::StoreFactory;
using testing::ElementsAre;
using testing::IsEmpty;

INSTANTIATE_TEST_SUITE_P(BtreeStore, StoreConformanceTest,
                         testing::Values([] {
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
  EXPECT_EQ(store.Apply(changes),
            absl::InvalidArgumentError(
                ".1.2: noSuchInstance is no value to keep"));
  EXPECT_EQ(store.snapshot(), before);
}

}  // namespace
}  // namespace passpersist_testing
