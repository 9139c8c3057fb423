// SPDX-License-Identifier: Apache-2.0

#include "passpersist/changes.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "passpersist/stored_value.h"
#include "passpersist/value.h"

namespace passpersist {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string StoredValueText(const StoredValue& stored) {
  if (const Value* const value = std::get_if<Value>(&stored)) {
    return ToString(*value);
  }
  return absl::StrCat("computed ",
                      ToString(std::get<ComputedValue>(stored)().value()));
}

// ".1 = Integer32 5" or ".1 erased" for each net change, followed by
// " # label" if the change has a label.
std::vector<std::string> Normalized(const Changes& changes) {
  std::vector<std::string> lines;
  for (const Changes::NetChange& change : changes.Normalized()) {
    lines.push_back(
        absl::StrCat(change.suffix->ToString(),
                     change.value == nullptr
                         ? " erased"
                         : absl::StrCat(" = ", StoredValueText(*change.value)),
                     change.label ? absl::StrCat(" # ", *change.label) : ""));
  }
  return lines;
}

TEST(ChangesTest, KeepTheirOrder) {
  Changes changes;
  EXPECT_TRUE(changes.empty());
  changes.Put({2}, Integer32{2}, "two");
  changes.Erase({1});
  changes.PutComputed({2}, [] { return Integer32{22}; });
  EXPECT_FALSE(changes.empty());

  const std::vector<Changes::Change>& list = changes.changes();
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list[0].suffix, Oid{2});
  EXPECT_EQ(StoredValueText(*list[0].value), "Integer32 2");
  EXPECT_EQ(list[0].label, "two");
  EXPECT_EQ(list[1].suffix, Oid{1});
  EXPECT_FALSE(list[1].value.has_value());
  EXPECT_EQ(StoredValueText(*list[2].value), "computed Integer32 22");

  changes.clear();
  EXPECT_TRUE(changes.empty());
}

TEST(ChangesTest, AppendAddsTheOthersAfterThePresentChanges) {
  Changes changes;
  changes.Put({1}, Integer32{1});
  changes.Put({2}, Integer32{2});
  Changes others;
  others.Put({1}, Integer32{11});
  changes.Append(std::move(others));
  EXPECT_THAT(Normalized(changes),
              ElementsAre(".1 = Integer32 11", ".2 = Integer32 2"));
}

TEST(ChangesTest, NormalizedIsEmptyWithoutChanges) {
  EXPECT_THAT(Normalized(Changes()), IsEmpty());
}

TEST(ChangesTest, NormalizedSortsByOid) {
  Changes changes;
  changes.Put({10}, Integer32{1});
  changes.Erase({2, 1});
  changes.Put({4294967295}, Integer32{2});
  changes.Put({2}, Integer32{3}, "label");
  changes.Erase({});
  EXPECT_THAT(Normalized(changes),
              ElementsAre(". erased", ".2 = Integer32 3 # label", ".2.1 erased",
                          ".10 = Integer32 1", ".4294967295 = Integer32 2"));
}

TEST(ChangesTest, NormalizedHasTheLastChangeOfAnOid) {
  Changes changes;
  changes.Put({1}, Integer32{1});
  changes.Put({2}, Integer32{2});
  changes.Put({1}, Integer32{11});
  changes.Erase({2});
  changes.Erase({3});
  changes.PutComputed(
      {3}, [] { return Integer32{3}; }, "three");
  EXPECT_THAT(Normalized(changes),
              ElementsAre(".1 = Integer32 11", ".2 erased",
                          ".3 = computed Integer32 3 # three"));
}

TEST(ChangesTest, NormalizedKeepsTheLastLabelOfAnOid) {
  Changes changes;
  changes.Put({1}, Integer32{1}, "first");
  changes.Put({1}, Integer32{2}, "second");
  changes.Put({1}, Integer32{3});
  EXPECT_THAT(Normalized(changes), ElementsAre(".1 = Integer32 3 # second"));
}

TEST(ChangesTest, NormalizedHasNoLabelOfAnErasedInstance) {
  Changes changes;
  changes.Put({1}, Integer32{1}, "label");
  changes.Erase({1});
  changes.Put({1}, Integer32{2});
  EXPECT_THAT(Normalized(changes), ElementsAre(".1 = Integer32 2 # "));
  changes.Put({1}, Integer32{3});
  EXPECT_THAT(Normalized(changes), ElementsAre(".1 = Integer32 3 # "));
  changes.Erase({1});
  EXPECT_THAT(Normalized(changes), ElementsAre(".1 erased"));
}

TEST(ChangesTest, NormalizedOfManyChangesEqualsTheirOrder) {
  constexpr uint32_t kOids = 10;
  Changes changes;
  for (uint32_t i = 0; i < 1000; ++i) {
    changes.Put({i * 7 % kOids}, Gauge32{i});
  }
  const std::vector<Changes::NetChange> normalized = changes.Normalized();
  ASSERT_EQ(normalized.size(), size_t{kOids});
  for (uint32_t i = 990; i < 1000; ++i) {
    EXPECT_EQ(std::get<Value>(*normalized[i * 7 % kOids].value),
              Value(Gauge32{i}));
  }
}

}  // namespace
}  // namespace passpersist
