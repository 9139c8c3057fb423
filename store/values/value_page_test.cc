// SPDX-License-Identifier: Apache-2.0

#include "store/values/value_page.h"

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/stored_value.h"
#include "passpersist/value.h"
#include "store/version/block.h"

namespace passpersist::store_internal {
namespace {

struct Freer {
  void operator()(const Block* block) const { block->Free(); }
};
using PagePtr = std::unique_ptr<const ValuePage, Freer>;

constexpr uint64_t kBirth = 7;

PagePtr MakePage(const std::vector<StoredValue>& stored,
                 const std::vector<absl::string_view>& labels = {}) {
  std::vector<internal::ValuePacker> packers(stored.size());
  std::vector<internal::PackedValue> values;
  for (size_t i = 0; i < stored.size(); ++i) {
    values.push_back(packers[i].Pack(stored[i]));
  }
  return PagePtr(ValuePage::Make(kBirth, values, labels));
}

TEST(ValuePageTest, HoldsItsValuesAndLabels) {
  const PagePtr page = MakePage(
      {Value(Integer32{1}), Value(OctetString{"two"}), Value(Counter64{3})},
      {"one", "", "three"});
  EXPECT_EQ(page->birth(), kBirth);
  ASSERT_EQ(page->count(), 3);
  internal::ValueUnpacker unpacker;
  EXPECT_EQ(std::get<Value>(unpacker.Unpack(page->value(0))),
            Value(Integer32{1}));
  EXPECT_EQ(std::get<Value>(unpacker.Unpack(page->value(1))),
            Value(OctetString{"two"}));
  EXPECT_EQ(std::get<Value>(unpacker.Unpack(page->value(2))),
            Value(Counter64{3}));
  EXPECT_EQ(page->label(0), "one");
  EXPECT_EQ(page->label(1), "");
  EXPECT_EQ(page->label(2), "three");
  EXPECT_FALSE(page->HoldsOnly(internal::ValueTag::kInteger32));
}

TEST(ValuePageTest, HoldsTheMaximumOfValuesAndTheLongestOnes) {
  const std::string octets(internal::kMaxStringInPage, 'x');
  const std::vector<StoredValue> stored(ValuePage::kMaxValues,
                                        Value(OctetString{octets}));
  const PagePtr page = MakePage(stored);
  ASSERT_EQ(page->count(), ValuePage::kMaxValues);
  EXPECT_EQ(page->value(ValuePage::kMaxValues - 1).bytes, octets);
  EXPECT_TRUE(page->HoldsOnly(internal::ValueTag::kOctetString));
}

TEST(ValuePageTest, LabelsCostNothingWhereThereAreNone) {
  const StoredValue value = Value(Integer32{1});
  EXPECT_EQ(MakePage({value})->memory(), sizeof(ValuePage) + 4);
  EXPECT_EQ(MakePage({value}, {""})->memory(), sizeof(ValuePage) + 4);
  EXPECT_EQ(MakePage({value}, {"label"})->memory(),
            sizeof(ValuePage) + 4 + 4 + 5);
}

TEST(ValuePageTest, MakeOfNumbersEqualsMake) {
  const std::vector<uint32_t> narrow = {1, ~0u, 3};
  const PagePtr page(ValuePage::MakeOfNumbers(
      kBirth, internal::ValueTag::kGauge32,
      reinterpret_cast<const char*>(narrow.data()), narrow.size()));
  const PagePtr same =
      MakePage({Value(Gauge32{1}), Value(Gauge32{~0u}), Value(Gauge32{3})});
  EXPECT_EQ(page->memory(), same->memory());
  for (size_t i = 0; i < narrow.size(); ++i) {
    EXPECT_EQ(page->value(i).tag, internal::ValueTag::kGauge32);
    EXPECT_EQ(page->value(i).number, same->value(i).number);
    EXPECT_EQ(page->label(i), "");
  }
  const uint64_t wide = ~uint64_t{1};
  const PagePtr page64(
      ValuePage::MakeOfNumbers(kBirth, internal::ValueTag::kCounter64,
                               reinterpret_cast<const char*>(&wide), 1));
  EXPECT_EQ(page64->value(0).number, wide);
}

TEST(ValuePageTest, ReferencesSharedValuesAlsoAmongOtherValues) {
  for (const bool mixed : {false, true}) {
    const auto resource = std::make_shared<int>(0);
    std::vector<StoredValue> stored = {
        ComputedValue([resource] { return Integer32{1}; })};
    if (mixed) stored.push_back(Value(Integer32{2}));
    PagePtr first = MakePage(stored);
    stored.clear();
    ASSERT_EQ(resource.use_count(), 2);
    EXPECT_GT(first->memory(),
              sizeof(ValuePage) + sizeof(internal::SharedValue));
    const internal::PackedValue value = first->value(0);
    PagePtr second(ValuePage::Make(kBirth, {&value, 1}, {}));
    first.reset();
    EXPECT_EQ(resource.use_count(), 2);
    EXPECT_EQ(second->value(0).shared_value(), value.shared_value());
    second.reset();
    EXPECT_EQ(resource.use_count(), 1);
  }
}

TEST(ValuePageTest, ACopyMayHaveOtherValues) {
  const PagePtr page =
      MakePage({Value(Counter64{1}), Value(Counter64{2}), Value(Counter64{3})},
               {"", "label", ""});
  const PackedValues::NewValue other = {
      1, {internal::ValueTag::kCounter32, 20, {}}};
  EXPECT_EQ(page->CopyWithValues(kBirth + 1, {&other, 1}), nullptr);
  const std::vector<PackedValues::NewValue> changes = {
      {1, {internal::ValueTag::kCounter64, 20, {}}},
      {2, {internal::ValueTag::kCounter64, 30, {}}}};
  const PagePtr copy(page->CopyWithValues(kBirth + 1, changes));
  EXPECT_EQ(copy->birth(), kBirth + 1);
  EXPECT_EQ(copy->value(0).number, 1);
  EXPECT_EQ(copy->value(1).number, 20);
  EXPECT_EQ(copy->value(2).number, 30);
  EXPECT_EQ(copy->label(1), "label");
  EXPECT_EQ(copy->memory(), page->memory());
  EXPECT_EQ(page->value(1).number, 2);
}

TEST(ValuePageTest, ACopyWithOtherValuesReferencesTheSharedValues) {
  const auto resource = std::make_shared<int>(0);
  std::vector<StoredValue> stored = {
      ComputedValue([resource] { return Integer32{1}; }),
      Value(OctetString{"short"})};
  PagePtr page = MakePage(stored, {"computed", "string"});
  stored.clear();
  const std::string octets(100, 'x');
  const internal::PackedValue value = {internal::ValueTag::kOctetString, 0,
                                       octets};
  const PackedValues::NewValue change = {1, value};
  PagePtr copy(page->CopyWithValues(kBirth + 1, {&change, 1}));
  EXPECT_EQ(copy->memory(), page->memory() + 95);
  EXPECT_EQ(copy->value(0).shared_value(), page->value(0).shared_value());
  page.reset();
  EXPECT_EQ(resource.use_count(), 2);
  EXPECT_EQ(copy->value(1).bytes, octets);
  EXPECT_EQ(copy->label(0), "computed");
  EXPECT_EQ(copy->label(1), "string");
  copy.reset();
  EXPECT_EQ(resource.use_count(), 1);
}

}  // namespace
}  // namespace passpersist::store_internal
