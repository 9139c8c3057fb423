// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/check/absent_names.h"

#include <algorithm>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "tools/passpersist/check/sample.h"

namespace passpersist::tool {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsSupersetOf;
using testing::Not;

Names TwoNames() {
  Names names;
  names.base = {1, 3};
  names.instances = {{{1, 3, 1, 5}, {}}, {{1, 3, 1, 6}, {}}};
  names.walk = Names::Walk::kWhole;
  return names;
}

TEST(AbsentNamesTest, LieAroundInstances) {
  const std::vector<Oid> absent = AbsentNames(TwoNames());
  EXPECT_THAT(absent,
              IsSupersetOf({Oid{1, 3, 0}, Oid{1, 3, 4294967295}, Oid{1, 3, 1},
                            Oid{1, 3, 1, 4}, Oid{1, 3, 1, 5, 0},
                            Oid{1, 3, 1, 5, 4294967295}, Oid{1, 3, 1, 7}}));
  EXPECT_THAT(absent, Contains(testing::SizeIs(128)));
}

TEST(AbsentNamesTest, ContainNeitherInstancesNorTheBase) {
  const std::vector<Oid> absent = AbsentNames(TwoNames());
  EXPECT_THAT(absent, Not(Contains(Oid{1, 3, 1, 5})));
  EXPECT_THAT(absent, Not(Contains(Oid{1, 3, 1, 6})));
  EXPECT_THAT(absent, Not(Contains(Oid{1, 3})));
}

TEST(AbsentNamesTest, AreBeforeTheEndOfACutWalk) {
  Names names = TwoNames();
  names.walk = Names::Walk::kCut;
  for (const Oid& name : AbsentNames(names)) EXPECT_LT(name, Oid({1, 3, 1, 6}));
}

TEST(AbsentNamesTest, AreInTheOrderInWhichClientsRequestThem) {
  const std::vector<Oid> absent = AbsentNames(TwoNames());
  ASSERT_GE(absent.size(), 4u);
  EXPECT_EQ(absent[0], Oid({1, 3, 1}));     // the column
  EXPECT_EQ(absent[1], Oid({1, 3, 1, 4}));  // rows beside the present ones
  EXPECT_EQ(absent[2], Oid({1, 3, 1, 7}));
  EXPECT_EQ(absent[3], Oid({1, 3, 1, 4, 5}));  // a longer index
  EXPECT_EQ(absent.back().size(), 128u);
}

TEST(AbsentNamesTest, AreDifferent) {
  std::vector<Oid> absent = AbsentNames(TwoNames());
  std::sort(absent.begin(), absent.end());
  EXPECT_EQ(std::adjacent_find(absent.begin(), absent.end()), absent.end());
}

TEST(AbsentNamesTest, NamesAreReversedAsText) {
  EXPECT_TRUE(AreReversedAsText({1, 2}, {1, 10}));
  EXPECT_TRUE(AreReversedAsText({1, 2, 5}, {1, 10, 1}));
  EXPECT_FALSE(AreReversedAsText({1, 1}, {1, 10}));
  EXPECT_FALSE(AreReversedAsText({1, 2, 5}, {1, 3, 1}));
}

TEST(AbsentNamesTest, NeighboursOfANameAreFound) {
  const Names names = TwoNames();
  EXPECT_EQ(InstanceAfter(names, {1, 3, 1, 5})->oid, Oid({1, 3, 1, 6}));
  EXPECT_EQ(InstanceAfter(names, {1, 3, 1, 6}), names.instances.end());
  EXPECT_EQ(NameBefore(names, {1, 3, 1, 5, 0}), Oid({1, 3, 1, 5}));
  EXPECT_EQ(NameBefore(names, {1, 3, 1, 4}), Oid({1, 3}));
}

TEST(SampleTest, IsSpreadEvenlyFromTheFirstToTheLast) {
  EXPECT_THAT(Sample(3, 5), ElementsAre(0, 1, 2));
  EXPECT_THAT(Sample(101, 3), ElementsAre(0, 50, 100));
  EXPECT_THAT(Sample(0, 3), ElementsAre());
}

}  // namespace
}  // namespace passpersist::tool
