// SPDX-License-Identifier: Apache-2.0

#include "store/testing/store_conformance_test_lib.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/contents.h"
#include "passpersist/value.h"

namespace passpersist_testing {

using passpersist::Changes;
using passpersist::OctetString;
using passpersist::Oid;
using passpersist::Snapshot;
using testing::ElementsAre;
using testing::ElementsAreArray;

namespace {

constexpr uint32_t kMaxArc = std::numeric_limits<uint32_t>::max();

}  // namespace

void StoreConformanceTest::Replace(const std::vector<StoreRow>& rows) {
  const absl::Status status = store_->Replace(ToContents(rows));
  EXPECT_TRUE(status.ok()) << status;
}

void StoreConformanceTest::ReplaceNames(const std::vector<Oid>& suffixes) {
  std::vector<StoreRow> rows;
  for (const Oid& suffix : suffixes) {
    rows.push_back({suffix, OctetString{suffix.ToString()}, ""});
  }
  Replace(rows);
}

void StoreConformanceTest::Apply(const Changes& changes) {
  const absl::Status status = store_->Apply(changes);
  EXPECT_TRUE(status.ok()) << status;
}

std::vector<Oid> StoreConformanceTest::Names() const {
  std::vector<Oid> names;
  for (StoreRow& row : Rows()) names.push_back(std::move(row.suffix));
  return names;
}

TEST_P(StoreConformanceTest, IsEmptyAtFirst) {
  ASSERT_NE(store_->snapshot(), nullptr);
  EXPECT_EQ(store_->snapshot()->size(), 0);
  const auto iterator = NewIterator();
  EXPECT_FALSE(iterator->Valid());
  iterator->SeekToFirst();
  EXPECT_FALSE(iterator->Valid());
  iterator->Seek({});
  EXPECT_FALSE(iterator->Valid());
  iterator->Seek({1, 2, 3});
  EXPECT_FALSE(iterator->Valid());
}

TEST_P(StoreConformanceTest, HoldsOneEntry) {
  ReplaceNames({{1, 0}});
  EXPECT_THAT(Rows(), ElementsAre(StoreRow{{1, 0}, OctetString{".1.0"}, ""}));
}

TEST_P(StoreConformanceTest, ANewIteratorIsBehindTheLastEntry) {
  ReplaceNames({{1}, {2}});
  EXPECT_FALSE(NewIterator()->Valid());
}

TEST_P(StoreConformanceTest, OrdersByArcsAndNotByText) {
  ReplaceNames({{10, 1}, {9}, {100}, {2, 10}, {2, 9}, {10}, {2}});
  EXPECT_THAT(Names(), ElementsAre(Oid{2}, Oid{2, 9}, Oid{2, 10}, Oid{9},
                                   Oid{10}, Oid{10, 1}, Oid{100}));
}

TEST_P(StoreConformanceTest, KeepsApartWhatOnlyLooksLikeAPrefix) {
  ReplaceNames({{80}, {8, 1}, {80, 1}, {8}, {800}, {8, 0}});
  EXPECT_THAT(Names(), ElementsAre(Oid{8}, Oid{8, 0}, Oid{8, 1}, Oid{80},
                                   Oid{80, 1}, Oid{800}));
  const auto iterator = NewIterator();
  iterator->Seek({8, 2});
  ASSERT_TRUE(iterator->Valid());
  EXPECT_EQ(iterator->suffix(), Oid({80}));
}

TEST_P(StoreConformanceTest, SeeksTheEntryOrElseTheOneBehind) {
  ReplaceNames({{1, 5}, {1, 7}, {3}});
  struct {
    Oid target;
    std::vector<Oid> found;
  } const cases[] = {
      {{}, {{1, 5}}},        {{0}, {{1, 5}}},    {{1}, {{1, 5}}},
      {{1, 5}, {{1, 5}}},    {{1, 4}, {{1, 5}}}, {{1, 5, 0}, {{1, 7}}},
      {{1, 6}, {{1, 7}}},    {{1, 7}, {{1, 7}}}, {{1, 7, kMaxArc}, {{3}}},
      {{1, kMaxArc}, {{3}}}, {{2}, {{3}}},       {{3}, {{3}}},
      {{3, 0}, {}},          {{4}, {}},          {{kMaxArc, kMaxArc}, {}},
  };
  for (const auto& c : cases) {
    const auto iterator = NewIterator();
    iterator->Seek(c.target);
    std::vector<Oid> found;
    if (iterator->Valid()) found.push_back(iterator->suffix());
    EXPECT_EQ(found, c.found) << "seeking " << c.target;
  }
}

TEST_P(StoreConformanceTest, OneIteratorSeeksForthAndBackAndFromTheEnd) {
  ReplaceNames({{1}, {2}, {3}, {4}});
  const auto iterator = NewIterator();
  for (const uint32_t arc : {3u, 3u, 4u, 1u, 2u, 4u, 3u, 2u, 1u}) {
    iterator->Seek({arc});
    ASSERT_TRUE(iterator->Valid());
    EXPECT_EQ(iterator->suffix(), Oid({arc}));
  }
  iterator->Seek({5});
  EXPECT_FALSE(iterator->Valid());
  iterator->Seek({2});
  ASSERT_TRUE(iterator->Valid());
  EXPECT_EQ(iterator->suffix(), Oid({2}));
  iterator->SeekToFirst();
  ASSERT_TRUE(iterator->Valid());
  EXPECT_EQ(iterator->suffix(), Oid({1}));
}

TEST_P(StoreConformanceTest, NextGoesOnFromWhereSeekEnded) {
  ReplaceNames({{1}, {2}, {3}});
  const auto iterator = NewIterator();
  iterator->Seek({1, 9});
  iterator->Next();
  ASSERT_TRUE(iterator->Valid());
  EXPECT_EQ(iterator->suffix(), Oid({3}));
  iterator->Next();
  EXPECT_FALSE(iterator->Valid());
}

TEST_P(StoreConformanceTest, AWalkBySeekingIsAWalkByNext) {
  ReplaceNames({{}, {0}, {0, 0}, {1, 2}, {1, 2, 0}, {1, 3}, {kMaxArc}});
  const auto by_next = NewIterator();
  const auto by_seek = NewIterator();
  by_seek->Seek({});
  for (by_next->SeekToFirst(); by_next->Valid(); by_next->Next()) {
    ASSERT_TRUE(by_seek->Valid());
    EXPECT_EQ(by_seek->suffix(), by_next->suffix());
    // The least name behind the present one.
    Oid behind = by_seek->suffix();
    behind.Append(0);
    by_seek->Seek(behind);
  }
  EXPECT_FALSE(by_seek->Valid());
}

TEST_P(StoreConformanceTest, IteratorsOfOneSnapshotDontDisturbEachOther) {
  ReplaceNames({{1}, {2}, {3}});
  const std::shared_ptr<const Snapshot> snapshot = store_->snapshot();
  const auto a = snapshot->NewIterator();
  const auto b = snapshot->NewIterator();
  a->SeekToFirst();
  b->Seek({3});
  a->Next();
  EXPECT_EQ(a->suffix(), Oid({2}));
  EXPECT_EQ(b->suffix(), Oid({3}));
}

TEST_P(StoreConformanceTest, HoldsNamesThatArePrefixesOfOthers) {
  std::vector<Oid> names;
  Oid name;
  for (size_t size = 0; size <= Oid::kMaxArcs; ++size) {
    names.push_back(name);
    name.Append(1);
  }
  ReplaceNames({names.rbegin(), names.rend()});
  EXPECT_THAT(Names(), ElementsAreArray(names));
  const auto iterator = NewIterator();
  for (const Oid& n : names) {
    iterator->Seek(n);
    ASSERT_TRUE(iterator->Valid()) << n;
    EXPECT_EQ(iterator->suffix(), n);
  }
}

TEST_P(StoreConformanceTest, HoldsNamesOfAnyLengthSideBySide) {
  std::vector<Oid> names;
  for (uint32_t size = 1; size <= Oid::kMaxArcs; ++size) {
    Oid name = {size};
    while (name.size() < size) name.Append(kMaxArc);
    names.push_back(name);
  }
  ReplaceNames(names);
  EXPECT_THAT(Names(), ElementsAreArray(names));
}

TEST_P(StoreConformanceTest, HoldsTheLeastAndTheGreatestArcs) {
  // Neighbours where bytes, signs or varints change their length.
  const std::vector<Oid> names = {{0},           {0, 0},
                                  {0, kMaxArc},  {1},
                                  {127},         {128},
                                  {255},         {256},
                                  {65535},       {65536},
                                  {0x7fffffff},  {0x80000000},
                                  {kMaxArc - 1}, {kMaxArc - 1, 0},
                                  {kMaxArc},     {kMaxArc, kMaxArc}};
  ReplaceNames({names.rbegin(), names.rend()});
  EXPECT_THAT(Names(), ElementsAreArray(names));
  const auto iterator = NewIterator();
  iterator->Seek({kMaxArc, kMaxArc, 0});
  EXPECT_FALSE(iterator->Valid());
}

TEST_P(StoreConformanceTest, HoldsTheEmptyName) {
  ReplaceNames({{}});
  EXPECT_THAT(Names(), ElementsAre(Oid()));
  ReplaceNames({{0}, {}});
  EXPECT_THAT(Names(), ElementsAre(Oid(), Oid{0}));
  const auto iterator = NewIterator();
  iterator->Seek({});
  ASSERT_TRUE(iterator->Valid());
  EXPECT_EQ(iterator->suffix(), Oid());
}

TEST_P(StoreConformanceTest, HoldsManyEntries) {
  std::vector<Oid> names;
  for (uint32_t row = 0; row < 100; ++row) {
    for (uint32_t column = 0; column < 50; ++column) {
      names.push_back({1, column, 3 * row, 0});
    }
  }
  ReplaceNames(names);
  std::sort(names.begin(), names.end());
  EXPECT_THAT(Names(), ElementsAreArray(names));
  const auto iterator = NewIterator();
  for (const Oid& name : names) {
    iterator->Seek({name[0], name[1], name[2]});
    ASSERT_TRUE(iterator->Valid()) << name;
    EXPECT_EQ(iterator->suffix(), name);
  }
}

}  // namespace passpersist_testing
