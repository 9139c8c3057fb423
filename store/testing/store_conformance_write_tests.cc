// SPDX-License-Identifier: Apache-2.0

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/contents.h"
#include "passpersist/oid_store.h"
#include "passpersist/row_index.h"
#include "passpersist/value.h"
#include "store/testing/store_conformance_test_lib.h"

namespace passpersist_testing {

using passpersist::Changes;
using passpersist::Contents;
using passpersist::Counter32;
using passpersist::Integer32;
using passpersist::Iterator;
using passpersist::OctetString;
using passpersist::OidStore;
using passpersist::RowIndex;
using passpersist::Snapshot;
using passpersist::Value;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

const std::vector<StoreRow>& SomeRows() {
  static const auto* const kRows = new std::vector<StoreRow>{
      {{1}, Integer32{1}, "one"}, {{2}, Integer32{2}, "two"}};
  return *kRows;
}

}  // namespace

TEST_P(StoreConformanceTest, ReplaceRemovesOtherEntries) {
  Replace(SomeRows());
  Replace({{{2}, Counter32{5}, ""}, {{3}, Integer32{3}, "three"}});
  EXPECT_THAT(Rows(), ElementsAre(StoreRow{{2}, Counter32{5}, ""},
                                  StoreRow{{3}, Integer32{3}, "three"}));
}

TEST_P(StoreConformanceTest, AnOldSnapshotIsNotTheNewest) {
  const auto empty = store_->snapshot();
  ReplaceSuffixes({{1}, {2}});
  EXPECT_FALSE(empty->IsNewest());
  const auto replaced = store_->snapshot();
  Changes changes;
  changes.Put({2}, Integer32{5});
  Apply(changes);
  EXPECT_FALSE(replaced->IsNewest());
}

TEST_P(StoreConformanceTest, ReplaceWithEmptyContentsLeavesNoEntries) {
  Replace(SomeRows());
  Replace({});
  EXPECT_THAT(Rows(), IsEmpty());
  Replace(SomeRows());
  EXPECT_THAT(Rows(), ElementsAreArray(SomeRows()));
}

TEST_P(StoreConformanceTest, OfASuffixPutTwiceInContentsTheLaterValueCounts) {
  for (const bool in_a_row : {true, false}) {
    Contents contents;
    contents.Put({1, 5}, Integer32{1}, "earlier");
    if (!in_a_row) contents.Put({1, 4}, Integer32{2});
    contents.Put({1, 5}, Integer32{3});
    contents.PutColumn({1}, RowIndex::FromNumbers({5, 6}).value(),
                       std::vector<Integer32>{{4}, {6}});
    EXPECT_TRUE(store_->Replace(std::move(contents)).ok());
    std::vector<StoreRow> rows = {{{1, 5}, Integer32{3}, ""},
                                  {{1, 6}, Integer32{6}, ""}};
    if (!in_a_row) rows.insert(rows.begin(), {{1, 4}, Integer32{2}, ""});
    EXPECT_THAT(Rows(), ElementsAreArray(rows));
  }
}

TEST_P(StoreConformanceTest, ASuffixPutTwiceInStrictContentsChangesNothing) {
  Replace(SomeRows());
  for (const bool in_a_row : {true, false}) {
    Contents contents = StrictContents();
    contents.Put({1, 5}, Integer32{1});
    if (!in_a_row) contents.Put({1, 4}, Integer32{2});
    contents.Put({1, 5}, Integer32{3});
    const absl::Status status = store_->Replace(std::move(contents));
    EXPECT_FALSE(status.ok());
    EXPECT_THAT(std::string(status.message()), HasSubstr(".1.5"));
    EXPECT_THAT(Rows(), ElementsAreArray(SomeRows()));
  }
}

TEST_P(StoreConformanceTest, AnErrorInContentsChangesNothing) {
  Replace(SomeRows());
  Contents contents;
  contents.Put({1}, Integer32{9});
  contents.PutColumn({1, 5}, RowIndex::UpTo(1), std::vector<Integer32>(2));
  EXPECT_FALSE(store_->Replace(std::move(contents)).ok());
  EXPECT_THAT(Rows(), ElementsAreArray(SomeRows()));
}

TEST_P(StoreConformanceTest, ApplyPutsAndErasesAndKeepsOtherEntries) {
  Replace({{{1}, Integer32{1}, ""},
           {{2}, Integer32{2}, ""},
           {{3}, Integer32{3}, ""}});
  Changes changes;
  changes.Put({2, 1}, Integer32{21});
  changes.Put({3}, OctetString{"another type"});
  changes.Erase({1});
  Apply(changes);
  EXPECT_THAT(Rows(),
              ElementsAre(StoreRow{{2}, Integer32{2}, ""},
                          StoreRow{{2, 1}, Integer32{21}, ""},
                          StoreRow{{3}, OctetString{"another type"}, ""}));
}

TEST_P(StoreConformanceTest, ApplyWorksOnAnEmptyStore) {
  Changes changes;
  changes.Put({2}, Integer32{2}, "two");
  changes.Put({1}, Integer32{1});
  Apply(changes);
  EXPECT_THAT(Rows(), ElementsAre(StoreRow{{1}, Integer32{1}, ""},
                                  StoreRow{{2}, Integer32{2}, "two"}));
}

TEST_P(StoreConformanceTest, TheLaterOfTwoChangesOfOneSuffixApplies) {
  Replace(SomeRows());
  Changes changes;
  changes.Put({1}, Integer32{10});
  changes.Put({1}, Integer32{11});
  changes.Put({2}, Integer32{20});
  changes.Erase({2});
  changes.Erase({3});
  changes.Put({3}, Integer32{30});
  changes.Put({4}, Integer32{40});
  changes.Erase({4});
  Apply(changes);
  EXPECT_THAT(Rows(), ElementsAre(StoreRow{{1}, Integer32{11}, "one"},
                                  StoreRow{{3}, Integer32{30}, ""}));
}

TEST_P(StoreConformanceTest, APutWithoutLabelKeepsTheExistingLabel) {
  Replace(SomeRows());
  Changes changes;
  changes.Put({1}, Integer32{10});
  changes.Put({2}, Integer32{20}, "zwei");
  changes.Put({3}, Integer32{30}, "drei");
  changes.Put({3}, Integer32{31});
  Apply(changes);
  EXPECT_THAT(Rows(), ElementsAre(StoreRow{{1}, Integer32{10}, "one"},
                                  StoreRow{{2}, Integer32{20}, "zwei"},
                                  StoreRow{{3}, Integer32{31}, "drei"}));
}

TEST_P(StoreConformanceTest, ErasingAnEntryErasesItsLabel) {
  Replace(SomeRows());
  Changes changes;
  changes.Erase({1});
  changes.Put({1}, Integer32{10});
  changes.Erase({2});
  Apply(changes);
  Changes again;
  again.Put({2}, Integer32{20});
  Apply(again);
  EXPECT_THAT(Rows(), ElementsAre(StoreRow{{1}, Integer32{10}, ""},
                                  StoreRow{{2}, Integer32{20}, ""}));
}

TEST_P(StoreConformanceTest, ErasingAMissingEntryIsNotAnError) {
  Changes changes;
  changes.Erase({1});
  Apply(changes);
  EXPECT_THAT(Rows(), IsEmpty());
  Replace(SomeRows());
  Changes others;
  others.Erase({});
  others.Erase({0});
  others.Erase({1, 0});
  others.Erase({3});
  Apply(others);
  EXPECT_THAT(Rows(), ElementsAreArray(SomeRows()));
}

TEST_P(StoreConformanceTest, ApplyingNothingChangesNothing) {
  Replace(SomeRows());
  Apply(Changes());
  EXPECT_THAT(Rows(), ElementsAreArray(SomeRows()));
}

TEST_P(StoreConformanceTest, ErasingTheLastEntryLeavesNoEntries) {
  Replace(SomeRows());
  Changes changes;
  changes.Erase({1});
  changes.Erase({2});
  Apply(changes);
  EXPECT_THAT(Rows(), IsEmpty());
}

TEST_P(StoreConformanceTest, StoresAreIndependentAndEmptyAtFirst) {
  const std::unique_ptr<OidStore> earlier = GetParam()();
  Replace(SomeRows());
  const std::unique_ptr<OidStore> later = GetParam()();
  EXPECT_THAT(ReadRows(*earlier->snapshot()), IsEmpty());
  EXPECT_THAT(ReadRows(*later->snapshot()), IsEmpty());
  ASSERT_TRUE(later->Replace(ToContents({{{3}, Integer32{3}, ""}})).ok());
  EXPECT_THAT(Rows(), ElementsAreArray(SomeRows()));
}

TEST_P(StoreConformanceTest, ASnapshotOutlivesWritesAndTheStore) {
  Replace(SomeRows());
  const std::shared_ptr<const Snapshot> old = store_->snapshot();
  for (int i = 0; i < 100; ++i) {
    Replace({{{3}, Integer32{i}, ""}});
    Changes changes;
    changes.Erase({1});
    changes.Put({2}, Integer32{-i}, "changed");
    Apply(changes);
    ASSERT_THAT(ReadRows(*old), ElementsAreArray(SomeRows()));
  }
  store_.reset();
  EXPECT_THAT(ReadRows(*old), ElementsAreArray(SomeRows()));
}

TEST_P(StoreConformanceTest, AnIteratorOutlivesSnapshotWritesAndTheStore) {
  Replace(SomeRows());
  const std::unique_ptr<Iterator> iterator = NewIterator();
  iterator->SeekToFirst();
  for (int i = 0; i < 100; ++i) Replace({{{1, 5}, Integer32{i}, ""}});
  Replace({});
  store_.reset();
  ASSERT_TRUE(iterator->Valid());
  EXPECT_EQ(ReadRow(*iterator), SomeRows()[0]);
  iterator->Next();
  ASSERT_TRUE(iterator->Valid());
  EXPECT_EQ(ReadRow(*iterator), SomeRows()[1]);
  iterator->Next();
  EXPECT_FALSE(iterator->Valid());
  iterator->Seek({1});
  ASSERT_TRUE(iterator->Valid());
  EXPECT_EQ(ReadRow(*iterator), SomeRows()[0]);
}

}  // namespace passpersist_testing
