// SPDX-License-Identifier: Apache-2.0

#include "passpersist/encoding/entry_sorter.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "passpersist/encoding/entry_buffer.h"
#include "passpersist/encoding/oid_encoding.h"
#include "passpersist/encoding/packed_entry.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/oid.h"
#include "passpersist/stored_value.h"
#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

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

// Reads one run, whose keys must ascend. Adds entries with one key in the
// opposite order, which must be that in which they were added to the sorter.
void ReadRun(const EntryBuffer& run, std::multimap<Oid, Row>* rows) {
  EntryBuffer::Reader reader(&run);
  auto last = rows->end();
  while (reader.Next()) {
    const PackedEntry& entry = reader.entry();
    const Oid name = UnpackKey(entry.key);
    const Row row = {entry.value.number, std::string(entry.label)};
    if (last != rows->end() && name < last->first) {
      ADD_FAILURE() << name << " after " << last->first;
    }
    const bool is_repeated = last != rows->end() && name == last->first;
    last = is_repeated ? rows->emplace_hint(last, name, row)
                       : rows->emplace(name, row);
  }
}

std::multimap<Oid, Row> ReadAll(const EntrySorter& sorter) {
  std::multimap<Oid, Row> rows;
  for (const EntryBuffer& run : sorter.runs()) ReadRun(run, &rows);
  ReadRun(sorter.unsorted().Sorted(), &rows);
  return rows;
}

// Adds the suffixes with their positions as numbers, and expects sorted runs.
void ExpectSorts(const std::vector<Oid>& names) {
  EntrySorter sorter;
  std::multimap<Oid, Row> model;
  for (const Oid& name : names) {
    const Row row = {model.size(), model.size() % 7 == 0 ? "label" : ""};
    sorter.Add(name, Number(row.number), row.label);
    model.emplace(name, row);
  }
  EXPECT_EQ(sorter.size(), names.size());
  EXPECT_TRUE(ReadAll(sorter) == model);
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
    sorter.Add(name, {ValueTag::kGauge32, 1, {}}, "");
  }
  return static_cast<double>(sorter.MemoryUsage()) /
         static_cast<double>(names.size());
}

TEST(EntrySorterTest, IsEmptyAtFirst) {
  ExpectSorts({});
  ASSERT_NE(EntrySorter().OnlyRun(), nullptr);
  EXPECT_TRUE(EntrySorter().OnlyRun()->empty());
}

TEST(EntrySorterTest, MakesOneRunOfEntriesInOrder) {
  EntrySorter sorter;
  for (uint32_t i = 0; i < 1000; ++i) sorter.Add({1, i}, Number(i), "");
  ASSERT_NE(sorter.OnlyRun(), nullptr);
  EXPECT_EQ(sorter.OnlyRun()->size(), 1000u);
  sorter.Add({0}, Number(0), "");
  EXPECT_EQ(sorter.OnlyRun(), nullptr);
}

TEST(EntrySorterTest, ContinuesARunAfterSortingIt) {
  EntrySorter sorter;
  sorter.Add({2}, Number(0), "");
  for (uint32_t i = 0; i < EntrySorter::kMaxUnsorted; ++i) {
    sorter.Add({1, i}, Number(i), "");
  }
  EXPECT_TRUE(sorter.unsorted().empty());
  sorter.Add({3}, Number(0), "");
  EXPECT_TRUE(sorter.unsorted().empty());
  EXPECT_EQ(sorter.runs().size(), 2u);
}

TEST(EntrySorterTest, SortsManyBytesAtOnceOnlyUpToABound) {
  EntrySorter sorter;
  const std::string label(100000, 'l');
  for (uint32_t i = 400; i > 0; --i) sorter.Add({i}, Number(i), label);
  EXPECT_EQ(sorter.runs().size(), 3u);
  EXPECT_EQ(ReadAll(sorter).size(), 400u);
}

TEST(EntrySorterTest, KeepsASuffixThatWasAddedTwice) {
  std::vector<Oid> names = RowByRow(20, 3000);
  names.insert(names.end(), {{1, 3, 7}, {1, 3, 7}, {1, 20, 3000}});
  ExpectSorts(names);
}

TEST(EntrySorterTest, SortsTablesRowByRow) {
  ExpectSorts(RowByRow(2, 1000));
  ExpectSorts(RowByRow(30, 300));
  ExpectSorts(RowByRow(1000, 40));
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

TEST(EntrySorterTest, HoldsAReferenceToEachSharedValue) {
  const auto resource = std::make_shared<int>(0);
  const auto before = resource.use_count();
  {
    EntrySorter sorter;
    ValuePacker packer;
    for (uint32_t i = 1000; i > 0; --i) {
      const ComputedValue computed([resource] { return Integer32{1}; });
      sorter.Add({i}, packer.Pack(computed), "");
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
