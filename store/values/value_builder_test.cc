// SPDX-License-Identifier: Apache-2.0

#include "store/values/value_builder.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/encoding/string_run.h"
#include "passpersist/stored_value.h"
#include "passpersist/value.h"
#include "store/values/testing/value_tree_checker.h"
#include "store/values/value_cursor.h"
#include "store/values/value_page.h"
#include "store/values/value_tree.h"
#include "store/values/value_tree_traits.h"

namespace passpersist::store_internal {
namespace {

// Loads `model`, and expects that the tree holds it and its invariants.
void ExpectLoads(const ValueModel& model) {
  const LoadedValues loaded(model);
  ValueTreeChecker(loaded.tree()).ExpectHolds(model);
}

const char* Bytes(const std::vector<uint32_t>& numbers) {
  return reinterpret_cast<const char*>(numbers.data());
}

TEST(ValueBuilderTest, BuildsAnEmptyTreeOfNoValues) {
  ValueBuilder builder(1);
  const ValueTree tree = builder.Finish();
  EXPECT_EQ(tree.root, nullptr);
  EXPECT_EQ(tree.size, 0);
  EXPECT_EQ(tree.memory, 0);
}

TEST(ValueBuilderTest, BuildsTreesOfAnySize) {
  const uint32_t dir = 240 * 128;
  for (const uint32_t size :
       {1u, 59u, 60u, 240u, 241u, 299u, 300u, 480u, 481u, dir - 1, dir, dir + 1,
        dir + 59, dir + 31 * 240, dir + 32 * 240, 100000u}) {
    SCOPED_TRACE(size);
    ExpectLoads(Counters(size));
  }
}

TEST(ValueBuilderTest, BuildsTreesOfThreeLevels) {
  const std::vector<uint32_t> numbers(240 * 128 * 129 + 1);
  ValueBuilder builder(1);
  builder.AddNumbers(internal::ValueTag::kGauge32, Bytes(numbers),
                     numbers.size());
  const ValueTree tree = builder.Finish();
  EXPECT_EQ(tree.level, 3);
  EXPECT_EQ(tree.size, numbers.size());
  const ValueTreeChecker checker(tree);
  FreePages<ValueTreeTraits>(tree.root, tree.level);
}

TEST(ValueBuilderTest, AddNumbersEqualsAddingThemOneByOne) {
  for (const size_t step : {1, 59, 61, 239, 241, 1000}) {
    SCOPED_TRACE(step);
    ValueModel model;
    ValueBuilder builder(1);
    std::vector<uint32_t> numbers;
    for (uint32_t i = 0; i < 5000; ++i) numbers.push_back(i * i);
    for (const internal::ValueTag tag :
         {internal::ValueTag::kGauge32, internal::ValueTag::kTimeTicks}) {
      for (size_t i = 0; i < numbers.size(); i += step) {
        builder.AddNumbers(tag, Bytes(numbers) + 4 * i,
                           std::min(step, numbers.size() - i));
      }
      for (const uint32_t number : numbers) {
        if (tag == internal::ValueTag::kGauge32) {
          model.push_back({Gauge32{number}, ""});
        } else {
          model.push_back({TimeTicks{number}, ""});
        }
      }
    }
    const uint64_t wide[] = {~uint64_t{0}, 7};
    builder.AddNumbers(internal::ValueTag::kCounter64,
                       reinterpret_cast<const char*>(wide), 2);
    model.push_back({Counter64{~uint64_t{0}}, ""});
    model.push_back({Counter64{7}, ""});
    const ValueTree tree = builder.Finish();
    ValueTreeChecker(tree).ExpectHolds(model);
    const LoadedValues loaded(model);
    EXPECT_EQ(tree.memory, loaded.tree().memory);
    FreePages<ValueTreeTraits>(tree.root, tree.level);
  }
}

TEST(ValueBuilderTest, AddStringsEqualsAddingThemOneByOne) {
  std::string bytes = "before";
  const size_t begin = bytes.size();
  std::vector<uint32_t> ends;
  for (size_t i = 0; i < 5000; ++i) {
    bytes += std::string(i * i % 23, static_cast<char>('a' + i % 26));
    ends.push_back(static_cast<uint32_t>(bytes.size()));
  }
  for (const size_t step : {1, 59, 61, 239, 240, 241, 1000, 5000}) {
    SCOPED_TRACE(step);
    ValueModel model;
    ValueBuilder builder(1);
    builder.Add({internal::ValueTag::kGauge32, 7, {}}, {});
    model.push_back({Gauge32{7}, ""});
    for (const internal::ValueTag tag :
         {internal::ValueTag::kOctetString, internal::ValueTag::kOpaque}) {
      internal::StringRun strings = {bytes.data(), begin, ends};
      while (strings.size() > 0) {
        const size_t count = std::min(step, strings.size());
        builder.AddStrings(tag, strings.First(count));
        for (size_t i = 0; i < count; ++i) {
          const std::string string(strings[i]);
          if (tag == internal::ValueTag::kOpaque) {
            model.push_back({Opaque{string}, ""});
          } else {
            model.push_back({OctetString{string}, ""});
          }
        }
        strings.RemovePrefix(count);
      }
    }
    const ValueTree tree = builder.Finish();
    ValueTreeChecker(tree).ExpectHolds(model);
    const LoadedValues loaded(model);
    EXPECT_EQ(tree.memory, loaded.tree().memory);
    FreePages<ValueTreeTraits>(tree.root, tree.level);
  }
}

// AddStrings() packs full pages at once, so nothing is pending in Finish().
TEST(ValueBuilderTest, StringsMayEndWithAFullPage) {
  const std::string bytes(2 * ValuePage::kMaxValues, 'a');
  std::vector<uint32_t> ends;
  ValueModel model;
  for (uint32_t end = 1; end <= bytes.size(); ++end) {
    ends.push_back(end);
    model.push_back({OctetString{"a"}, ""});
  }
  for (const size_t count : {ends.size() / 2, ends.size()}) {
    ValueBuilder builder(1);
    builder.AddStrings(internal::ValueTag::kOctetString,
                       internal::StringRun{bytes.data(), 0, ends}.First(count));
    const ValueTree tree = builder.Finish();
    model.resize(count, {OctetString{"a"}, ""});
    ValueTreeChecker(tree).ExpectHolds(model);
    FreePages<ValueTreeTraits>(tree.root, tree.level);
  }
}

TEST(ValueBuilderTest, PagesOfAColumnHoldOneType) {
  ValueModel model;
  for (uint32_t column = 0; column < 100; ++column) {
    for (uint32_t row = 0; row < 300; ++row) {
      switch (column % 3) {
        case 0:
          model.push_back({Counter32{row}, ""});
          break;
        case 1:
          model.push_back({Counter64{row}, ""});
          break;
        default:
          model.push_back({OctetString{"eth" + std::to_string(row)}, ""});
      }
    }
  }
  const LoadedValues loaded(model);
  const ValueTreeChecker checker(loaded.tree());
  checker.ExpectHolds(model);
  EXPECT_EQ(checker.mixed_pages(), 0);
}

TEST(ValueBuilderTest, KeepsSmallColumnsTogether) {
  ValueModel model;
  for (uint32_t i = 0; i < 10000; ++i) {
    if (i / 20 % 2 == 0) {
      model.push_back({Counter32{i}, ""});
    } else {
      model.push_back({OctetString{"short"}, i % 7 == 0 ? "label" : ""});
    }
  }
  ExpectLoads(model);
}

TEST(ValueBuilderTest, KeepsLabels) {
  ValueModel model = Counters(1000);
  model[100].label = "hundred";
  model[999].label = "last";
  ExpectLoads(model);
}

TEST(ValueBuilderTest, CopiesTheBytesOfValuesAndLabels) {
  ValueBuilder builder(1);
  for (int i = 0; i < 1000; ++i) {
    std::string bytes = "text " + std::to_string(i);
    builder.Add({internal::ValueTag::kOctetString, 0, bytes}, bytes);
    bytes.assign(bytes.size(), 'x');
  }
  const ValueTree tree = builder.Finish();
  ValueCursor cursor(tree);
  cursor.Seek(0);
  EXPECT_EQ(cursor.value().bytes, "text 0");
  cursor.Seek(500);
  EXPECT_EQ(cursor.label(), "text 500");
  cursor.Seek(999);
  EXPECT_EQ(cursor.value().bytes, "text 999");
  FreePages<ValueTreeTraits>(tree.root, tree.level);
}

TEST(ValueBuilderTest, FreesAnUnfinishedTree) {
  const auto resource = std::make_shared<int>(0);
  {
    ValueBuilder builder(1);
    internal::ValuePacker packer;
    const ComputedValue computed([resource] { return Integer32{1}; });
    for (int i = 0; i < 50000; ++i) builder.Add(packer.Pack(computed), "");
    EXPECT_GT(resource.use_count(), 1);
  }
  EXPECT_EQ(resource.use_count(), 1);
}

TEST(ValueBuilderTest, KeepsSharedValuesWhenTheLastPagesArePackedAgain) {
  const auto resource = std::make_shared<int>(0);
  for (const int size : {1, 250, 300}) {
    ValueBuilder builder(1);
    {
      internal::ValuePacker packer;
      const ComputedValue computed([resource] { return Integer32{1}; });
      for (int i = 0; i < size; ++i) builder.Add(packer.Pack(computed), "");
    }
    const ValueTree tree = builder.Finish();
    const ValueTreeChecker checker(tree);
    EXPECT_GT(resource.use_count(), 1);
    FreePages<ValueTreeTraits>(tree.root, tree.level);
    EXPECT_EQ(resource.use_count(), 1);
  }
}

}  // namespace
}  // namespace passpersist::store_internal
