// SPDX-License-Identifier: Apache-2.0

#include "store/testing/store_conformance_test_lib.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/contents.h"
#include "passpersist/encoding/packed_contents.h"
#include "passpersist/value.h"

namespace passpersist_testing {

using passpersist::Changes;
using passpersist::Contents;
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

void StoreConformanceTest::ReplaceSuffixes(const std::vector<Oid>& suffixes) {
  std::vector<StoreRow> rows;
  for (const Oid& suffix : suffixes) {
    rows.push_back({suffix, OctetString{suffix.ToString()}, ""});
  }
  Replace(rows);
}

Contents StoreConformanceTest::StrictContents() {
  return Contents(std::make_unique<passpersist::internal::PackedContents>(
      Oid(), /*is_strict=*/true));
}

void StoreConformanceTest::Apply(const Changes& changes) {
  const absl::Status status = store_->Apply(changes);
  EXPECT_TRUE(status.ok()) << status;
}

std::vector<Oid> StoreConformanceTest::Suffixes() const {
  std::vector<Oid> suffixes;
  for (StoreRow& row : Rows()) suffixes.push_back(std::move(row.suffix));
  return suffixes;
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
  ReplaceSuffixes({{1, 0}});
  EXPECT_THAT(Rows(), ElementsAre(StoreRow{{1, 0}, OctetString{".1.0"}, ""}));
}

TEST_P(StoreConformanceTest, ANewIteratorIsNotValid) {
  ReplaceSuffixes({{1}, {2}});
  EXPECT_FALSE(NewIterator()->Valid());
}

TEST_P(StoreConformanceTest, OrdersByArcsAndNotByText) {
  ReplaceSuffixes({{10, 1}, {9}, {100}, {2, 10}, {2, 9}, {10}, {2}});
  EXPECT_THAT(Suffixes(), ElementsAre(Oid{2}, Oid{2, 9}, Oid{2, 10}, Oid{9},
                                      Oid{10}, Oid{10, 1}, Oid{100}));
}

TEST_P(StoreConformanceTest, DistinguishesDecimalPrefixesFromArcPrefixes) {
  ReplaceSuffixes({{80}, {8, 1}, {80, 1}, {8}, {800}, {8, 0}});
  EXPECT_THAT(Suffixes(), ElementsAre(Oid{8}, Oid{8, 0}, Oid{8, 1}, Oid{80},
                                      Oid{80, 1}, Oid{800}));
  const auto iterator = NewIterator();
  iterator->Seek({8, 2});
  ASSERT_TRUE(iterator->Valid());
  EXPECT_EQ(iterator->suffix(), Oid({80}));
}

TEST_P(StoreConformanceTest, SeeksTheEntryOrTheNextOne) {
  ReplaceSuffixes({{1, 5}, {1, 7}, {3}});
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

TEST_P(StoreConformanceTest, OneIteratorSeeksForwardAndBackwardAndFromTheEnd) {
  ReplaceSuffixes({{1}, {2}, {3}, {4}});
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

TEST_P(StoreConformanceTest, NextContinuesFromTheResultOfSeek) {
  ReplaceSuffixes({{1}, {2}, {3}});
  const auto iterator = NewIterator();
  iterator->Seek({1, 9});
  iterator->Next();
  ASSERT_TRUE(iterator->Valid());
  EXPECT_EQ(iterator->suffix(), Oid({3}));
  iterator->Next();
  EXPECT_FALSE(iterator->Valid());
}

TEST_P(StoreConformanceTest, AWalkWithSeekEqualsAWalkWithNext) {
  ReplaceSuffixes({{}, {0}, {0, 0}, {1, 2}, {1, 2, 0}, {1, 3}, {kMaxArc}});
  const auto by_next = NewIterator();
  const auto by_seek = NewIterator();
  by_seek->Seek({});
  for (by_next->SeekToFirst(); by_next->Valid(); by_next->Next()) {
    ASSERT_TRUE(by_seek->Valid());
    EXPECT_EQ(by_seek->suffix(), by_next->suffix());
    // The least suffix greater than the current one.
    Oid next = by_seek->suffix();
    next.Append(0);
    by_seek->Seek(next);
  }
  EXPECT_FALSE(by_seek->Valid());
}

TEST_P(StoreConformanceTest, IteratorsOfOneSnapshotAreIndependent) {
  ReplaceSuffixes({{1}, {2}, {3}});
  const std::shared_ptr<const Snapshot> snapshot = store_->snapshot();
  const auto a = snapshot->NewIterator();
  const auto b = snapshot->NewIterator();
  a->SeekToFirst();
  b->Seek({3});
  a->Next();
  EXPECT_EQ(a->suffix(), Oid({2}));
  EXPECT_EQ(b->suffix(), Oid({3}));
}

TEST_P(StoreConformanceTest, HoldsSuffixesThatArePrefixesOfOthers) {
  std::vector<Oid> suffixes;
  Oid suffix;
  for (size_t size = 0; size <= Oid::kMaxArcs; ++size) {
    suffixes.push_back(suffix);
    suffix.Append(1);
  }
  ReplaceSuffixes({suffixes.rbegin(), suffixes.rend()});
  EXPECT_THAT(Suffixes(), ElementsAreArray(suffixes));
  const auto iterator = NewIterator();
  for (const Oid& n : suffixes) {
    iterator->Seek(n);
    ASSERT_TRUE(iterator->Valid()) << n;
    EXPECT_EQ(iterator->suffix(), n);
  }
}

TEST_P(StoreConformanceTest, HoldsSuffixesOfAnyLength) {
  std::vector<Oid> suffixes;
  for (uint32_t size = 1; size <= Oid::kMaxArcs; ++size) {
    Oid suffix = {size};
    while (suffix.size() < size) suffix.Append(kMaxArc);
    suffixes.push_back(suffix);
  }
  ReplaceSuffixes(suffixes);
  EXPECT_THAT(Suffixes(), ElementsAreArray(suffixes));
}

TEST_P(StoreConformanceTest, HoldsTheSmallestAndTheGreatestArcs) {
  // Adjacent numbers at which bytes, signs or varints change their length.
  const std::vector<Oid> suffixes = {{0},           {0, 0},
                                     {0, kMaxArc},  {1},
                                     {127},         {128},
                                     {255},         {256},
                                     {65535},       {65536},
                                     {0x7fffffff},  {0x80000000},
                                     {kMaxArc - 1}, {kMaxArc - 1, 0},
                                     {kMaxArc},     {kMaxArc, kMaxArc}};
  ReplaceSuffixes({suffixes.rbegin(), suffixes.rend()});
  EXPECT_THAT(Suffixes(), ElementsAreArray(suffixes));
  const auto iterator = NewIterator();
  iterator->Seek({kMaxArc, kMaxArc, 0});
  EXPECT_FALSE(iterator->Valid());
}

TEST_P(StoreConformanceTest, HoldsTheEmptySuffix) {
  ReplaceSuffixes({{}});
  EXPECT_THAT(Suffixes(), ElementsAre(Oid()));
  ReplaceSuffixes({{0}, {}});
  EXPECT_THAT(Suffixes(), ElementsAre(Oid(), Oid{0}));
  const auto iterator = NewIterator();
  iterator->Seek({});
  ASSERT_TRUE(iterator->Valid());
  EXPECT_EQ(iterator->suffix(), Oid());
}

TEST_P(StoreConformanceTest, HoldsManyEntries) {
  std::vector<Oid> suffixes;
  for (uint32_t row = 0; row < 100; ++row) {
    for (uint32_t column = 0; column < 50; ++column) {
      suffixes.push_back({1, column, 3 * row, 0});
    }
  }
  ReplaceSuffixes(suffixes);
  std::sort(suffixes.begin(), suffixes.end());
  EXPECT_THAT(Suffixes(), ElementsAreArray(suffixes));
  const auto iterator = NewIterator();
  for (const Oid& suffix : suffixes) {
    iterator->Seek({suffix[0], suffix[1], suffix[2]});
    ASSERT_TRUE(iterator->Valid()) << suffix;
    EXPECT_EQ(iterator->suffix(), suffix);
  }
}

}  // namespace passpersist_testing
