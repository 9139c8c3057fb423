// SPDX-License-Identifier: Apache-2.0

#include "passpersist/update/entry_sorter.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "passpersist/encoding/oid_encoding.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/oid.h"
#include "passpersist/stored_value.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/update/contents_sink.h"
#include "passpersist/update/merging_reader.h"
#include "passpersist/update/overlay.h"
#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;

PackedValue Number(uint64_t number) {
  return {ValueTag::kCounter64, number, {}};
}

struct Row {
  uint64_t number;
  std::string label;

  friend bool operator==(const Row& a, const Row& b) {
    return a.number == b.number && a.label == b.label;
  }
};

class MapSink : public ContentsSink {
 public:
  void OnEntry(const PackedEntry& entry) override {
    rows.emplace_hint(rows.end(), UnpackKey(entry.key),
                      Row{entry.value.number, std::string(entry.label)});
  }

  std::map<Oid, Row> rows;
};

absl::Status Read(const EntrySorter& sorter, ContentsSink* sink) {
  const Overlay none;
  MergingReader merge(&none, sink);
  sorter.AddRunsTo(&merge);
  return merge.Run();
}

// Adds the suffixes with their positions as numbers, and expects sorted output.
void ExpectSorts(const std::vector<Oid>& names) {
  EntrySorter sorter;
  std::map<Oid, Row> model;
  for (const Oid& name : names) {
    const Row row = {model.size(), model.size() % 7 == 0 ? "label" : ""};
    ASSERT_THAT(sorter.Add(name, Number(row.number), row.label), IsOk());
    model[name] = row;
  }
  EXPECT_EQ(sorter.size(), names.size());
  MapSink sink;
  EXPECT_THAT(Read(sorter, &sink), IsOk());
  EXPECT_TRUE(sink.rows == model);
}

std::vector<Oid> RowByRow(uint32_t columns, uint32_t rows) {
  std::vector<Oid> names;
  for (uint32_t row = 1; row <= rows; ++row) {
    for (uint32_t column = 1; column <= columns; ++column) {
      names.push_back({1, column, row});
    }
  }
  return names;
}

double MemoryOfAnEntry(const std::vector<Oid>& names) {
  EntrySorter sorter;
  for (const Oid& name : names) {
    EXPECT_THAT(sorter.Add(name, {ValueTag::kGauge32, 1, {}}, ""), IsOk());
  }
  return static_cast<double>(sorter.MemoryUsage()) /
         static_cast<double>(names.size());
}

TEST(EntrySorterTest, IsEmptyAtFirst) {
  ExpectSorts({});
  EXPECT_EQ(EntrySorter().OnlyBuffer(), nullptr);
}

TEST(EntrySorterTest, MakesOneBufferOfEntriesInOrder) {
  EntrySorter sorter;
  for (uint32_t i = 0; i < 1000; ++i) {
    ASSERT_THAT(sorter.Add({1, i}, Number(i), ""), IsOk());
  }
  ASSERT_NE(sorter.OnlyBuffer(), nullptr);
  EXPECT_EQ(sorter.OnlyBuffer()->size(), 1000u);
  ASSERT_THAT(sorter.Add({0}, Number(0), ""), IsOk());
  EXPECT_EQ(sorter.OnlyBuffer(), nullptr);
}

TEST(EntrySorterTest, SortsTablesRowByRow) {
  ExpectSorts(RowByRow(2, 1000));
  ExpectSorts(RowByRow(30, 300));
  ExpectSorts(RowByRow(2 * EntrySorter::kMaxOpen, 20));
}

TEST(EntrySorterTest, SortsDescendingSuffixes) {
  std::vector<Oid> names = RowByRow(3, 500);
  std::sort(names.begin(), names.end());
  std::reverse(names.begin(), names.end());
  ExpectSorts(names);
}

TEST(EntrySorterTest, SortsSuffixesInRandomOrder) {
  std::vector<Oid> names = RowByRow(20, 2000);
  std::mt19937 random(1);
  std::shuffle(names.begin(), names.end(), random);
  ExpectSorts(names);
}

// Most of them have the same KeyPrefix().
TEST(EntrySorterTest, SortsSuffixesThatBeginWithTheSameEightArcs) {
  std::mt19937 random(1);
  std::map<Oid, int> distinct;
  std::vector<Oid> names;
  while (names.size() < 20000) {
    Oid name = {1, 3, 6, 1, 4, 1, 1, 1, 1};
    name.Truncate(random() % 10);
    while (random() % 4 != 0) name.Append(random() % 40 * 31);
    if (distinct.emplace(name, 0).second) names.push_back(name);
  }
  ExpectSorts(names);
}

TEST(EntrySorterTest, ReportsTheSuffixThatComesTwice) {
  std::vector<Oid> names = RowByRow(20, 1000);
  std::mt19937 random(1);
  std::shuffle(names.begin(), names.end(), random);
  for (const size_t twice : {size_t{0}, size_t{100}, names.size() - 1}) {
    EntrySorter sorter;
    absl::Status status;
    for (const Oid& name : names) {
      status.Update(sorter.Add(name, Number(0), ""));
    }
    ASSERT_THAT(status, IsOk());
    status.Update(sorter.Add(names[twice], Number(1), ""));
    MapSink sink;
    status.Update(Read(sorter, &sink));
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kAlreadyExists,
                                 names[twice].ToString() + ": put twice"));
  }
}

TEST(EntrySorterTest, ReportsADuplicateWhenItsBuffersAreMerged) {
  EntrySorter sorter;
  ASSERT_THAT(sorter.Add({5000}, Number(0), ""), IsOk());
  ASSERT_THAT(sorter.Add({5000}, Number(0), ""), IsOk());
  absl::Status status;
  for (uint32_t i = 4000; i > 0 && status.ok(); --i) {
    status = sorter.Add({i}, Number(0), "");
  }
  EXPECT_THAT(status,
              StatusIs(absl::StatusCode::kAlreadyExists, ".5000: put twice"));
}

TEST(EntrySorterTest, HoldsAReferenceToEachSharedValue) {
  const auto resource = std::make_shared<int>(0);
  const auto before = resource.use_count();
  {
    EntrySorter sorter;
    ValuePacker packer;
    for (uint32_t i = 1000; i > 0; --i) {
      const ComputedValue computed([resource] { return Integer32{1}; });
      ASSERT_THAT(sorter.Add({i}, packer.Pack(computed), ""), IsOk());
    }
    EXPECT_EQ(resource.use_count(), before + 1000);
    const EntrySorter moved = std::move(sorter);
    EXPECT_EQ(resource.use_count(), before + 1000);
  }
  EXPECT_EQ(resource.use_count(), before);
}

TEST(EntrySorterTest, TakesTheMemoryOfABufferForATableRowByRow) {
  EXPECT_LT(MemoryOfAnEntry(RowByRow(20, 5000)), 7.5);
}

TEST(EntrySorterTest, TakesLittleMoreMemoryInRandomOrder) {
  std::vector<Oid> names = RowByRow(20, 2000);
  std::mt19937 random(1);
  std::shuffle(names.begin(), names.end(), random);
  EXPECT_LT(MemoryOfAnEntry(names), 17);
}

TEST(EntrySorterTest, TakesLittleMemoryForFewEntries) {
  std::vector<Oid> names = RowByRow(2, 10);
  EXPECT_LT(MemoryOfAnEntry(names) * 20, 1500);
  std::sort(names.begin(), names.end());
  std::reverse(names.begin(), names.end());
  EXPECT_LT(MemoryOfAnEntry(names) * 20, 5000);
}

}  // namespace
}  // namespace passpersist::internal
