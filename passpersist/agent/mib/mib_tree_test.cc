// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/mib/mib_tree.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent/mib/set_epoch.h"
#include "passpersist/agent/mib/subtree.h"
#include "passpersist/agent/testing/make_mib_tree.h"
#include "passpersist/codec.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/setter.h"
#include "passpersist/testing/fake_setter.h"
#include "passpersist/testing/fake_store.h"

namespace passpersist::internal {
namespace {

using passpersist_testing::FakeSetter;
using passpersist_testing::FakeStore;
using testing::ElementsAre;

constexpr uint32_t kMaxArc = 4294967295;

MibTree ObjectsAt(const std::vector<Oid>& roots) {
  std::vector<std::pair<Oid, std::shared_ptr<OidStore>>> subtrees;
  for (const Oid& root : roots) {
    subtrees.emplace_back(root, std::make_shared<FakeStore>());
  }
  return MakeMibTree(std::move(subtrees));
}

TEST(MibTreeTest, LocatesTheSubtreeThatAnOidLiesIn) {
  const MibTree objects = ObjectsAt({{1, 3, 8}, {1, 3, 80}, {1, 5}});
  EXPECT_EQ(objects.Locate({1, 3, 8}), 0u);
  EXPECT_EQ(objects.Locate({1, 3, 8, 0}), 0u);
  EXPECT_EQ(objects.Locate({1, 3, 8, kMaxArc, kMaxArc}), 0u);
  EXPECT_EQ(objects.Locate({1, 3, 80}), 1u);
  EXPECT_EQ(objects.Locate({1, 3, 80, 8}), 1u);
  EXPECT_EQ(objects.Locate({1, 5, 7}), 2u);
}

TEST(MibTreeTest, LocatesTheNextSubtreeForAnOidInNone) {
  const MibTree objects = ObjectsAt({{1, 3, 8}, {1, 3, 80}, {1, 5}});
  EXPECT_EQ(objects.Locate({}), 0u);
  EXPECT_EQ(objects.Locate({1, 3}), 0u);
  EXPECT_EQ(objects.Locate({1, 3, 7, kMaxArc}), 0u);
  EXPECT_EQ(objects.Locate({1, 3, 9}), 1u);
  EXPECT_EQ(objects.Locate({1, 3, 79, kMaxArc}), 1u);
  EXPECT_EQ(objects.Locate({1, 3, 81}), 2u);
  EXPECT_EQ(objects.Locate({1, 4}), 2u);
  EXPECT_EQ(objects.Locate({1, 6}), 3u);
  EXPECT_EQ(objects.Locate({2}), 3u);
}

TEST(MibTreeTest, FindsOnlyTheSubtreeThatAnOidLiesIn) {
  const MibTree objects = ObjectsAt({{1, 3, 8}, {1, 3, 80}});
  EXPECT_EQ(objects.Find({1, 3, 8, 1}), objects.subtrees()[0].get());
  EXPECT_EQ(objects.Find({1, 3, 80}), objects.subtrees()[1].get());
  EXPECT_EQ(objects.Find({}), nullptr);
  EXPECT_EQ(objects.Find({1, 3}), nullptr);
  EXPECT_EQ(objects.Find({1, 3, 9}), nullptr);
  EXPECT_EQ(objects.Find({1, 3, 81}), nullptr);
}

TEST(MibTreeTest, ASubtreeMayHaveSeveralRegions) {
  MibTree::Subtrees subtrees;
  subtrees.push_back(std::make_unique<Subtree>(
      Oid{1, 3, 2, 2}, Oid{1, 3, 2},
      std::vector<Oid>{{1, 3, 2, 2}, {1, 3, 2, 1}, {1, 3, 2, 5}},
      std::make_shared<FakeStore>(), /*is_updated=*/true,
      absl::InfiniteDuration()));
  subtrees.push_back(std::make_unique<Subtree>(
      Oid{1, 3, 2, 4}, std::make_shared<FakeStore>(), /*is_updated=*/true));
  const MibTree objects(std::move(subtrees), {});
  ASSERT_EQ(objects.regions().size(), 4u);
  EXPECT_EQ(objects.Locate({1, 3, 2, 1, 0}), 0u);
  EXPECT_EQ(objects.Locate({1, 3, 2, 2, 1}), 1u);
  EXPECT_EQ(objects.Locate({1, 3, 2, 3}), 2u);
  EXPECT_EQ(objects.Locate({1, 3, 2, 5}), 3u);
  EXPECT_EQ(objects.Locate({1, 3, 2, 6}), 4u);
  EXPECT_EQ(objects.regions()[3].suffix, Oid({5}));
  EXPECT_EQ(objects.regions()[2].suffix, Oid());
  EXPECT_EQ(objects.Find({1, 3, 2, 5, 0}), objects.subtrees()[0].get());
  EXPECT_EQ(objects.Find({1, 3, 2, 4, 0}), objects.subtrees()[1].get());
  EXPECT_EQ(objects.Find({1, 3, 2, 3}), nullptr);
  EXPECT_THAT(objects.CodecRegions().roots,
              ElementsAre(Oid{1, 3, 2, 1}, Oid{1, 3, 2, 2}, Oid{1, 3, 2, 4},
                          Oid{1, 3, 2, 5}));
}

TEST(MibTreeTest, MayHaveNoSubtrees) {
  const MibTree objects = ObjectsAt({});
  EXPECT_EQ(objects.Locate({1, 3}), 0u);
  EXPECT_EQ(objects.Find({1, 3}), nullptr);
  EXPECT_EQ(objects.FindSetter({1, 3}), nullptr);
}

class SettersTest : public testing::Test {
 protected:
  // The root of the setter that is found for `oid`, or "none".
  std::string Found(const Oid& oid) const {
    const auto* const found = objects_.FindSetter(oid);
    if (found == nullptr) return "none";
    EXPECT_EQ(found->second.get(), roots_.at(found->first));
    return found->first.ToString();
  }

 private:
  MibTree::Setters MakeSetters() {
    MibTree::Setters setters;
    for (const Oid& root : {Oid{1, 3}, Oid{1, 3, 0, 4}, Oid{1, 3, 0, 4, 2},
                            Oid{1, 3, 9, kMaxArc}}) {
      auto setter = std::make_unique<FakeSetter>(&log_);
      roots_[root] = setter.get();
      setters[root] = std::move(setter);
    }
    return setters;
  }

  FakeSetter::Log log_;
  std::map<Oid, Setter*> roots_;

 protected:
  const MibTree objects_ =
      MakeMibTree({{Oid{1, 3}, std::make_shared<FakeStore>()},
                   {Oid{1, 5}, std::make_shared<FakeStore>()}},
                  MakeSetters());
};

TEST_F(SettersTest, FindsTheLongestRootByArcsNotByText) {
  EXPECT_EQ(Found({1, 3, 0, 4}), ".1.3.0.4");
  EXPECT_EQ(Found({1, 3, 0, 4, 1}), ".1.3.0.4");
  EXPECT_EQ(Found({1, 3, 0, 4, 2}), ".1.3.0.4.2");
  EXPECT_EQ(Found({1, 3, 0, 4, 2, 0}), ".1.3.0.4.2");
  EXPECT_EQ(Found({1, 3, 0, 4, 20}), ".1.3.0.4");
  EXPECT_EQ(Found({1, 3, 0, 40}), ".1.3");
  EXPECT_EQ(Found({1, 3, 9, kMaxArc, 1}), ".1.3.9.4294967295");
  EXPECT_EQ(Found({1, 3, 10}), ".1.3");
  EXPECT_EQ(Found({1, 3}), ".1.3");
}

TEST_F(SettersTest, FindsNoneOutsideOfTheirRoots) {
  EXPECT_EQ(Found({1, 5, 1}), "none");
  EXPECT_EQ(Found({1}), "none");
  EXPECT_EQ(Found({}), "none");
}

TEST_F(SettersTest, ListsTheRootsOfSubtreesAndSettersAsRegions) {
  const Regions regions = objects_.CodecRegions();
  EXPECT_THAT(regions.roots, ElementsAre(Oid{1, 3}, Oid{1, 5}));
  EXPECT_THAT(regions.writable,
              ElementsAre(Oid{1, 3}, Oid{1, 3, 0, 4}, Oid{1, 3, 0, 4, 2},
                          Oid{1, 3, 9, kMaxArc}));
}

TEST(MibTreeTest, NothingCanBeSetWhereTheSetterIsNull) {
  FakeSetter::Log log;
  MibTree::Setters setters;
  setters[Oid{1, 3}] = std::make_unique<FakeSetter>(&log);
  setters[Oid{1, 3, 4}] = nullptr;
  const MibTree objects = MakeMibTree(
      {{Oid{1, 3}, std::make_shared<FakeStore>()}}, std::move(setters));
  EXPECT_NE(objects.FindSetter({1, 3, 5}), nullptr);
  EXPECT_EQ(objects.FindSetter({1, 3, 4, 0}), nullptr);
  EXPECT_THAT(objects.CodecRegions().writable, ElementsAre(Oid{1, 3}));
}

TEST(SetEpochTest, KnowsWhetherASetWasPublishedMeanwhile) {
  SetEpoch epoch;
  const uint64_t before = epoch.Now();
  EXPECT_TRUE(epoch.IsStill(before));
  uint64_t during;
  {
    const SetEpoch::Publishing publishing(epoch);
    during = epoch.Now();
    EXPECT_FALSE(epoch.IsStill(before));
    EXPECT_FALSE(epoch.IsStill(during));
  }
  EXPECT_FALSE(epoch.IsStill(before));
  EXPECT_FALSE(epoch.IsStill(during));
  EXPECT_TRUE(epoch.IsStill(epoch.Now()));
}

}  // namespace
}  // namespace passpersist::internal
