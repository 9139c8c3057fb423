// SPDX-License-Identifier: Apache-2.0

#include "passpersist/update/entry_buffer.h"

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
#include "passpersist/encoding/key_prefix.h"
#include "passpersist/encoding/oid_encoding.h"
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

bool AddBehind(EntryBuffer* log, const Row& row) {
  ValuePacker packer;
  return log->AddBehind(row.suffix, packer.Pack(row.value), row.label);
}

void ExpectEntry(const PackedEntry& entry, const Row& row) {
  ValueUnpacker unpacker;
  EXPECT_EQ(UnpackKey(entry.key), row.suffix);
  EXPECT_EQ(std::get<Value>(unpacker.Unpack(entry.value)), row.value)
      << row.suffix;
  EXPECT_EQ(entry.label, row.label) << row.suffix;
}

void ExpectHolds(const EntryBuffer& log, const std::vector<Row>& rows) {
  EntryBuffer::Reader reader(&log);
  std::string before;
  for (const Row& row : rows) {
    ASSERT_TRUE(reader.Next());
    ExpectEntry(reader.entry(), row);
    EXPECT_EQ(reader.entry().shared, SharedArcsSize(before, reader.entry().key))
        << row.suffix;
    before = std::string(reader.entry().key);
  }
  EXPECT_FALSE(reader.Next());
  EXPECT_EQ(log.size(), rows.size());
}

void ExpectKeeps(const std::vector<Row>& rows) {
  EntryBuffer log;
  for (const Row& row : rows) ASSERT_TRUE(AddBehind(&log, row)) << row.suffix;
  ExpectHolds(log, rows);
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

TEST(EntryBufferTest, KeepsColumnsWhoseArcsGrowByABytesWorth) {
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

TEST(EntryBufferTest, RefusesWhatIsNotBehindTheLastEntry) {
  EntryBuffer log;
  const Row first = {{2, 5}, Gauge32{1}, ""};
  const Row last = {{2, 300}, Gauge32{2}, ""};
  ASSERT_TRUE(AddBehind(&log, first));
  ASSERT_TRUE(AddBehind(&log, last));
  for (const Oid& suffix : std::vector<Oid>{
           {}, {2}, {2, 300}, {2, 299}, {2, 5}, {2, 299, 7}, {1}, {1, 400}}) {
    EXPECT_FALSE(AddBehind(&log, {suffix, Gauge32{3}, "label"})) << suffix;
  }
  const Row behind = {{2, 300, 0}, Gauge32{3}, ""};
  ASSERT_TRUE(AddBehind(&log, behind));
  ExpectHolds(log, {first, last, behind});
}

TEST(EntryBufferTest, TellsWhatItsLastEntryIsBefore) {
  EntryBuffer log;
  ASSERT_TRUE(AddBehind(&log, {{1, 2, 3, 4, 5}, Gauge32{1}, ""}));
  ASSERT_TRUE(AddBehind(&log, {{2, 300}, Gauge32{1}, ""}));
  for (const Oid& behind : std::vector<Oid>{{2, 300, 0}, {2, 301}, {3}}) {
    EXPECT_TRUE(log.EndsBefore(behind)) << behind;
  }
  for (const Oid& before : std::vector<Oid>{{}, {2}, {2, 300}, {2, 299, 7}}) {
    EXPECT_FALSE(log.EndsBefore(before)) << before;
  }
  EXPECT_EQ(log.LastHead(), KeyPrefix(Oid({2, 300}).arcs()));
}

TEST(EntryBufferTest, KeepsPackedEntriesAsTheyCameTwiceIfNeedBe) {
  std::mt19937 random(2);
  std::multiset<Oid> names = {{}, {}};
  while (names.size() < 5000) {
    Oid name = {7};
    while (random() % 4 != 0) name.Append(random() % 2000);
    names.insert(name);
  }
  EntryBuffer log;
  ValuePacker packer;
  std::vector<Row> rows;
  EncodedOid last;
  for (const Oid& name : names) {
    const auto number = static_cast<uint32_t>(rows.size());
    rows.push_back({name, Gauge32{number}, number % 3 == 0 ? "label" : ""});
    const EncodedOid key(name);
    const size_t shared = SharedArcsSize(last.bytes(), key.bytes());
    log.AddPacked({key.bytes(), shared, packer.Pack(rows.back().value),
                   rows.back().label},
                  CommonPrefixSize(last.bytes(), key.bytes()) - shared);
    last.Assign(name);
  }
  ExpectHolds(log, rows);
}

TEST(EntryBufferTest, BeginsAnewOnceItIsCleared) {
  const std::vector<Row> rows = {{{1, 2}, Gauge32{1}, ""},
                                 {{1, 300}, OctetString{"x"}, "label"},
                                 {{1, 301}, Gauge32{2}, ""}};
  EntryBuffer log;
  for (uint32_t i = 0; i < 1000; ++i) AddBehind(&log, {{1, i}, Gauge32{i}, ""});
  log.Clear();
  EXPECT_TRUE(log.empty());
  EXPECT_LT(log.MemoryUsage(), 1024u);
  for (const Row& row : rows) ASSERT_TRUE(AddBehind(&log, row));
  ExpectHolds(log, rows);
}

TEST(EntryBufferTest, OwnsAShareOfEachBox) {
  const auto resource = std::make_shared<int>(0);
  const auto before = resource.use_count();
  {
    ValuePacker packer;
    EntryBuffer log;
    const auto add_ten = [&] {
      for (uint32_t i = 0; i < 10; ++i) {
        const ComputedValue lazy([resource] { return Integer32{1}; });
        log.AddBehind({i}, packer.Pack(lazy), "");
      }
      EXPECT_EQ(resource.use_count(), before + 10);
    };
    add_ten();
    log.Clear();
    EXPECT_EQ(resource.use_count(), before);
    add_ten();
    EntryBuffer moved = std::move(log);
    EXPECT_EQ(resource.use_count(), before + 10);
    EntryBuffer::Reader reader(&moved);
    ASSERT_TRUE(reader.Next());
    EXPECT_EQ(
        std::get<ComputedValue>(reader.entry().value.shared_value()->stored_value())().value(),
        Value(Integer32{1}));
  }
  EXPECT_EQ(resource.use_count(), before);
}

TEST(EntryBufferTest, TakesTwoBytesBesideTheValueInAColumn) {
  EntryBuffer log;
  ValuePacker packer;
  constexpr uint32_t kRows = 100000;
  for (uint32_t row = 1; row <= kRows; ++row) {
    log.AddBehind({1, 5, row}, packer.Pack(Value(Gauge32{row})), "");
  }
  EXPECT_LT(log.MemoryUsage(), kRows * 6.6);
}

TEST(EntryBufferTest, TakesLittleForFewEntries) {
  EntryBuffer log;
  for (uint32_t i = 0; i < 20; ++i) AddBehind(&log, {{1, i}, Gauge32{i}, ""});
  EXPECT_LT(log.MemoryUsage(), 1024u);
}

TEST(EntryBufferTest, TakesMemoryByTheChunkNotByTheEntry) {
  EntryBuffer log;
  ValuePacker packer;
  const Oid suffix = {1, 2, 3};
  log.AddBehind(suffix, packer.Pack(Value(Gauge32{1})), "");
  const size_t before = AllocationCount();
  for (uint32_t i = 1; i <= 10000; ++i) {
    log.AddBehind({1, 2, 3, i}, packer.Pack(Value(Gauge32{i})), "a label");
  }
  EXPECT_LT(AllocationCount() - before, 100u);
}

}  // namespace
}  // namespace passpersist::internal
