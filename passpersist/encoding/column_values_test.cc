// SPDX-License-Identifier: Apache-2.0

#include "passpersist/encoding/column_values.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gtest/gtest.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/encoding/string_run.h"
#include "passpersist/stored_value.h"
#include "passpersist/testing/allocation_count.h"
#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

using passpersist_testing::AllocationCount;

void ExpectHolds(const ColumnValues& column, const std::vector<Value>& values) {
  ValueUnpacker unpacker;
  ASSERT_EQ(column.size(), values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(std::get<Value>(unpacker.Unpack(column.Get(i))), values[i]) << i;
  }
}

ColumnValues Pack(const std::vector<Value>& values) {
  ValuePacker packer;
  ColumnValues column;
  for (const Value& value : values) column.Add(packer.Pack(value));
  return column;
}

std::vector<Value> OneOfEachType() {
  return {Integer32{-5},
          Counter32{std::numeric_limits<uint32_t>::max()},
          Counter64{std::numeric_limits<uint64_t>::max()},
          Gauge32{7},
          TimeTicks{8},
          IpAddress{{10, 1, 2, 3}},
          ObjectIdentifier{{1, 3, 6, 4294967295}},
          OctetString{"text"},
          Opaque{std::string(3, '\0')},
          OctetString{std::string(kMaxStringInPage + 1, 'x')},
          OctetString{""}};
}

TEST(ColumnValuesTest, ReturnsValuesOfAllTypes) {
  const std::vector<Value> values = OneOfEachType();
  ExpectHolds(Pack(values), values);
  for (const Value& value : values) {
    const std::vector<Value> same(3, value);
    ExpectHolds(Pack(same), same);
  }
}

TEST(ColumnValuesTest, ReturnsValuesWhoseTypeChangesAnywhere) {
  for (const Value& first : OneOfEachType()) {
    for (const Value& second : OneOfEachType()) {
      const std::vector<Value> values = {first, first, second, first};
      ExpectHolds(Pack(values), values);
    }
  }
}

TEST(ColumnValuesTest, KeepsNumbersOfOneTypeSideBySide) {
  const ColumnValues column = Pack({Gauge32{1}, Gauge32{2}, Gauge32{3}});
  EXPECT_EQ(column.tag(), ValueTag::kGauge32);
  const uint32_t expected[] = {1, 2, 3};
  ASSERT_EQ(column.numbers().size(), sizeof expected);
  EXPECT_EQ(std::memcmp(column.numbers().data(), expected, sizeof expected), 0);
}

TEST(ColumnValuesTest, HasNoNumbersIfTypesDifferOrAreNotNumbers) {
  EXPECT_EQ(Pack({Gauge32{1}, Counter32{2}}).numbers(), "");
  EXPECT_EQ(Pack({OctetString{"1"}}).numbers(), "");
  EXPECT_EQ(ColumnValues().numbers(), "");
}

TEST(ColumnValuesTest, TakesOverAVectorOfNumbersWithoutCopying) {
  std::vector<Counter64> numbers = {{1}, {~uint64_t{0}}};
  const void* const where = numbers.data();
  const ColumnValues column = ColumnValues::FromNumbers(std::move(numbers));
  EXPECT_EQ(column.numbers().data(), where);
  EXPECT_EQ(column.numbers().size(), 2 * sizeof(uint64_t));
  ExpectHolds(column, {Counter64{1}, Counter64{~uint64_t{0}}});
  ExpectHolds(ColumnValues::FromNumbers<IpAddress>({IpAddress{{1, 2, 3, 4}}}),
              {IpAddress{{1, 2, 3, 4}}});
  ExpectHolds(ColumnValues::FromNumbers<Integer32>({Integer32{-1}}),
              {Integer32{-1}});
}

TEST(ColumnValuesTest, FindsStringsInAllBlocks) {
  std::vector<Value> values;
  for (int i = 0; i < 10000; ++i) {
    values.push_back(OctetString{std::string(i % 5, 'a') + std::to_string(i)});
  }
  ExpectHolds(Pack(values), values);
}

TEST(ColumnValuesTest, HasStringsOfOneTypeSideBySide) {
  std::vector<std::string> strings;
  std::vector<Value> values;
  for (int i = 0; i < 10000; ++i) {
    strings.push_back(std::string(i % 5, 'a') + std::to_string(i));
    values.push_back(Opaque{strings.back()});
  }
  const ColumnValues column = Pack(values);
  ASSERT_TRUE(column.are_strings());
  EXPECT_EQ(column.tag(), ValueTag::kOpaque);
  std::vector<std::string> found;
  column.ForEachRun([&](const StringRun& run) {
    for (size_t i = 0; i < run.size(); ++i) found.emplace_back(run[i]);
  });
  EXPECT_EQ(found, strings);
}

TEST(ColumnValuesTest, HasNoStringsOfOneTypeIfThereAreOtherValues) {
  EXPECT_FALSE(ColumnValues().are_strings());
  EXPECT_FALSE(Pack({Gauge32{1}}).are_strings());
  EXPECT_FALSE(Pack({OctetString{"1"}, Opaque{"1"}}).are_strings());
  EXPECT_FALSE(Pack({OctetString{"1"}, Gauge32{1}}).are_strings());
  const std::string large(kMaxStringInPage + 1, 'x');
  EXPECT_FALSE(Pack({OctetString{large}}).are_strings());
  EXPECT_FALSE(Pack({OctetString{"1"}, OctetString{large}}).are_strings());
}

TEST(ColumnValuesTest, FindsNumbersInAllBlocksAfterAChangeOfType) {
  std::vector<Value> values;
  for (uint32_t i = 0; i < 10000; ++i) values.push_back(Gauge32{i});
  values.push_back(OctetString{"last"});
  ExpectHolds(Pack(values), values);
}

TEST(ColumnValuesTest, KeepsAComputedValueAliveWhileItExists) {
  const auto resource = std::make_shared<int>(0);
  {
    ValuePacker packer;
    ColumnValues column;
    column.Add(packer.Pack(ComputedValue([resource] { return Integer32{1}; })));
    const ColumnValues moved = std::move(column);
    EXPECT_EQ(resource.use_count(), 2);
    ValueUnpacker unpacker;
    EXPECT_TRUE(
        std::holds_alternative<ComputedValue>(unpacker.Unpack(moved.Get(0))));
  }
  EXPECT_EQ(resource.use_count(), 1);
}

TEST(ColumnValuesTest, PermutesValuesOfAnyType) {
  const std::vector<Value> several = OneOfEachType();
  const std::vector<std::vector<Value>> all = {
      several,
      {Integer32{-1}, Integer32{2}, Integer32{3}},
      {Counter64{1}, Counter64{~uint64_t{0}}, Counter64{3}},
      {OctetString{"a"}, OctetString{""}, OctetString{"c"}}};
  for (const std::vector<Value>& values : all) {
    std::vector<size_t> order;
    std::vector<Value> expected;
    for (size_t i = 0; i < values.size(); ++i) {
      order.push_back((i + 1) % values.size());
      expected.push_back(values[order.back()]);
    }
    ExpectHolds(Pack(values).Permuted(order), expected);
  }
}

// AddString() takes a shorter way for a string that comes after others of its
// type.
TEST(ColumnValuesTest, StringsComeAfterValuesOfAnyType) {
  std::vector<Value> values;
  ColumnValues column;
  const auto add_strings = [&](size_t count) {
    for (size_t i = 0; i < count; ++i) {
      const std::string text(i % 7, 'x');
      column.AddString(ValueTag::kOctetString, text);
      values.push_back(OctetString{text});
    }
  };
  // More than one block of values.
  add_strings(10'000);
  column.Add({ValueTag::kGauge32, 5, {}});
  values.push_back(Gauge32{5});
  add_strings(3);
  ExpectHolds(column, values);

  values = {Gauge32{5}};
  column = ColumnValues();
  column.Add({ValueTag::kGauge32, 5, {}});
  add_strings(3);
  ExpectHolds(column, values);
}

TEST(ColumnValuesTest, DoesNotAllocateAfterReserve) {
  const ColumnValues like = Pack(std::vector<Value>(1000, Gauge32{1}));
  ColumnValues column;
  column.Reserve(like.extent());
  const size_t before = AllocationCount();
  for (uint32_t i = 0; i < 1000; ++i) {
    column.Add({ValueTag::kGauge32, i, {}});
  }
  EXPECT_EQ(AllocationCount(), before);
}

}  // namespace
}  // namespace passpersist::internal
