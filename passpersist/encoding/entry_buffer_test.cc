// SPDX-License-Identifier: Apache-2.0

#include "passpersist/encoding/entry_buffer.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "passpersist/encoding/oid_encoding.h"
#include "passpersist/encoding/packed_entry.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/oid.h"
#include "passpersist/stored_value.h"
#include "passpersist/testing/allocation_count.h"
#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

using passpersist_testing::AllocationCount;

constexpr uint32_t kMaxArc = std::numeric_limits<uint32_t>::max();

struct Row {
  Oid suffix;
  Value value;
  std::string label;
};

bool TryAppend(EntryBuffer* buffer, const Row& row) {
  ValuePacker packer;
  return buffer->TryAppend(row.suffix, packer.Pack(row.value), row.label);
}

void ExpectEntry(const PackedEntry& entry, const Row& row) {
  ValueUnpacker unpacker;
  EXPECT_EQ(UnpackKey(entry.key), row.suffix);
  EXPECT_EQ(std::get<Value>(unpacker.Unpack(entry.value)), row.value)
      << row.suffix;
  EXPECT_EQ(entry.label, row.label) << row.suffix;
}

void ExpectHolds(const EntryBuffer& buffer, const std::vector<Row>& rows) {
  EntryBuffer::Reader reader(&buffer);
  std::string before;
  for (const Row& row : rows) {
    ASSERT_TRUE(reader.Next());
    ExpectEntry(reader.entry(), row);
    EXPECT_EQ(reader.entry().shared, SharedArcsSize(before, reader.entry().key))
        << row.suffix;
    before = std::string(reader.entry().key);
  }
  EXPECT_FALSE(reader.Next());
  EXPECT_EQ(buffer.size(), rows.size());
}

void ExpectKeeps(const std::vector<Row>& rows) {
  EntryBuffer buffer;
  for (const Row& row : rows) {
    ASSERT_TRUE(TryAppend(&buffer, row)) << row.suffix;
  }
  ExpectHolds(buffer, rows);
}

TEST(EntryBufferTest, IsEmptyAtFirst) { ExpectKeeps({}); }

TEST(EntryBufferTest, KeepsValuesOfAllTypesWithAndWithoutLabels) {
  const std::vector<Value> values = {
      Integer32{-1},
      Counter32{kMaxArc},
      Counter64{std::numeric_limits<uint64_t>::max()},
      Gauge32{0},
      TimeTicks{5},
      IpAddress{{1, 2, 3, 4}},
      ObjectIdentifier{{1, 3, 6, kMaxArc}},
      ObjectIdentifier{},
      OctetString{""},
      OctetString{std::string(1, '\0')},
      OctetString{std::string(kMaxStringInPage, 'x')},
      OctetString{std::string(kMaxStringInPage + 1, 'x')},
      OctetString{std::string(65536, 'x')},
      Opaque{"opaque"}};
  std::vector<Row> rows;
  uint32_t arc = 0;
  for (const Value& value : values) {
    rows.push_back({{1, ++arc}, value, ""});
    rows.push_back({{1, ++arc}, value, "label"});
    rows.push_back({{1, ++arc}, value, std::string(300, 'l')});
  }
  ExpectKeeps(rows);
}

TEST(EntryBufferTest, KeepsNamesOfAllShapes) {
  std::vector<Row> rows;
  const auto add = [&](const Oid& suffix) {
    rows.push_back({suffix, Gauge32{static_cast<uint32_t>(rows.size())}, ""});
  };
  add({});
  add({0});
  add({0, 0});
  add({0, 0, kMaxArc});
  add({0, 1});
  add(Oid(std::vector<uint32_t>(Oid::kMaxArcs, 5)));
  add(Oid(std::vector<uint32_t>(Oid::kMaxArcs, kMaxArc)));
  add(Oid(std::vector<uint32_t>(2 * Oid::kMaxArcs, kMaxArc)));
  ExpectKeeps(rows);
}

TEST(EntryBufferTest, KeepsColumnsWhoseArcsGrowByAByte) {
  std::vector<Row> rows;
  for (uint32_t column = 1; column < 4; ++column) {
    for (uint32_t row = 1; row < 70000; row += 1 + row / 1000 % 7) {
      rows.push_back({{1, column, row}, Gauge32{row}, ""});
    }
    rows.push_back({{1, column, kMaxArc}, Gauge32{1}, ""});
  }
  ExpectKeeps(rows);
}

TEST(EntryBufferTest, KeepsRandomNames) {
  std::mt19937 random(1);
  const std::vector<uint32_t> arcs = {0,    1,     2,     247,      248,
                                      1271, 1272,  66807, 66808,    16844023,
                                      5000, 70000, 70001, 16844024, kMaxArc};
  std::set<Oid> names;
  for (int i = 0; i < 20000; ++i) {
    Oid name;
    const size_t size = random() % 6;
    while (name.size() < size) name.Append(arcs[random() % arcs.size()]);
    names.insert(name);
  }
  std::vector<Row> rows;
  for (const Oid& name : names) {
    rows.push_back({name, Gauge32{static_cast<uint32_t>(random())},
                    random() % 3 == 0 ? name.ToString() : ""});
  }
  ExpectKeeps(rows);
}

TEST(EntryBufferTest, RejectsEntriesThatAreNotAfterTheLastEntry) {
  EntryBuffer buffer;
  const Row first = {{2, 5}, Gauge32{1}, ""};
  const Row last = {{2, 300}, Gauge32{2}, ""};
  ASSERT_TRUE(TryAppend(&buffer, first));
  ASSERT_TRUE(TryAppend(&buffer, last));
  for (const Oid& suffix : std::vector<Oid>{
           {}, {2}, {2, 300}, {2, 299}, {2, 5}, {2, 299, 7}, {1}, {1, 400}}) {
    EXPECT_FALSE(TryAppend(&buffer, {suffix, Gauge32{3}, "label"})) << suffix;
  }
  const Row after = {{2, 300, 0}, Gauge32{3}, ""};
  ASSERT_TRUE(TryAppend(&buffer, after));
  ExpectHolds(buffer, {first, last, after});
}

TEST(EntryBufferTest, KeepsPackedEntriesIncludingDuplicates) {
  std::mt19937 random(2);
  std::multiset<Oid> names = {{}, {}};
  while (names.size() < 5000) {
    Oid name = {7};
    while (random() % 4 != 0) name.Append(random() % 2000);
    names.insert(name);
  }
  EntryBuffer buffer;
  ValuePacker packer;
  std::vector<Row> rows;
  for (const Oid& name : names) {
    const auto number = static_cast<uint32_t>(rows.size());
    rows.push_back({name, Gauge32{number}, number % 3 == 0 ? "label" : ""});
    buffer.Append({EncodedOid(name).bytes(), 0, packer.Pack(rows.back().value),
                   rows.back().label});
  }
  ExpectHolds(buffer, rows);
}

TEST(EntryBufferTest, HoldsAReferenceToEachSharedValue) {
  const auto resource = std::make_shared<int>(0);
  const auto before = resource.use_count();
  {
    EntryBuffer buffer;
    {
      ValuePacker packer;
      for (uint32_t i = 0; i < 10; ++i) {
        const ComputedValue computed([resource] { return Integer32{1}; });
        buffer.TryAppend({i}, packer.Pack(computed), "");
      }
    }
    EXPECT_EQ(resource.use_count(), before + 10);
    EntryBuffer moved = std::move(buffer);
    EXPECT_EQ(resource.use_count(), before + 10);
    EntryBuffer::Reader reader(&moved);
    ASSERT_TRUE(reader.Next());
    EXPECT_EQ(std::get<ComputedValue>(
                  reader.entry().value.shared_value()->stored_value())()
                  .value(),
              Value(Integer32{1}));
  }
  EXPECT_EQ(resource.use_count(), before);
}

TEST(EntryBufferTest, TakesTwoBytesBesidesTheValueInAColumn) {
  EntryBuffer buffer;
  ValuePacker packer;
  constexpr uint32_t kRows = 100000;
  for (uint32_t row = 1; row <= kRows; ++row) {
    buffer.TryAppend({1, 5, row}, packer.Pack(Value(Gauge32{row})), "");
  }
  EXPECT_LT(buffer.MemoryUsage(), kRows * 6.6);
}

TEST(EntryBufferTest, TakesLittleMemoryForFewEntries) {
  EntryBuffer buffer;
  for (uint32_t i = 0; i < 20; ++i) {
    TryAppend(&buffer, {{1, i}, Gauge32{i}, ""});
  }
  EXPECT_LT(buffer.MemoryUsage(), 1024u);
}

TEST(EntryBufferTest, AllocatesByTheChunkNotByTheEntry) {
  EntryBuffer buffer;
  ValuePacker packer;
  const Oid suffix = {1, 2, 3};
  buffer.TryAppend(suffix, packer.Pack(Value(Gauge32{1})), "");
  const size_t before = AllocationCount();
  for (uint32_t i = 1; i <= 10000; ++i) {
    buffer.TryAppend({1, 2, 3, i}, packer.Pack(Value(Gauge32{i})), "a label");
  }
  EXPECT_LT(AllocationCount() - before, 100u);
}

}  // namespace
}  // namespace passpersist::internal
