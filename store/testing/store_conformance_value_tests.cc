// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/value.h"
#include "store/testing/store_conformance_test_lib.h"

namespace passpersist_testing {

using passpersist::Changes;
using passpersist::ComputedValue;
using passpersist::Contents;
using passpersist::Counter32;
using passpersist::Counter64;
using passpersist::Gauge32;
using passpersist::Integer32;
using passpersist::IpAddress;
using passpersist::ObjectIdentifier;
using passpersist::OctetString;
using passpersist::Oid;
using passpersist::Opaque;
using passpersist::TimeTicks;
using passpersist::Value;
using testing::ElementsAre;
using testing::ElementsAreArray;

namespace {

std::string AllBytes(size_t size) {
  std::string bytes;
  while (bytes.size() < size) bytes.push_back(static_cast<char>(bytes.size()));
  return bytes;
}

// The smallest, the greatest and some unusual values of every type.
std::vector<StoreRow> AllTypes() {
  const std::vector<Value> values = {
      Integer32{0},
      Integer32{std::numeric_limits<int32_t>::min()},
      Integer32{std::numeric_limits<int32_t>::max()},
      Counter32{0},
      Counter32{std::numeric_limits<uint32_t>::max()},
      Counter64{0},
      Counter64{std::numeric_limits<uint64_t>::max()},
      Gauge32{0},
      Gauge32{std::numeric_limits<uint32_t>::max()},
      TimeTicks{0},
      TimeTicks{std::numeric_limits<uint32_t>::max()},
      IpAddress{{0, 0, 0, 0}},
      IpAddress{{255, 255, 255, 255}},
      ObjectIdentifier{{0, 0}},
      ObjectIdentifier{Oid(std::vector<uint32_t>(Oid::kMaxArcs, 0xffffffff))},
      OctetString{""},
      OctetString{"eth0"},
      OctetString{std::string(1, '\0')},
      OctetString{AllBytes(256)},
      Opaque{""},
      Opaque::FromFloat(1.5f),
      Opaque::FromDouble(-2.25),
  };
  std::vector<StoreRow> rows;
  for (const Value& value : values) {
    rows.push_back({{static_cast<uint32_t>(rows.size())}, value, ""});
  }
  return rows;
}

}  // namespace

TEST_P(StoreConformanceTest, KeepsEveryTypeOfValue) {
  Replace(AllTypes());
  EXPECT_THAT(Rows(), ElementsAreArray(AllTypes()));
}

TEST_P(StoreConformanceTest, AppliesEveryTypeOfValue) {
  Changes changes;
  for (const StoreRow& row : AllTypes()) changes.Put(row.suffix, row.value);
  Apply(changes);
  EXPECT_THAT(Rows(), ElementsAreArray(AllTypes()));
}

TEST_P(StoreConformanceTest, KeepsLongStrings) {
  const std::vector<StoreRow> rows = {
      {{1}, OctetString{AllBytes(64 << 10)}, ""},
      {{2}, Opaque{AllBytes((64 << 10) - 1)}, std::string(64 << 10, 'L')},
      {{3}, OctetString{std::string(64 << 10, '\0')}, ""}};
  Replace(rows);
  EXPECT_THAT(Rows(), ElementsAreArray(rows));
}

TEST_P(StoreConformanceTest, KeepsLabels) {
  const std::vector<StoreRow> rows = {
      {{1}, Integer32{1}, "first"},
      {{1, 1}, Integer32{2}, ""},
      {{2}, Integer32{3}, std::string("a\0b\nö", 6)},
      {{3}, Integer32{4}, ""}};
  Replace(rows);
  EXPECT_THAT(Rows(), ElementsAreArray(rows));
}

TEST_P(StoreConformanceTest, DoesNotCallTheFunctionOfAComputedValue) {
  const auto calls = std::make_shared<int>(0);
  Contents contents;
  contents.PutComputed(
      {1}, [calls] { return Integer32{++*calls}; }, "computed");
  contents.Put({2}, Integer32{7});
  ASSERT_TRUE(store_->Replace(std::move(contents)).ok());
  const auto iterator = NewIterator();
  iterator->Seek({1});
  ASSERT_TRUE(iterator->Valid());
  ASSERT_TRUE(std::holds_alternative<ComputedValue>(iterator->value()));
  EXPECT_EQ(iterator->label(), "computed");
  EXPECT_EQ(*calls, 0);

  EXPECT_THAT(Rows(), ElementsAre(StoreRow{{1}, Integer32{1}, "computed"},
                                  StoreRow{{2}, Integer32{7}, ""}));
  EXPECT_THAT(Rows(), ElementsAre(StoreRow{{1}, Integer32{2}, "computed"},
                                  StoreRow{{2}, Integer32{7}, ""}));
}

TEST_P(StoreConformanceTest, AComputedValueMayFail) {
  Contents contents;
  contents.PutComputed({1}, [] { return absl::UnavailableError("no sensor"); });
  ASSERT_TRUE(store_->Replace(std::move(contents)).ok());
  const auto iterator = NewIterator();
  iterator->SeekToFirst();
  ASSERT_TRUE(iterator->Valid());
  const auto* const computed = std::get_if<ComputedValue>(&iterator->value());
  ASSERT_NE(computed, nullptr);
  EXPECT_EQ((*computed)().status(), absl::UnavailableError("no sensor"));
}

TEST_P(StoreConformanceTest, ComputedAndOtherValuesReplaceEachOther) {
  Replace({{{1}, Integer32{1}, "one"}, {{2}, Integer32{2}, "two"}});
  Changes to_computed;
  to_computed.PutComputed({1}, [] { return Integer32{10}; });
  to_computed.PutComputed(
      {3}, [] { return Integer32{30}; }, "three");
  Apply(to_computed);
  EXPECT_THAT(Rows(), ElementsAre(StoreRow{{1}, Integer32{10}, "one"},
                                  StoreRow{{2}, Integer32{2}, "two"},
                                  StoreRow{{3}, Integer32{30}, "three"}));
  Changes to_value;
  to_value.Put({1}, Integer32{11});
  Apply(to_value);
  EXPECT_THAT(Rows(), ElementsAre(StoreRow{{1}, Integer32{11}, "one"},
                                  StoreRow{{2}, Integer32{2}, "two"},
                                  StoreRow{{3}, Integer32{30}, "three"}));
}

TEST_P(StoreConformanceTest, ReleasesAReplacedComputedValue) {
  const auto resource = std::make_shared<int>(1);
  Contents contents;
  contents.PutComputed({1}, [resource] { return Integer32{*resource}; });
  ASSERT_TRUE(store_->Replace(std::move(contents)).ok());
  EXPECT_GT(resource.use_count(), 1);
  // Not at once: a store may keep a state or two and build the next one in
  // them.
  for (int i = 0; i < 100; ++i) Replace({});
  EXPECT_EQ(resource.use_count(), 1);
}

// Each subtree of an agent has its own store, and most are small.
TEST_P(StoreConformanceTest, FewEntriesTakeLittleMemory) {
  EXPECT_LT(store_->ApproximateMemory(), 1000);
  std::vector<StoreRow> rows;
  for (uint32_t i = 0; i < 20; ++i) {
    rows.push_back({{i, 0}, OctetString{"a text of usual length"}, "label"});
  }
  Replace(rows);
  EXPECT_LT(store_->ApproximateMemory(), 4 << 10);
}

TEST_P(StoreConformanceTest, ReportsItsMemory) {
  constexpr size_t kRows = 1000;
  constexpr size_t kBytes = 100;
  const size_t empty = store_->ApproximateMemory();
  std::vector<StoreRow> rows;
  for (uint32_t i = 0; i < kRows; ++i) {
    rows.push_back({{i}, OctetString{std::string(kBytes, 'x')}, ""});
  }
  Replace(rows);
  const size_t full = store_->ApproximateMemory();
  EXPECT_GE(full, kRows * kBytes);
  EXPECT_LE(full, kRows * 4 * kBytes);
  Changes changes;
  changes.Put({0}, OctetString{std::string(kRows * kBytes, 'x')});
  Apply(changes);
  EXPECT_GE(store_->ApproximateMemory(), full + (kRows - 1) * kBytes);
  Replace({});
  EXPECT_LE(store_->ApproximateMemory(), empty + 4096);
}

}  // namespace passpersist_testing
